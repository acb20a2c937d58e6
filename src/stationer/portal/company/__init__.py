"""The company as a file: written out, sent in, looked at, put in place, taken back (contract/company.md)."""
