"""The page that holds translators of one task against each other: without attention, with it, and a Transformer."""
