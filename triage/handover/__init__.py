"""A talk goes to the next person while both are there: who asks whom, and what either is shown."""
