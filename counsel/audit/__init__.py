"""What staff did, in a trail nobody rewrites unseen: rows, the chain over them, and its checkpoints."""
