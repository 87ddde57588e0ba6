"""What Transformers are stacked from: positions, and layers of sublayers with a way past each."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.experiment.positions import SLOWEST, check_positions
from seqviz.experiment.transformer import TransformerConfig
from seqviz.models.initialisation import uniform
from seqviz.models.multihead import Attended, MultiHeadAttention, Seen


@dataclass(frozen=True, kw_only=True)
class SublayerPass:
    """What a sublayer did; the layer norm comes between ``inputs`` and ``read``, or between ``added`` and ``result``."""

    kind: str  # "self" | "cross" | "feedforward"
    inputs: Float[Tensor, "batch time width"]
    read: Float[Tensor, "batch time width"]
    output: Float[Tensor, "batch time width"]
    added: Float[Tensor, "batch time width"]  # inputs + output
    result: Float[Tensor, "batch time width"]
    attended: Attended | None = None
    inner: Float[Tensor, "batch time inner"] | None = None  # of a feed-forward network, after its ReLU


LayerPass = tuple[SublayerPass, ...]


@dataclass(frozen=True, kw_only=True)
class StackPass:
    """What a stack of layers did."""

    embedded: Float[Tensor, "batch time width"]
    positions: Float[Tensor, "time width"]
    entered: Float[Tensor, "batch time width"]  # embedded + positions
    layers: tuple[LayerPass, ...]
    result: Float[Tensor, "batch time width"]  # behind the last norm, where each sublayer's norm is before it


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What a decoder's layers look at: each one's keys and values of the source, and where there are words."""

    seen: tuple[Seen, ...]
    mask: Tensor | None = None  # (batch, 1, 1, source); None: everywhere
    forced: Tensor | None = None  # weights that every head takes instead of its own, (batch, 1, target, source)


class TransformerLayer(nn.Module):
    """Self-attention, cross-attention where the layer is ``crossing``, and a feed-forward network with ReLU."""

    def __init__(self, config: TransformerConfig, *, crossing: bool) -> None:
        super().__init__()
        self.pre = config.norm == "pre"
        self.self_attention = MultiHeadAttention(config.width, config.heads)
        self.cross_attention = MultiHeadAttention(config.width, config.heads) if crossing else None
        self.expand, self.contract = nn.Linear(config.width, config.inner), nn.Linear(config.inner, config.width)
        kinds = ("self", "cross", "feedforward") if crossing else ("self", "feedforward")
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(config.width) for kind in kinds})

    def forward(
        self,
        inputs: Float[Tensor, "batch time width"],
        mask: Tensor | None = None,
        *,
        before: Seen | None = None,
        memory: tuple[Seen, Tensor | None, Tensor | None] | None = None,
    ) -> LayerPass:
        """Return what each sublayer does.

        Args:
            inputs: the stream of states.
            mask: true where a position may see another; None: everywhere.
            before: keys and values of the positions before ``inputs``, which may be seen too.
            memory: keys and values of the source, where they may be seen, and weights that are forced on it.
        """
        passes = [self._around("self", inputs, lambda read: self._attend(read, mask, before))]
        if self.cross_attention is not None:
            assert memory is not None, "a layer that crosses looks at something"
            cross, (seen, words, forced) = self.cross_attention, memory
            passes.append(self._around("cross", passes[-1].result, lambda read: cross(read, seen, words, forced)))
        passes.append(self._around("feedforward", passes[-1].result, self._feed))
        return tuple(passes)

    def _around(
        self, kind: str, inputs: Tensor, sublayer: Callable[[Tensor], Attended | tuple[Tensor, Tensor]]
    ) -> SublayerPass:
        norm = self.norms[kind]
        read = norm(inputs) if self.pre else inputs
        did = sublayer(read)
        attended, inner, output = (did, None, did.output) if isinstance(did, Attended) else (None, *did)
        added = inputs + output
        return SublayerPass(
            kind=kind, inputs=inputs, read=read, output=output, added=added,
            result=added if self.pre else norm(added), attended=attended, inner=inner,
        )  # fmt: skip

    def _attend(self, read: Tensor, mask: Tensor | None, before: Seen | None) -> Attended:
        keys, values = self.self_attention.look(read)
        if before is not None:
            keys, values = torch.cat([before[0], keys], dim=2), torch.cat([before[1], values], dim=2)
        attended: Attended = self.self_attention(read, (keys, values), mask)
        return attended

    def _feed(self, read: Tensor) -> tuple[Tensor, Tensor]:
        inner = F.relu(self.expand(read))
        return inner, self.contract(inner)


