"""The page on which pictures are put into words."""
