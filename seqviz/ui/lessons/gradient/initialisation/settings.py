"""What the page "Initialisation" can be set to, and the race that its link names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from seqviz.experiment import Experiment
from seqviz.experiment.baseline import baseline_loss, guessed_share
from seqviz.experiment.fields import Rule
from seqviz.figures.race import Course
from seqviz.recipes.initialisation import ARMS, BIASES, CHRONO, LENGTH, ORDER_LENGTH, STUDIED, race
from seqviz.records.learning import GOALS
from seqviz.subjects.forget_bias import HIGHEST, LOWEST, STEP, ForgetBiases
from seqviz.ui.runs.moment import moment_control
from seqviz.ui.shell.links import (
    Control,
    choice_control,
    controls_of,
    flag_control,
    integer_control,
    seed_control,
    several_control,
    steps_control,
    text_control,
    view_control,
)
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import guess_control

NAME = "initialisation"
REACH = "reach."  # what the names of the gradient's settings begin with

VIEW_TITLES: Mapping[str, str] = {
    "race": "the race",
    "reach": "forget-gate bias: the gradient",
    "order": "forget-gate bias: learning",
}
TITLES: Mapping[str, str] = {name: arm.title for name, arm in ARMS.items()}
GUESSES: Mapping[str, str] = {"none": "…", **{str(bias): f"bias {bias}" for bias in (1, 3, 5)}}
LONGEST_REACH = 200

_NAMES = "|".join(ARMS)


def _real(title: str, default: float) -> Control:
    return Control(rule=Rule(kind="real", title=title, low=LOWEST, high=HIGHEST), default=default, step=STEP)


CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES),
    "studied": replace(
        choice_control("length of the sequences", {str(length): f"T = {length}" for length in STUDIED}, str(LENGTH)), shown=True
    ),
    "arms": several_control("who races", TITLES, tuple(TITLES)),
    "length": integer_control("sequence length T", 10, 400, LENGTH),
    "steps": steps_control(50, 20_000, 1000),
    "seed": seed_control(note="draws the weights and, step by step, the data"),
    "raced": text_control(
        "race", rf"|\d{{1,3}}\.\d{{1,5}}\.\d{{1,4}}\.({_NAMES})(,({_NAMES})){{0,{len(ARMS) - 1}}}", "",
        "length.steps.seed.who, with commas between; empty is none",
        form=f"length.steps.seed.who ({LENGTH}.1000.0.lstm,gru; who may be {', '.join(ARMS)})",
    ),
    "at": moment_control(20_000),
    **controls_of(
        ForgetBiases, only=("length", "hidden_size", "seed"), prefix=REACH, spans={"length": (2, LONGEST_REACH)}
    ),
    f"{REACH}gates_alone": flag_control("gates set by their biases only", False, note=ForgetBiases.rules()["gates_alone"].note),
    "bias": _real("forget-gate bias", 1.0),
    "distance": integer_control("distance T", 1, LONGEST_REACH, 60),
    "guess": guess_control(GUESSES, "half is kept with"),
}  # fmt: skip

ANSWERING_1, GUESSED = baseline_loss("adding"), guessed_share("temporal_order")


def _fraction(value: float) -> Fraction:
    """Return ``value`` as a simple fraction: 1/6."""
    return Fraction(value).limit_denominator(100)


RACE = Course(
    titles=TITLES,
    roles={**{way: f"{way} start" for way in ("default", "small", "orthogonal", "identity")}, "lstm": "lstm", "gru": "gru"},
    goal=GOALS["adding"], column="loss", axis="squared error",
    baseline=(f"always answering 1: {_fraction(ANSWERING_1)}", ANSWERING_1),
    dashes={"small": "dot", "orthogonal": "dash"},  # where none learns, all three are one line
)  # fmt: skip
ORDER = Course(
    titles={**{name: f"bias {bias:g}" for name, bias in BIASES.items()}, CHRONO: f"chrono({ORDER_LENGTH})"},
    roles={**{name: f"bias {name}" for name in BIASES}, CHRONO: "chrono bias"},
    goal=GOALS["temporal_order"], column="metric", axis="accuracy", baseline=(f"guessing: {_fraction(GUESSED)}", GUESSED),
    logged=False, banded=False,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Race:
    """A race that was started: its networks, sequence length, training steps and seed."""

    length: int
    steps: int
    seed: int
    arms: tuple[str, ...]

    @property
    def written(self) -> str:
        """The race as the link has it."""
        return f"{self.length}.{self.steps}.{self.seed}.{','.join(self.arms)}"

    @property
    def experiments(self) -> dict[str, Experiment]:
        """The experiment of each arm."""
        return {arm: race(arm, length=self.length, steps=self.steps, seed=self.seed) for arm in self.arms}


def asked_for(page: Page) -> Race:
    """Return the race that the page's settings ask for."""
    return Race(length=page["length"], steps=page["steps"], seed=page["seed"], arms=page["arms"])


def raced(page: Page) -> Race | None:
    """Return the race that the link names, if any.

    Raises:
        ConfigError: it is longer, or has more steps, than may be raced here.
    """
    if not page["raced"]:
        return None
    length, steps, seed, arms = page["raced"].split(".")
    numbers = {"length": int(length), "steps": int(steps), "seed": int(seed)}
    for name, value in numbers.items():
        CONTROLS[name].rule.check(name, value)
    return Race(**numbers, arms=tuple(dict.fromkeys(arms.split(","))))
