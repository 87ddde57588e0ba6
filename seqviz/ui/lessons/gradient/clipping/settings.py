"""What the page "Clipping" can be set to, and the experiments that its settings ask for."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.experiment import CLIPS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.clipping import SHORT, SWEEP_LENGTHS, VALUE_LIMIT, Explosion, race, temporal_order
from seqviz.studies import SEEDS
from seqviz.ui.shell.links import (
    Control,
    choice_control,
    controls_of,
    integer_control,
    seed_control,
    several_control,
    steps_control,
    view_control,
)
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.prediction import guess_control

NAME = "clipping"

VIEW_TITLES: Mapping[str, str] = {
    "live": "norms and angle",
    "optimizers": "optimizers",
    "diverged": "back from infinity",
    "sweep": "temporal order",
}
GUESSES: Mapping[str, str] = {
    "none": "…",
    "same": "it learns just as well",
    "worse": "it learns, but worse",
    "ends": "its numbers end at infinity",
}
FACTORS: Mapping[str, str] = {"0.1": "a tenth", "1": "their own", "10": "ten times"}
SWEEPS: Mapping[str, str] = {"shipped": "comes with seqviz", "running": "being trained here", "here": "trained here"}
SEVERAL_LENGTHS: Mapping[str, str] = {str(length): str(length) for length in SWEEP_LENGTHS}


def _positive(title: str, default: float) -> Control:
    return Control(rule=replace(TrainingConfig.rules()["threshold"], title=title, applies=None), default=default)


CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES),
    "threshold": _positive("threshold θ of the norm", 1.0),
    "limit": _positive("limit c of each number", VALUE_LIMIT),
    "scale": Control(
        rule=replace(
            RecurrentConfig.rules()["scale"], low=0.5, high=2.0, applies=None,
            note="every singular value of the recurrent matrix, as it begins",
        ),
        default=SHORT.scale, step=0.05,
    ),
    "length": integer_control("sequence length T", 10, 200, SHORT.length),
    **controls_of(TrainingConfig, only=("learning_rate",), defaults={"learning_rate": SHORT.learning_rate}),
    "steps": steps_control(20, 3000, SHORT.steps),
    "seed": seed_control(),
    "clip": choice_control("clip gradients", CLIPS, "norm"),
    "factor": choice_control("learning rates", FACTORS, "1"),
    "sweep": choice_control("runs shown", SWEEPS, "shipped"),
    "lengths": several_control("lengths T", SEVERAL_LENGTHS, tuple(SEVERAL_LENGTHS)),
    "seeds": integer_control("networks of each kind", 1, 10, len(SEEDS)),
    "first": seed_control("from seed", f"the runs that come with seqviz have seeds {SEEDS[0]} to {SEEDS[-1]}"),
    "guess": guess_control(GUESSES),
}  # fmt: skip


def explosion(page: Page) -> Explosion:
    """Return the network that the page is set to."""
    names = ("length", "scale", "learning_rate", "steps", "seed")
    return Explosion(**{name: page[name] for name in names})


def side_by_side(page: Page) -> dict[str, Experiment]:
    """Return the same network clipped by norm and by value."""
    made = explosion(page)
    return {"norm": made.trained("norm", page["threshold"]), "value": made.trained("value", page["limit"])}


def raced(page: Page) -> dict[str, Experiment]:
    """Return an experiment for each optimizer."""
    threshold = page["limit"] if page["clip"] == "value" else page["threshold"]
    return race(page["clip"], threshold, float(page["factor"]), page["seed"])


def swept(page: Page) -> dict[tuple[str, int, int], Experiment]:
    """Return every run of the sweep by clipping, length and seed; the shortest come first, since they end first."""
    seeds = range(page["first"], page["first"] + page["seeds"])
    lengths = [int(each) for each in page["lengths"]]
    return {
        (clip, length, seed): temporal_order(length, clip, seed)
        for length in lengths
        for seed in seeds
        for clip in ("off", "norm")
    }
