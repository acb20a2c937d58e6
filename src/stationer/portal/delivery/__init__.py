"""Mail that the server itself sends: one door, a durable queue, one way out."""
