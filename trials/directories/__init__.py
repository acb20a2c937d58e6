"""Directories on real servers."""
