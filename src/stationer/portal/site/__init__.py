"""Settings, addresses, middleware, start: the only wiring."""
