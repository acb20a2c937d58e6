"""Sign-in providers: a company's people sign in by the company's own sign-in (contract/sign-in.md)."""
