"""The user's side: looks into the Outbox, plans, acts.

What is decided is decided in `outbox`; here it is done.
"""
