"""How dates and times are written on pages, by language; everything else is Django's."""
