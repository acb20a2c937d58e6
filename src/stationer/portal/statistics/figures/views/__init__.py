"""Pages of figures: of the PEN, a campaign, a message, a member, a domain, a list; their files; how long they stay."""
