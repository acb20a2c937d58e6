"""For programs in a hurry: pick and blocks over HTTP, from files alone. No Django, no database."""
