"""The page on what distance does to a gradient, to time, and to a network that knows no positions."""
