"""Keys nobody can forge: what is issued, the log of it, and the ceremony it begins with."""
