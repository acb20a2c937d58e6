"""What is thought of whoever sends: looked at every hour, remembered, told, and what a domain needs to begin with."""
