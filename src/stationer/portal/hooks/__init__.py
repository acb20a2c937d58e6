"""Webhooks: what a PEN’s own programs are told, signed, and again until they have it."""
