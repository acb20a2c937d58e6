"""Raw rows become figures: exactly once, whatever arrives late or is judged anew (contract/figures.md §4)."""
