"""The pages of publishing: the button, the versions, how far a draft reaches, and trying a mail."""
