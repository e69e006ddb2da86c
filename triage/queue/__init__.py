"""Who is next: the order of those who wait, who may take them, and what they are told meanwhile."""
