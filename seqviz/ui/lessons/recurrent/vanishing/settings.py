"""What the page "Vanishing and exploding gradients" can be set to."""

from collections.abc import Mapping

from seqviz.experiment import CELLS
from seqviz.subjects.recurrent import UntrainedNetwork
from seqviz.ui.lessons.recurrent.vanishing.chains import CONTROLS as CHAIN
from seqviz.ui.shell.links import (
    Control,
    choice_control,
    controls_of,
    flag_control,
    integer_control,
    several_control,
    view_control,
)
from seqviz.ui.shell.prediction import guess_control

NAME = "vanishing"

SETTINGS = ("length", "activation", "initialisation", "scale", "forget_bias", "hidden_size", "layers", "loss", "seed")

VIEW_TITLES: Mapping[str, str] = {
    "flow": "by time step",
    "bound": "against the bound",
    "map": "every loss × every state",
    "step": "one step",
    "values": "singular values",
    "weights": "∂J/∂W by step",
    "chain": "a chain by hand",
}

GUESSES: Mapping[str, str] = {"none": "…", "shrinks": "it shrinks", "keeps": "it keeps its size", "grows": "it grows"}

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES, "show the gradient"),
    "cells": several_control("networks", CELLS, ("rnn", "lstm", "gru")),
    "cell": choice_control("network", CELLS, "rnn"),
    **controls_of(
        UntrainedNetwork,
        only=("length", "activation", "initialisation", "scale", "forget_bias", "hidden_size", "layers", "loss", "seed"),
        spans={"length": (1, 200), "hidden_size": (1, 64), "scale": (0.0, 4.0), "seed": (0, 9999)},
        defaults={"hidden_size": 32},
        steps={"scale": 0.05},
    ),
    "direct": flag_control("also what other tools plot", True),
    "guess": guess_control(GUESSES),
    "row": integer_control("loss at time i", 0, 999, 49),
    "column": integer_control("state at time t", 0, 999, 0),
    "at": integer_control("step into t", 0, 999, 1),
    "cut": integer_control("cut the gradient every so many steps", 0, 199, 0, "as truncated backpropagation does; 0: never"),
    **CHAIN,
}  # fmt: skip
