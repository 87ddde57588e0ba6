"""What the page "Depth" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.recipes.depth import DEPTHS
from seqviz.studies import SEEDS
from seqviz.subjects.layers import UntrainedFeedforward
from seqviz.ui.shell.links import (
    Control,
    choice_control,
    controls_of,
    integer_control,
    seed_control,
    several_control,
    view_control,
)
from seqviz.ui.shell.prediction import guess_control

NAME = "depth"

VIEW_TITLES: Mapping[str, str] = {
    "initial": "before training",
    "trained": "as they train",
    "activations": "sigmoid, tanh, ReLU",
}
GUESSES: Mapping[str, str] = {
    "none": "…",
    "few": "up to 5",
    "some": "6 to 15",
    "many": "16 to 50",
    "never": "more",
}
REACHES: Mapping[str, tuple[int, int]] = {"few": (1, 5), "some": (6, 15), "many": (16, 50), "never": (51, 10_000)}
MILLIONTH = 1e-6

NETWORK = ("depth", "hidden_size", "activation", "initialisation", "scale", "normalisation", "gate_bias", "seed")

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES, "show the gradient"),
    "kinds": several_control("networks", {kind: kind for kind in CONNECTIONS}, tuple(CONNECTIONS)),
    "hidden_layers": replace(choice_control("hidden layers", {str(depth): str(depth) for depth in DEPTHS}, "6"), shown=True),
    "layer": integer_control("layer", 1, 10, 1, "1 reads the input"),
    "own": seed_control("seed of your own networks", first=len(SEEDS)),
    **controls_of(
        UntrainedFeedforward,
        only=NETWORK,
        spans={"hidden_size": (1, 64), "scale": (0.0, 4.0), "gate_bias": (-8.0, 4.0), "seed": (0, 9999)},
        steps={"scale": 0.05, "gate_bias": 0.5},
    ),
    "guess": guess_control(GUESSES),
}
