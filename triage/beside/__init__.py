"""A supervisor beside a counsellor: who asks, who is asked, and what either is shown."""
