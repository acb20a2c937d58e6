"""Files and journals that are there after a power cut. Nothing here knows what is in them."""
