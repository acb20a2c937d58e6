"""Telling people who came: rules of a PEN, what each person wants, and the mails that say so."""
