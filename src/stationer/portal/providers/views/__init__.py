"""Pages of sign-in providers."""
