"""Referrals to desks: sealed letters between a phone and a back office. Nothing in here knows a talk.

No module of this folder may import what a talk is, and no row refers to one: whoever holds the whole
database must not be able to say which talk a referral came from (counsel/docs/protocol-referral.md).
"""
