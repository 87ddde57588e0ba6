"""What the page "Cost" can be set to."""

from collections.abc import Mapping

from seqviz.experiment.cost import PUBLISHED
from seqviz.figures.cost import DAYS, OPERATIONS
from seqviz.ui.shell.links import Control, choice_control
from seqviz.ui.shell.prediction import guess_control

NAME = "cost"

COUNTS: Mapping[str, str] = {DAYS: "time of one device", OPERATIONS: "operations, estimated"}
MODELS: Mapping[str, str] = {name: one.title for name, one in PUBLISHED.items()}

GUESSES: Mapping[str, str] = {
    "none": "…",
    "years": "two years",
    "year": "one year",
    "half": "half a year",
    "month": "about a month",
}
MONTHS: Mapping[str, tuple[float, float]] = {"years": (18, 36), "year": (9, 18), "half": (3, 9), "month": (0, 3)}

CONTROLS: Mapping[str, Control] = {
    "count": choice_control("count", COUNTS, DAYS),
    "against": choice_control("compare with", MODELS, "gpt2"),
    "guess": guess_control(GUESSES),
}
