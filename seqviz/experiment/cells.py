"""The recurrent cells, without torch: what each is called, what it carries through time, and which module runs it.

``models/cells.py`` has the modules and ``tracing/cells.py`` the local derivatives, by the same modes; a test holds the three
tables together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OWN = ("named_weights", "driven", "returned", "scanned", "OwnRNN")  # of ``models/cells.py``: what modules of its own build on


@dataclass(frozen=True, kw_only=True)
class CellModule:
    """The module that runs a cell: one of PyTorch's, or one of ``models/cells.py``; a script names it as this does."""

    mode: str  # what the module calls itself: its line in ``models.cells.KINDS`` and in ``tracing.cells.CELLS``
    module: str  # "nn.LSTM"
    settings: Mapping[str, str] = field(default_factory=dict)  # that it takes beside its sizes
    step: str  # the function of ``models/cells.py`` that writes one step out
    classes: tuple[str, ...] = ()  # of ``models/cells.py`` that it is and builds on, where PyTorch lacks it

    @property
    def source(self) -> tuple[str, ...]:
        """What a script needs of ``models/cells.py``: nothing where the module is PyTorch's."""
        return (*OWN[:-1], self.step, OWN[-1], *self.classes) if self.classes else ()


@dataclass(frozen=True, kw_only=True)
class CellSpec:
    """What the rest of seqviz needs to know about one recurrent cell."""

    title: str  # shown on pages
    colour: str  # in figures, by its name in their palette
    states: tuple[str, ...] = ("hidden",)  # what it carries through time; "cell" beside "hidden" has the same size
    gates: tuple[str, ...] = ()  # in the order in which their weights are stacked
    # gates whose biases set how long a unit remembers: 1, or -1 if it is shorter for a larger bias
    chrono: Mapping[str, int] = field(default_factory=dict)
    modules: Mapping[str, CellModule]  # by activation; where it has no choice, under "tanh"

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
        title="RNN", colour="orange",
        modules={
            "tanh": CellModule(mode="RNN_TANH", module="nn.RNN", settings={"nonlinearity": "tanh"}, step="tanh_step"),
            "relu": CellModule(mode="RNN_RELU", module="nn.RNN", settings={"nonlinearity": "relu"}, step="relu_step"),
            "sigmoid": CellModule(
                mode="RNN_SIGMOID", module="SigmoidRNN", step="sigmoid_step", classes=("ElmanRNN", "SigmoidRNN")
            ),
        },
    ),
    "lstm": CellSpec(
        title="LSTM", colour="blue", states=("hidden", "cell"), gates=("input", "forget", "candidate", "output"),
        chrono={"forget": 1, "input": -1},
        modules={"tanh": CellModule(mode="LSTM", module="nn.LSTM", step="lstm_step")},
    ),
    "gru": CellSpec(
        title="GRU", colour="green", gates=("reset", "update", "candidate"), chrono={"update": 1},
        modules={"tanh": CellModule(mode="GRU", module="nn.GRU", step="gru_step")},
    ),
}  # fmt: skip

CELLS: Mapping[str, str] = {name: cell.title for name, cell in CELL_SPECS.items()}
