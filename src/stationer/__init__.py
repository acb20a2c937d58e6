"""Stationer: the letterhead and the seal for a company's e-mail. Rooms and borders: ARCHITECTURE.md."""
