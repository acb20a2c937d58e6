"""Tables of `visits`."""
