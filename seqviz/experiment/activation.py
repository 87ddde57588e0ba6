"""The activations that a network may have, without torch."""

from collections.abc import Mapping

ACTIVATIONS: Mapping[str, str] = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "sigmoid"}
