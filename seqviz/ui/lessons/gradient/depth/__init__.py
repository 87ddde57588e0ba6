"""The page on depth: feed-forward networks, and how much of the gradient each of their layers gets."""
