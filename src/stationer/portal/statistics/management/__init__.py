"""Commands of the app `statistics`."""
