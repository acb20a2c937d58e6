"""What recipients may ask: what is known of them, to be followed no more, to be forgotten; and masking by age."""
