"""Transformers: their sizes, positions and where they normalise, without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.errors import ConfigError
from seqviz.experiment.fields import Config, choice, integer

TRANSFORMERS: Mapping[str, str] = {
    "transformer": "Transformer", "causal": "decoder-only Transformer", "transformer_captioner": "Transformer captioner",
}  # fmt: skip

POSITIONS: Mapping[str, str] = {"sinusoidal": "sinusoids", "learned": "learned", "none": "none"}

CELL_POSITIONS: Mapping[str, str] = {"sinusoidal": "sinusoids of row and column", "learned": "learned", "none": "none"}

NARROWEST_EYE = 4  # the first convolution has a quarter of the width

NORMS: Mapping[str, str] = {"pre": "before each sublayer", "post": "after each sublayer (Vaswani)"}


@dataclass(frozen=True, kw_only=True)
class TransformerConfig(Config):
    """Layers of attention and of feed-forward networks, each with a way past it, and no recurrence.

    ``transformer`` reads a sentence with one stack of layers and writes another with a second one; ``causal`` is the second
    stack alone, each position of which sees those up to itself; ``transformer_captioner`` writes with the second stack, which
    looks at a picture's cells: ``width`` numbers each, made by a convolutional network.

    Source:
        Vaswani et al. (2017), https://arxiv.org/abs/1706.03762;
        normalised before each sublayer: Xiong et al. (2020), https://arxiv.org/abs/2002.04745
    """

    kind: ClassVar[str] = "model"
    bidirectional: ClassVar[bool] = False  # what may look ahead is decided by the stack, not by a setting

    name: str = choice("transformer", TRANSFORMERS, "model")
    layers: int = integer(2, 1, 12, "layers", note="of the decoder, and of the encoder where there is one", short="{} layers")
    heads: int = integer(4, 1, 16, "heads", note="of each attention; the width must be a multiple of them", short="{} heads")
    width: int = integer(64, 1, 1024, "width", note="numbers that stand for a word at each position, d_model")
    inner: int = integer(256, 1, 4096, "inner width", note="of the feed-forward networks, d_ff")
    positions: str = choice("sinusoidal", POSITIONS, "positions", short="{} positions", called={"none": "no"})
    learned_positions: int = integer(
        256, 1, 1024, "positions learned", applies=lambda model: model.positions == "learned",
        note="a vector for each; a longer sequence cannot be read",
        short="{} positions learned",
    )  # fmt: skip
    norm: str = choice("pre", NORMS, "layer normalisation", short="{}-norm")
    cells: str = choice(
        "sinusoidal", CELL_POSITIONS, "positions of a picture's cells", added=True,
        applies=lambda model: model.name == "transformer_captioner", note="added to what the convolutions make of each cell",
        short="{} positions of cells", called={"none": "no"},
    )  # fmt: skip

    @property
    def hidden_size(self) -> int:
        """Its width, by the name that other networks have for it."""
        return self.width

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width % self.heads:
            raise ConfigError(f"the width must be a multiple of the heads, got {self.width} numbers for {self.heads} heads")
        if self.positions == "sinusoidal" and self.width % 2:
            raise ConfigError(f"sinusoids come in pairs, sine and cosine, so the width must be even, got {self.width}")
        if self.name == "transformer_captioner":
            self._check_eye()

    def _check_eye(self) -> None:
        if self.width < NARROWEST_EYE:
            raise ConfigError(f"a network that sees pictures must have a width of at least {NARROWEST_EYE}, got {self.width}")
        if self.cells == "sinusoidal" and self.width % 4:
            raise ConfigError(
                "sinusoids of a cell's row and column take half of the width each, so it must be a multiple of 4, "
                f"got {self.width}"
            )
