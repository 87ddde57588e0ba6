"""The parts of the page "Vanishing and exploding gradients"."""
