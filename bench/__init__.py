"""What is fast, told as ratios in one run: `python -m bench [MODULE…]`."""
