"""Who did what: rows that are added and never changed, one for every change in a PEN."""
