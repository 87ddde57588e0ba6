"""The page "Your weights": a network made of somebody's own weights."""
