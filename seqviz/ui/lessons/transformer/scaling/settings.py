"""What the page "Why scale" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.subjects.scaling import WIDTHS, RandomAttention, TrainedAttention
from seqviz.ui.shell.links import Control, choice_control, controls_of
from seqviz.ui.shell.prediction import guess_control

NAME = "scaling"

SOURCES: Mapping[str, str] = {"random": "random", "trained": "trained"}
CONTROLLED: Mapping[str, Mapping[str, int]] = {
    "random": {"width": 2, "keys": 2, "seed": 1},
    "trained": {"words": 2},
}  # which controls say what the queries and keys are, and how wide each is drawn
SOFTMAX: Mapping[str, str] = {"largest": "largest weight", "entropy": "entropy"}
GRADIENTS: Mapping[str, str] = {"softmax": "of the softmax", "query": "that reaches the query"}

ASKED = (4, 256)  # widths that the question is about
FEW = 4  # keys that it is about
GUESSES: Mapping[str, str] = {
    "none": "…",
    "most": "more than half",
    "tenth": "about a tenth",
    "hundredth": "about a hundredth",
    "less": "less than a thousandth",
}
SHARES: Mapping[str, tuple[float, float]] = {
    "most": (0.5, float("inf")), "tenth": (0.03, 0.5), "hundredth": (0.001, 0.03), "less": (0.0, 0.001),
}  # fmt: skip

CONTROLS: Mapping[str, Control] = {
    "source": choice_control("queries and keys", SOURCES, "random"),
    **controls_of(RandomAttention),
    **controls_of(TrainedAttention, only=("words",)),
    "softmax": choice_control("the weights", SOFTMAX, "largest"),
    "gradient": choice_control("the gradient", GRADIENTS, "softmax"),
    "guess": guess_control(GUESSES),
}
CONTROLS = {
    **CONTROLS,
    "width": replace(CONTROLS["width"], stops=WIDTHS, limited=False),  # no network is built of it
    "seed": replace(CONTROLS["seed"], typed=True),
}
