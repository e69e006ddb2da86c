"""Looking in on somebody after a hard talk: whose turn, and when. The phone reminds; nothing calls it."""
