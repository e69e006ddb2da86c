"""A raised hand, and the sealed room two of the staff then have beside the talk. No seeker is in it."""
