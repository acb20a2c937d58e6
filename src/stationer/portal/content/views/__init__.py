"""Pages of templates, campaigns, messages, and the previews of what they look like in a mail."""
