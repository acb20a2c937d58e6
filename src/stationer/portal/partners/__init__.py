"""Partners at work: who they are, what they hand down, what they see (counted numbers alone), what they sell."""
