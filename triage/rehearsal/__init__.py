"""The acted talks before a first evening: what is played, and what the rows say of it afterwards."""
