"""A text that a network made of somebody's own weights reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.fields import Config, choice, text

NAME = r"(own-[0-9a-f]{16})?"
MOST_CHARACTERS = 2000
ORDERS: Mapping[str, str] = {
    "pytorch": "PyTorch (i, f, g, o; r, z, n)", "keras": "Keras (i, f, c, o; z, r, h)",
    "tensorflow": "TensorFlow (i, j, f, o; r, u, c)",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReadByWeights(Config):
    """A text as a network made of somebody's own weights reads it."""

    kind: ClassVar[str] = "own weights"

    weights: str = text("", NAME, "weights")
    text: str = text("", rf"(?s).{{0,{MOST_CHARACTERS}}}", "text", form=f"at most {MOST_CHARACTERS:,} characters")
    order: str = choice("pytorch", ORDERS, "order of the gates", note="in which the rows of the weights are")
    activation: str = choice("tanh", {"tanh": "tanh", "relu": "ReLU"}, "activation of a plain RNN", note="no weight tells it")
