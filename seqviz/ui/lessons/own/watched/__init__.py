"""The page "Watched": a training loop of your own."""
