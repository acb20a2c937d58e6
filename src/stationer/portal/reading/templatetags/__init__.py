"""Tags of the letter's pages."""
