"""Placeholder while the other rooms arrive."""
