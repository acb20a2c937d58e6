"""The demo: an embedded mail server, a believable company, and one run of the whole product with both."""
