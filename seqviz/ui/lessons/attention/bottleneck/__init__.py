"""The page on what one vector cannot hold, and on what helps."""
