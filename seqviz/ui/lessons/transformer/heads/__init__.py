"""The page on which every head of a Transformer is looked at."""
