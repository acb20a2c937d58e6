"""What operators see: events without secrets, metrics in Prometheus text, whether a program is ready."""
