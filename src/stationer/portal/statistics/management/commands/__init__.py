"""`stationer admin …` of the app `statistics`."""
