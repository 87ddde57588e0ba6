"""A training loop of your own, watched: hooks on the model and its optimizers, and the numbers that they bring."""
