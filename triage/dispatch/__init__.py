"""Help that is sent to somebody who wants it: the server keeps that it was, and when; never where."""
