"""Templates, campaigns, messages, and the pictures in them."""
