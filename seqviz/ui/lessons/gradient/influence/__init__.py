"""The page on how the past acts on the future."""