class Stack(nn.Module):
    """Positions, layers, and a last norm where each sublayer's norm is before it."""

    def __init__(self, config: TransformerConfig, *, crossing: bool = False) -> None:
        super().__init__()
        self.config = config
        learned = config.positions == "learned"
        self.positions = nn.Parameter(torch.empty(config.learned_positions, config.width)) if learned else None
        self.layers = nn.ModuleList(TransformerLayer(config, crossing=crossing) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width) if config.norm == "pre" else None

    def forward(
        self,
        embedded: Float[Tensor, "batch time width"],
        mask: Tensor | None = None,
        *,
        first: int = 0,
        before: Sequence[Seen] | None = None,
        memory: Memory | None = None,
    ) -> StackPass:
        """Return what the layers do, one after the other.

        Args:
            embedded: the vector at each position.
            mask: true where a position may see another; None: everywhere.
            first: the number of the first position.
            before: for each layer, keys and values of the positions before ``first``.
            memory: what layers that cross look at.
        """
        positions = self.placed(first, embedded.shape[1]).to(embedded)
        entered = embedded + positions
        layers, states = [], entered
        for number, layer in enumerate(self.layers):
            crossed = None if memory is None else (memory.seen[number], memory.mask, memory.forced)
            layers.append(layer(states, mask, before=None if before is None else before[number], memory=crossed))
            states = layers[-1][-1].result
        result = states if self.norm is None else self.norm(states)
        return StackPass(embedded=embedded, positions=positions, entered=entered, layers=tuple(layers), result=result)

    def look(self, states: Float[Tensor, "batch key width"]) -> tuple[Seen, ...]:
        """Return each layer's keys and values of what it crosses to."""
        crossings = [layer.cross_attention for layer in self.layers]
        return tuple(each.look(states) for each in crossings if isinstance(each, MultiHeadAttention))

    def placed(self, first: int, count: int) -> Float[Tensor, "time width"]:
        """Return what is added to the embeddings at ``count`` positions from ``first`` on.

        Raises:
            ConfigError: positions are learned, and there are not as many.
        """
        if self.positions is None:
            return positions_of(self.config.positions, first, count, self.config.width)
        check_positions(self.config, first + count)
        return self.positions[first : first + count]

    @torch.no_grad()
    def initialise(self, generator: torch.Generator) -> None:
        """Draw matrices from Xavier's uniform, as ``nn.Transformer`` does, and learned positions from N(0, 0.02²)."""
        if self.positions is not None:
            self.positions.normal_(0, 0.02, generator=generator)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight, generator=generator)
                module.bias.zero_()
            elif isinstance(module, nn.LayerNorm):
                module.reset_parameters()  # 1 and 0: nothing is drawn


def positions_of(kind: str, first: int, count: int, width: int) -> Float[Tensor, "time width"]:
    """Return sinusoids, at even places sin(t / 10000^(i/width)) and behind each the cosine, or zeros where there are none.

    >>> positions_of("sinusoidal", 0, 1, 4).tolist()
    [[0.0, 1.0, 0.0, 1.0]]
    """
    return _positions(kind, first, count, width).clone()  # a caller may write into its copy


@lru_cache(maxsize=64)  # a decoder asks for them word by word
def _positions(kind: str, first: int, count: int, width: int) -> Float[Tensor, "time width"]:
    waves = torch.zeros(count, width, dtype=torch.float64)
    if kind == "sinusoidal":
        times = torch.arange(first, first + count, dtype=torch.float64).unsqueeze(1)
        angles = times * torch.exp(torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(SLOWEST) / width))
        waves[:, 0::2], waves[:, 1::2] = torch.sin(angles), torch.cos(angles)
    return waves


def causal_mask(length: int, device: torch.device | str | None = None) -> Tensor:
    """Return where a position may see another, (query, key): up to itself."""
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()


@torch.no_grad()
def initialise_ends(embeddings: Sequence[nn.Module], readout: nn.Linear, generator: torch.Generator) -> None:
    """Draw embeddings from N(0, 1/width), so that √width times as much is of size 1, and the readout as PyTorch does."""
    for embedding in embeddings:
        weight = embedding.weight
        assert isinstance(weight, Tensor), "embeddings are tables or matrices"
        weight.normal_(0, readout.in_features**-0.5, generator=generator)
    uniform(readout, readout.in_features**-0.5, generator)


@dataclass(frozen=True, kw_only=True)
class TransformerPass:
    """What a whole Transformer did."""

    encoder: StackPass | None  # None for a decoder without an encoder
    decoder: StackPass
    logits: Float[Tensor, "batch time word"]
