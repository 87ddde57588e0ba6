"""A Transformer captioner: convolutions see a picture as a grid of cells, and a Transformer's decoder writes, looking at them.

Every intermediate value is returned: every head's scores and weights, and what each sublayer adds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.errors import ConfigError
from seqviz.experiment.transformer import TransformerConfig
from seqviz.models.eye import convolutions, initialise_convolutions, seen_by
from seqviz.models.filling import empty, filled
from seqviz.models.glances import Glances, SeenPicture
from seqviz.models.multihead import Seen
from seqviz.models.stacks import State
from seqviz.models.transformer import last_look, read_for, read_so_far
from seqviz.models.transformer_layers import (
    Memory,
    Stack,
    StackPass,
    TransformerPass,
    causal_mask,
    initialise_ends,
    positions_of,
)
from seqviz.scenes import CELLS


@dataclass(frozen=True, kw_only=True)
class SeenForLayers(SeenPicture):
    """``carried`` are keys and values of what the decoder has read itself: nothing yet."""

    keys: tuple[Seen, ...]  # each layer's keys and values of the cells


class TransformerCaptioner(nn.Module):
    """An encoder of pictures and a decoder of words; :class:`seqviz.experiment.TransformerConfig` says what its settings mean.

    The convolutions are those of a :class:`~seqviz.models.Captioner`. Where a cell is, is added to what they make of it: half
    of the numbers encode its row by sinusoids and half its column, or each cell has a learned vector, or nothing encodes
    it; the sum is normalised, as an encoder's states are by its last norm. No cell sees another but through the convolutions,
    so that a look at a cell is a look at that place of the picture. What is called its weights is the mean over the heads of
    the last layer's cross-attention; :meth:`walk` returns each head's, of every layer.

    Source:
        Vaswani et al. (2017), https://arxiv.org/abs/1706.03762; sinusoids of row and column: Parmar et al. (2018),
        section 3.1, https://arxiv.org/abs/1802.05751
    """

    def __init__(self, config: TransformerConfig, words: int) -> None:
        super().__init__()
        self.config = config
        self.convolutions = convolutions(config.width)
        self.norm = nn.LayerNorm(config.width)  # no layer has normalised what the convolutions make
        self.cells = nn.Parameter(torch.empty(CELLS * CELLS, config.width)) if config.cells == "learned" else None
        self.embedding = nn.Embedding(words, config.width)
        self.decoder = Stack(config, crossing=True)
        self.readout = nn.Linear(config.width, words)

    @property
    def heads(self) -> int:
        """How many look at once."""
        return self.config.heads

    @torch.no_grad()
    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``; learned positions of cells from N(0, 0.02²), as those of words."""
        initialise_convolutions(self.convolutions, generator)
        if self.cells is not None:
            self.cells.normal_(0, 0.02, generator=generator)
        self.norm.reset_parameters()  # 1 and 0: nothing is drawn
        self.decoder.initialise(generator)
        initialise_ends([self.embedding], self.readout, generator)

    def forward(self, pictures: Float[Tensor, "batch height width colour"], targets: Int[Tensor, "batch time"]) -> Glances:
        """Return everything the decoder computes while it reads ``targets`` (-100 after a caption's end)."""
        return self.look(self.see(pictures), self.read(targets))

    def answers(
        self,
        inputs: Float[Tensor, "batch height width colour"],
        targets: Int[Tensor, "batch time"],
        coins: torch.Generator | None = None,
    ) -> Float[Tensor, "batch time word"]:
        """Return the logits that training judges; the decoder always reads the right previous word, so no coin is tossed."""
        logits: Tensor = self.readout(self._write(self.see(inputs), self.read(targets)).result)
        return logits

    def see(self, pictures: Float[Tensor, "batch height width colour"]) -> SeenForLayers:
        """Return the pictures as the decoder sees them."""
        values = seen_by(self.convolutions, pictures)
        annotations = values.flatten(2).transpose(1, 2)
        config, batch = self.config, len(annotations)
        nothing = annotations.new_empty(config.layers, batch, config.heads, 0, config.width // config.heads)
        return SeenForLayers(
            annotations=annotations,
            keys=self.decoder.look(self.norm(annotations + self.placed(*values.shape[2:]).to(annotations))),
            carried=(nothing, nothing),
            rows=values.shape[2],
        )

    read = staticmethod(read_for)

    def placed(self, rows: int, columns: int) -> Float[Tensor, "cell width"]:
        """Return what is added to the cells of a grid, row by row.

        Raises:
            ConfigError: positions are learned, and of another grid.
        """
        if self.cells is None:
            return cell_positions(self.config.cells, rows, columns, self.config.width)
        if rows * columns != len(self.cells):
            raise ConfigError(f"this network has learned the positions of {len(self.cells)} cells, got {rows * columns}")
        return self.cells

    def look(self, seen: SeenPicture, words: Int[Tensor, "batch time"]) -> Glances:
        """Return what the decoder does when it reads ``words`` from the first on."""
        return self._glances(self._write(seen, words))

    def step(self, seen: SeenPicture, carried: State, word: Int[Tensor, " batch"]) -> Glances:
        """Return what the decoder does when it reads one ``word``; ``seen.carried`` and <sos> come first."""
        return self._glances(self._write(seen, word.unsqueeze(1), carried))

    def walk(self, pictures: Float[Tensor, "batch height width colour"], words: Int[Tensor, "batch time"]) -> TransformerPass:
        """Return every intermediate value from the cells and the words read to the next word's logits."""
        did = self._write(self.see(pictures), words)
        return TransformerPass(encoder=None, decoder=did, logits=self.readout(did.result))

    def _write(self, seen: SeenPicture, words: Tensor, carried: State | None = None) -> StackPass:
        assert isinstance(seen, SeenForLayers), "a captioner looks at what it has seen itself"
        embedded, memory = self.embedding(words) * math.sqrt(self.config.width), Memory(seen=seen.keys)
        if carried is None:
            did: StackPass = self.decoder(embedded, causal_mask(words.shape[1], words.device), memory=memory)
        else:
            before = list(zip(*carried, strict=True))
            did = self.decoder(embedded, first=carried[0].shape[3], before=before, memory=memory)
        return did

    def _glances(self, did: StackPass) -> Glances:
        heads = last_look(did.layers[-1]).weights.transpose(1, 2)
        return Glances(logits=self.readout(did.result), weights=heads.mean(2), heads=heads, carried=read_so_far(did))


def cell_positions(kind: str, rows: int, columns: int, width: int) -> Float[Tensor, "cell width"]:
    """Return sinusoids of each cell's row in the first half of its numbers and of its column in the second, or zeros.

    >>> cell_positions("sinusoidal", 2, 1, 4).shape
    torch.Size([2, 4])
    """
    down = positions_of(kind, 0, rows, width // 2).repeat_interleave(columns, 0)
    across = positions_of(kind, 0, columns, width - width // 2).repeat(rows, 1)
    return torch.cat([down, across], dim=1)


def build_transformer_captioner(config: TransformerConfig, *, words: int, generator: torch.Generator) -> TransformerCaptioner:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: layers, heads, sizes and positions.
        words: how many symbols the decoder knows.
        generator: a CPU generator; the global random state is left alone.
    """
    model = _empty(config, words)
    model.initialise(generator)
    return model


def trained_transformer_captioner(config: TransformerConfig, weights: Mapping[str, np.ndarray]) -> TransformerCaptioner:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names."""
    return filled(_empty(config, weights["embedding.weight"].shape[0]), weights)


def _empty(config: TransformerConfig, words: int) -> TransformerCaptioner:
    return empty(lambda: TransformerCaptioner(config, words))
