"""The page on one training step in slow motion."""
