"""One `stationer` command over all rooms; each subcommand imports its room only when it is called."""
