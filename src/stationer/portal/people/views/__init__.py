"""Pages of people, groups and lists of addresses, and of the PEN itself."""
