"""The page "One token's way"."""
