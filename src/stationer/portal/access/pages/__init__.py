"""Pages about who may do what, and how one shows who one is."""
