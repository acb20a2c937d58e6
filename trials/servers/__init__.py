"""The trials' servers: on loopback, on ports the system chose, in folders of their own, stopped by id."""
