"""Numbers, comparisons and tokens as text for a reader."""
