"""What the page "An image in words" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.scenes import COLOURS, COUNTS, OPPOSITES, SHAPES, SIZES
from seqviz.subjects.caption import Picture
from seqviz.ui.runs.networks import run_control
from seqviz.ui.shell.links import Control, choice_control, controls_of, integer_control
from seqviz.ui.shell.prediction import guess_control

NAME = "captions"
SAMPLES = 12  # held-out scenes offered; your own is one more choice
PICTURES = 200  # of the pointing game
PARTS = ("count", "size", "colour", "shape")
SCENE = ("scene", "relation", "arrangement", *(f"{which}.{part}" for which in ("one", "two") for part in PARTS))

NETWORKS: Mapping[str, str] = {
    "captions": "LSTM, one look at a time",
    "captions-transformer": "Transformer, several heads at once",
}
RELATIONS: Mapping[str, str] = {
    "none": "nothing else",
    **{one: f"{one} of" if one in ("left", "right") else one for one in OPPOSITES},
}
GUESSES: Mapping[str, str] = {
    "none": "no guess",
    "first": "at the group named already",
    "second": "at the other one",
    "both": "at both",
    "neither": "between them",
}

_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "count": {str(number): word for word, number in COUNTS.items()},
    "size": dict(zip(SIZES, SIZES, strict=True)),
    "colour": dict(zip(COLOURS, COLOURS, strict=True)),
    "shape": dict(zip(SHAPES, SHAPES, strict=True)),
}
_FIRST: Mapping[str, str] = {
    "one.count": "1", "one.size": "large", "one.colour": "orange", "one.shape": "circle",
    "two.count": "2", "two.size": "small", "two.colour": "blue", "two.shape": "square",
}  # fmt: skip


def _group(which: str) -> dict[str, Control]:
    return {
        f"{which}.{part}": choice_control({"count": "how many"}.get(part, part), _OPTIONS[part], _FIRST[f"{which}.{part}"])
        for part in PARTS
    }


CONTROLS: Mapping[str, Control] = {
    "network": choice_control("network", NETWORKS, "captions"),
    "run": run_control(),
    "head": integer_control("head shown", 0, 16, 0, note="of a Transformer; 0 is the mean of all"),
    "scene": choice_control(
        "scene", {**{f"s{i + 1}": f"scene {i + 1}" for i in range(SAMPLES)}, "own": "my own"}, "s1",
        "none of those to choose from was learned from",
    ),
    **_group("one"),
    "relation": choice_control("stands", RELATIONS, "above"),
    **_group("two"),
    **controls_of(Picture, only=("arrangement", "erased", "given"), spans={"arrangement": (0, 999)}),
    "erased": Control(rule=replace(Picture.rules()["erased"], title="erase from the picture"), default="", pills=True),
    "guess": guess_control(GUESSES, "Your guess", shown=True),
}  # fmt: skip
