"""What the page "The cliff" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.experiment.fields import Rule
from seqviz.subjects.cliff import UNITS, WINDOWS, UnitDescent
from seqviz.ui.shell.links import Control, choice_control, controls_of
from seqviz.ui.shell.prediction import guess_control

NAME = "cliff"
STARTS: Mapping[str, tuple[float, float]] = {"rnn": (5.0, -2.5), "lstm": (2.0, -0.15)}
RATES = (*(digit * 10.0**power for power in range(-4, 6) for digit in (1, 2, 5)), 1e6)
THRESHOLDS = (0.0, *(digit * 10.0**power for power in range(-2, 4) for digit in (1, 2, 5)), 1e4)
GUESSES: Mapping[str, str] = {"none": "…", "near": "less than 0.1", "far": "about 1", "away": "more than 10"}


def _start(unit: str, axis: int) -> Control:
    low, high = WINDOWS[unit][axis]
    rule = Rule(kind="real", title=f"start {'wb'[axis]}", low=low, high=high, note="or click the map")
    return Control(rule=rule, default=STARTS[unit][axis])


def _stopped(name: str, stops: tuple[float, ...]) -> Control:
    return replace(controls_of(UnitDescent, only=(name,))[name], stops=stops)


CONTROLS: Mapping[str, Control] = {
    "unit": choice_control("the unit", UNITS, "rnn"),
    **{f"{unit}.{'wb'[axis]}": _start(unit, axis) for unit in UNITS for axis in (0, 1)},
    "rate": _stopped("rate", RATES),
    "threshold": _stopped("threshold", THRESHOLDS),
    **controls_of(UnitDescent, only=("steps", "forget_bias"), steps={"forget_bias": 0.25}),
    "guess": guess_control(GUESSES, "the step goes"),
}
