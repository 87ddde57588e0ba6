"""Networks: their sizes, activations, initialisations and attention, without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.errors import ConfigError
from seqviz.experiment.activation import ACTIVATIONS as ACTIVATIONS
from seqviz.experiment.cells import CELL_SPECS as CELL_SPECS
from seqviz.experiment.cells import CELLS as CELLS
from seqviz.experiment.cells import CellSpec as CellSpec
from seqviz.experiment.feedforward import CONNECTIONS
from seqviz.experiment.feedforward import FeedforwardConfig as FeedforwardConfig
from seqviz.experiment.fields import Config, choice, flag, integer, real
from seqviz.experiment.transformer import TransformerConfig as TransformerConfig

INITIALISATIONS: Mapping[str, str] = {
    "default": "PyTorch's: U(±1/√H)",
    "normal": "Gaussian, σ = scale/√H",
    "small": "Gaussian, σ = 0.01 scale",
    "xavier": "Xavier × scale",
    "orthogonal": "orthogonal × scale",
    "identity": "identity × scale",
    "sparse": "sparse × scale",
}


DROPOUTS: Mapping[str, str] = {
    "none": "none",
    "layers": "between layers",
    "recurrent": "through time",
    "variational": "through time, one mask",
}

BACKPROPAGATIONS: Mapping[str, str] = {"whole": "through the whole sequence", "truncated": "truncated"}


@dataclass(frozen=True, kw_only=True)
class RecurrentConfig(Config):
    """A stack of recurrent layers with a linear readout.

    ``initialisation`` is of each gate's recurrent matrix; ``scale`` multiplies what it draws, except for ``default``.
    """

    kind: ClassVar[str] = "model"

    name: str = choice("lstm", CELLS, "cell")
    activation: str = choice("tanh", ACTIVATIONS, "activation", applies=lambda model: len(model.spec.modules) > 1, short="{}")
    hidden_size: int = integer(64, 1, 1024, "hidden size", short="H = {}")
    layers: int = integer(1, 1, 4, "layers", short="{} layers")
    bidirectional: bool = flag(False, "bidirectional", short="bidirectional|one direction")
    initialisation: str = choice(
        "default", INITIALISATIONS, "initialisation of the recurrent weights",
        note="σ is the standard deviation; Xavier is uniform (Glorot); sparse has 15 non-zeros a unit and a "
        "spectral radius of 0.95; H is the hidden size",
        short="{} init",
    )  # fmt: skip
    scale: float = real(
        1.0, 0.0, 100.0, "scale of the recurrent weights", applies=lambda model: model.initialisation != "default"
    )
    forget_bias: float | None = real(
        None, -20.0, 20.0, "forget-gate bias", optional=True,
        applies=lambda model: "forget" in model.spec.gates and not model.chrono,
        note="the sum of PyTorch's two bias vectors; none leaves both as drawn; chrono initialisation sets it itself",
        short="forget bias {}",
    )  # fmt: skip
    chrono: int = integer(
        0, 0, 10_000, "chrono initialisation: longest dependency", applies=lambda model: bool(model.spec.chrono),
        note="T_max of Tallec & Ollivier (2018); 0 is off; it sets the forget and input gates' (GRU: the update gate's) biases",
    )  # fmt: skip

    dropout: str = choice(
        "none", DROPOUTS, "dropout", added=True,
        note="in training alone: of what a layer reads from the one below, or of what it reads from the step before, then with "
        "a new mask at each step or with one mask a sequence",
    )  # fmt: skip
    dropout_rate: float = real(0.2, 0.0, 0.95, "share dropped", applies=lambda model: model.dropout != "none", short="rate {}")
    backpropagation: str = choice(
        "whole", BACKPROPAGATIONS, "backpropagation through time", added=True, short="{} backpropagation",
        applies=lambda model: model.dropout == "none" and not model.bidirectional,
        note="in training alone; truncated cuts the gradient every so many steps",
    )  # fmt: skip
    window: int = integer(
        20, 1, 10_000, "window", applies=lambda model: model.backpropagation == "truncated", short="window {}",
        note="steps that a gradient goes back through at most",
    )  # fmt: skip
    stride: int = integer(
        0, 0, 10_000, "stride", applies=lambda model: model.backpropagation == "truncated", short="stride {}",
        note="steps between two cuts; 0: as many as the window; fewer, and windows overlap",
    )  # fmt: skip
    carried: bool = flag(
        True, "state carried over a cut", applies=lambda model: model.backpropagation == "truncated",
        note="else each window begins with a state of zeros", short="state carried|state not carried",
    )  # fmt: skip

    @property
    def cut_every(self) -> int:
        """Steps between two cuts of the gradient, where backpropagation is truncated."""
        return self.stride or self.window

    @property
    def spec(self) -> CellSpec:
        """What there is to know of its cell."""
        return CELL_SPECS[self.name]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.chrono == 1:
            raise ConfigError("chrono must be 0 (off) or at least 2 steps, got 1")
        if self.dropout == "layers" and self.layers == 1:
            raise ConfigError("dropout between layers needs at least 2 layers, got 1")
        if self.stride > self.window:
            raise ConfigError(f"stride must be at most the window of {self.window} steps, got {self.stride}")


ATTENTIONS: Mapping[str, str] = {
    "none": "none: the encoder's last state only",
    "dot": "dot product",
    "general": "general (bilinear)",
    "additive": "additive",
    "scaled": "scaled dot product",
}

ORDERS: Mapping[str, str] = {"before": "before the state's update (Bahdanau)", "after": "after the state's update (Luong)"}


@dataclass(frozen=True, kw_only=True)
class Seq2SeqConfig(Config):
    """An encoder that reads a sentence, and a decoder that writes another, word by word.

    ``before``: scores come from the decoder's state before its update, and the context is read beside the word.
    ``after``: scores come from the updated state. Either way a word is chosen from tanh(W [context; state]).

    Source:
        Sutskever, Vinyals & Le (2014), https://arxiv.org/abs/1409.3215;
        Bahdanau, Cho & Bengio (2015), https://arxiv.org/abs/1409.0473;
        Luong, Pham & Manning (2015), https://arxiv.org/abs/1508.04025
    """

    kind: ClassVar[str] = "model"

    name: str = choice("seq2seq", {"seq2seq": "encoder-decoder"}, "model")
    cell: str = choice("gru", CELLS, "cell", note="of the encoder and of the decoder")
    hidden_size: int = integer(128, 1, 1024, "hidden size", note="of each layer and direction", short="H = {}")
    layers: int = integer(1, 1, 4, "layers", note="of the encoder and of the decoder", short="{} layers")
    bidirectional: bool = flag(True, "bidirectional encoder", short="bidirectional|one direction")
    embedding_size: int = integer(64, 1, 1024, "embedding size", note="numbers that stand for a word", short="embedding {}")
    attention: str = choice("additive", ATTENTIONS, "attention")
    order: str = choice("before", ORDERS, "attention looks", applies=lambda model: model.attention != "none", short="looks {}")
    reverse_source: bool = flag(False, "read the source backwards", short="source reversed|source as it is")
    teacher_forcing: float = real(
        1.0, 0.0, 1.0, "teacher forcing",
        note="how often, in training, the decoder reads the right previous word rather than its own",
        short="teacher forcing {}",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CaptionerConfig(Config):
    """A convolutional network that sees a picture as a grid of cells, and a decoder that looks at them word by word.

    Attention is additive; a look asks with the decoder's state once it has read the word before.

    Source:
        Xu et al. (2015), https://arxiv.org/abs/1502.03044
    """

    kind: ClassVar[str] = "model"
    bidirectional: ClassVar[bool] = False  # there is no other direction to write in

    name: str = choice("captioner", {"captioner": "captioner"}, "model")
    cell: str = choice("lstm", CELLS, "cell", note="of the decoder")
    hidden_size: int = integer(64, 1, 1024, "hidden size", note="of each layer of the decoder", short="H = {}")
    layers: int = integer(1, 1, 4, "layers", note="of the decoder", short="{} layers")
    embedding_size: int = integer(48, 1, 1024, "embedding size", note="numbers that stand for a word", short="embedding {}")
    channels: int = integer(64, 4, 512, "channels", note="numbers that stand for a cell of the picture")


ModelConfig = RecurrentConfig | Seq2SeqConfig | CaptionerConfig | FeedforwardConfig | TransformerConfig


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """What the rest of seqviz needs to know about one model."""

    title: str  # shown on pages
    config: type[ModelConfig]  # the settings it takes
    answers: frozenset[str]  # how a task may ask it
    traces: frozenset[str]  # what it can be asked for
    states: tuple[str, ...] = ()  # what it carries through time; a network of cells has its cell's
    gates: tuple[str, ...] = ()  # names of what GateTrace.gates holds


AT_STEPS, IN_SEQUENCE, OF_PICTURES = frozenset({"last", "every"}), frozenset({"sequence"}), frozenset({"picture"})
OF_POINTS = frozenset({"point"})
RECURRENT_TRACES = frozenset({"gradients", "gates"})

MODELS: Mapping[str, ModelSpec] = {
    **{
        name: ModelSpec(
            title=cell.title, config=RecurrentConfig, answers=AT_STEPS, traces=RECURRENT_TRACES,
            states=cell.states, gates=cell.gates,
        )
        for name, cell in CELL_SPECS.items()
    },
    "seq2seq": ModelSpec(
        title="encoder-decoder", config=Seq2SeqConfig, answers=IN_SEQUENCE, traces=frozenset({"attention"})
    ),
    "captioner": ModelSpec(
        title="captioner", config=CaptionerConfig, answers=OF_PICTURES, traces=frozenset({"looking"})
    ),
    "transformer": ModelSpec(
        title="Transformer", config=TransformerConfig, answers=IN_SEQUENCE, traces=frozenset({"attention", "heads"})
    ),
    "causal": ModelSpec(
        title="decoder-only Transformer", config=TransformerConfig, answers=AT_STEPS, traces=frozenset({"heads"})
    ),
    "transformer_captioner": ModelSpec(
        title="Transformer captioner", config=TransformerConfig, answers=OF_PICTURES, traces=frozenset({"looking"})
    ),
    **{
        name: ModelSpec(title=title, config=FeedforwardConfig, answers=OF_POINTS, traces=frozenset({"depth"}))
        for name, title in CONNECTIONS.items()
    },
}  # fmt: skip
