"""What a search for units looks through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import choice, integer
from seqviz.experiment.model import MODELS
from seqviz.subjects.run import AtStep

UNSEEN = "unseen.txt"  # beside the shipped runs: Python source that no model has learned from

ARRAYS: Mapping[str, str] = {
    "cell": "cell state",
    "hidden": "hidden state",
    "input": "input gate",
    "forget": "forget gate",
    "candidate": "candidate",
    "output": "output gate",
    "reset": "reset gate",
    "update": "update gate",
}


@dataclass(frozen=True, kw_only=True)
class UnitSearch(AtStep):
    """One state or gate of a character model after ``step`` training steps, reading text that it has not learned from."""

    kind: ClassVar[str] = "search"

    array: str = choice("hidden", ARRAYS, "state or gate")
    layer: int = integer(0, 0, 3, "layer", note="0 reads the input")
    direction: int = integer(0, 0, 1, "direction", note="0 reads forward, 1 backward")


def arrays_of(cell: str) -> dict[str, str]:
    """Return the states and gates of ``cell`` ("lstm"), by name, with their titles; what it keeps longest comes first."""
    spec = MODELS[cell]
    held = {*spec.states, *spec.gates}
    return {name: title for name, title in ARRAYS.items() if name in held}
