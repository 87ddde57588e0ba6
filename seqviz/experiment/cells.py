"""The recurrent cells, without torch: what each is called, what it carries through time, and which module runs it.

``models/cells.py`` has the modules and ``tracing/cells.py`` the local derivatives, by the same modes; a test holds the three
tables together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class CellModule:
    """The module that runs a cell: PyTorch's own, or one of ``models/cells.py``."""

    mode: str  # what the module calls itself: its line in ``models.cells.KINDS`` and in ``tracing.cells.CELLS``
    settings: Mapping[str, str] = field(default_factory=dict)  # that it takes beside its sizes


@dataclass(frozen=True, kw_only=True)
class CellSpec:
    """What the rest of seqviz needs to know about one recurrent cell."""

    title: str  # shown on pages
    article: str = "a"  # as its title is spoken
    colour: str  # in figures, by its name in their palette
    states: tuple[str, ...] = ("hidden",)  # what it carries through time; "cell" beside "hidden" has the same size
    gates: tuple[str, ...] = ()  # in the order in which their weights are stacked
    # gates whose biases set how long a unit remembers: 1, or -1 if it is shorter for a larger bias
    chrono: Mapping[str, int] = field(default_factory=dict)
    modules: Mapping[str, CellModule]  # by activation; where it has no choice, under "tanh"

    @property
    def one(self) -> str:
        """Its title with its article.

        >>> CELL_SPECS["lstm"].one, CELL_SPECS["gru"].one
        ('an LSTM', 'a GRU')
        """
        return f"{self.article} {self.title}"

    @property
    def gate_count(self) -> int:
        """How many gates are stacked in a bias vector."""
        return len(self.gates)

    @property
    def chrono_signs(self) -> dict[int, int]:
        """The sign of each bias that chrono initialisation sets, by its gate's place among the gates.

        >>> CELL_SPECS["lstm"].chrono_signs
        {1: 1, 0: -1}
        """
        return {self.gates.index(gate): sign for gate, sign in self.chrono.items()}


CELL_SPECS: Mapping[str, CellSpec] = {
    "rnn": CellSpec(
        title="RNN", article="an", colour="orange",
        modules={
            "tanh": CellModule(mode="RNN_TANH", settings={"nonlinearity": "tanh"}),
            "relu": CellModule(mode="RNN_RELU", settings={"nonlinearity": "relu"}),
            "sigmoid": CellModule(mode="RNN_SIGMOID"),
        },
    ),
    "lstm": CellSpec(
        title="LSTM", article="an", colour="blue", states=("hidden", "cell"),
        gates=("input", "forget", "candidate", "output"), chrono={"forget": 1, "input": -1},
        modules={"tanh": CellModule(mode="LSTM")},
    ),
    "gru": CellSpec(
        title="GRU", colour="green", gates=("reset", "update", "candidate"), chrono={"update": 1},
        modules={"tanh": CellModule(mode="GRU")},
    ),
}  # fmt: skip

CELLS: Mapping[str, str] = {name: cell.title for name, cell in CELL_SPECS.items()}
