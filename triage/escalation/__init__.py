"""What happens when a life may be in danger: who is called, whose turn it is, and how it ends."""
