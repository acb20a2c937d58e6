"""PENs, partners, members, packages, groups; and the wall between one PEN and the next."""
