"""Help outside: who helps where, kept as Open Referral HSDS 3 and shipped whole to every phone."""
