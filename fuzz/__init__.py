"""What is hostile: mutated mails against the laws, for as long as one likes. `python -m fuzz SECONDS [SEED]`."""
