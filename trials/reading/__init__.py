"""Secure messages as their readers meet them."""
