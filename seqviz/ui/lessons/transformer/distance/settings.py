"""What the page "No chain of steps" can be set to."""

import math
from collections.abc import Mapping
from dataclasses import replace

from seqviz.figures.race import Course
from seqviz.recipes.transformer_studies import COPIERS, DELAY, STEPS
from seqviz.records.learning import GOALS
from seqviz.subjects.distance import FAMILIES, LENGTHS, DistantLoss
from seqviz.ui.shell.links import (
    Control,
    choice_control,
    controls_of,
    integer_control,
    several_control,
    steps_control,
    view_control,
)
from seqviz.ui.shell.prediction import guess_control

NAME = "distance"

VIEW_TITLES: Mapping[str, str] = {"gradient": "the gradient", "time": "the time", "positions": "order, without positions"}
LONGEST: Mapping[str, int] = {"reading": LENGTHS[-1], "writing": LENGTHS[-2]}  # that is timed: seconds, not minutes
GUESSES: Mapping[str, str] = {
    "none": "…",
    "same": "as large",
    "half": "about half",
    "tenth": "less than a tenth",
    "nothing": "less than a millionth",
}
COPYING: Mapping[str, str] = {arm: one.network for arm, one in COPIERS.items()}

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES, "distance and …"),
    "family": choice_control("networks", FAMILIES, "reading"),
    **controls_of(
        DistantLoss,
        only=("length", "layers", "width", "heads", "seed"),
        spans={"width": (8, 64), "heads": (1, 8), "seed": (0, 9999)},
    ),
    "furthest": replace(
        integer_control("longest sequence timed", LENGTHS[3], LENGTHS[-1], LENGTHS[5]), stops=tuple(map(float, LENGTHS[3:]))
    ),
    "again": integer_control("measurement", 0, 999, 0),
    "arms": several_control("who races", {arm: one.title for arm, one in COPIERS.items()}, ("sinusoidal", "none")),
    "delay": integer_control("delay T", 5, 100, DELAY),
    "steps": steps_control(50, 5_000, STEPS),
    "guess": guess_control(GUESSES),
}  # fmt: skip
_FIELDS = {
    "heads": replace(CONTROLS["heads"], stops=(1.0, 2.0, 4.0, 8.0)),
    "width": replace(CONTROLS["width"], step=8),
    "seed": replace(CONTROLS["seed"], typed=True),
}
CONTROLS = {**CONTROLS, **_FIELDS}


def copying_course(delay: int) -> Course:
    """Return what is raced for where ten symbols are given back after ``delay`` steps."""
    return Course(
        titles=COPYING,
        roles={
            "sinusoidal": "sinusoidal positions", "learned": "learned positions", "none": "no positions",
            "lstm": "lstm", "gru": "gru",
        },
        goal=GOALS["copying"], column="loss", axis="cross-entropy (nats a step)",
        baseline=("guessing the ten: 10 ln 8 / (T + 20)", 10 * math.log(8) / (delay + 20)),
        banded=False, lasting=True,
    )  # fmt: skip
