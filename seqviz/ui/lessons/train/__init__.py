"""The page on which networks are trained."""
