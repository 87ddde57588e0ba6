"""A captioner: a convolutional network sees a picture as a grid of cells, a recurrent one writes, and attention looks.

Every intermediate value is returned: scores, weights, contexts and states.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.experiment.model import CELL_SPECS, CaptionerConfig
from seqviz.models.attention import Additive, weighted_sum
from seqviz.models.cells import recurrent_layers
from seqviz.models.eye import convolutions, initialise_convolutions, seen_by
from seqviz.models.filling import empty, filled
from seqviz.models.glances import Glances, SeenPicture
from seqviz.models.initialisation import uniform
from seqviz.models.seq2seq import PAD, START
from seqviz.models.stacks import State, advance

PLACES = 2  # numbers that encode the place of a cell


@dataclass(frozen=True, kw_only=True)
class SeenWithKeys(SeenPicture):
    """``carried`` is the decoder's first state, each part (layer, batch, unit), and the picture's middle: where it looked last,
    before it has looked anywhere.
    """

    keys: Float[Tensor, "batch cell unit"]  # what the decoder's states are compared with


@dataclass(frozen=True, kw_only=True)
class StateGlances(Glances):
    """``carried`` is the state, each part (layer, batch, unit), and where the last look went, on average (batch, place)."""

    scores: Float[Tensor, "batch time cell"]
    contexts: Float[Tensor, "batch time annotation"]
    hidden: Float[Tensor, "batch time unit"]
    read: Float[Tensor, "batch time input"]  # what the decoder read: each word's embedding, and where it looked then


class Captioner(nn.Module):
    """An encoder of pictures and a decoder of words; :class:`seqviz.experiment.CaptionerConfig` says what its settings mean.

    Three convolutions of stride 2 see each cell of 8 × 8 pixels and those around it, 23 × 23 in all, by how much darker than
    white they are; a fourth of size 1 makes its annotation vector a, whose last two numbers are where the cell is. The decoder
    begins in a state made of the mean annotation. It reads the word before and where it looked then, and has state h; each
    cell's score is vᵀ tanh(W h + U a), softmax makes weights of the scores, and the context z is the annotations, each as much
    as its weight says. The next word's logits are L_o(E y + L_h h + L_z z), E y being the embedding of the word read.

    Source:
        Xu et al. (2015), equations 1 to 13, https://arxiv.org/abs/1502.03044, but for two things: there a look asks with the
        state before the last word was read, here with the state after it; and of the context the decoder there reads all,
        here only its place, so that it must look at a thing again to say more about it.
        Where a cell is: Liu et al. (2018), https://arxiv.org/abs/1807.03247.
    """

    def __init__(self, config: CaptionerConfig, words: int) -> None:
        super().__init__()
        self.config = config
        width, size, embedding = config.channels, config.hidden_size, config.embedding_size
        self.convolutions = convolutions(width)
        parts = len(CELL_SPECS[config.cell].states)
        self.beginnings = nn.ModuleList(nn.Linear(width + PLACES, size) for _ in range(parts * config.layers))
        self.embedding = nn.Embedding(words, embedding)
        self.decoder = recurrent_layers(config.cell, embedding + PLACES, size, num_layers=config.layers, batch_first=True)
        self.score = Additive(size, width + PLACES)
        self.from_state = nn.Linear(size, embedding, bias=False)  # L_h
        self.from_context = nn.Linear(width + PLACES, embedding, bias=False)  # L_z
        self.readout = nn.Linear(embedding, words)  # L_o

    @torch.no_grad()
    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``: convolutions as :func:`~seqviz.models.eye.initialise_convolutions` does,
        the embedding from a Gaussian with standard deviation 0.1, all else as PyTorch does.
        """
        initialise_convolutions(self.convolutions, generator)
        self.embedding.weight.normal_(0, 0.1, generator=generator)
        uniform(self.decoder, self.config.hidden_size**-0.5, generator)
        for linear in (*self.beginnings, self.from_state, self.from_context, self.readout):
            uniform(linear, linear.in_features**-0.5, generator)
        for weight in self.score.parameters():
            nn.init.uniform_(weight, -(weight.shape[-1] ** -0.5), weight.shape[-1] ** -0.5, generator=generator)

    def forward(self, pictures: Float[Tensor, "batch height width colour"], targets: Int[Tensor, "batch time"]) -> StateGlances:
        """Return everything the decoder computes while it reads ``targets`` (-100 after a caption's end)."""
        return self.look(self.see(pictures), self.read(targets))

    def answers(
        self,
        inputs: Float[Tensor, "batch height width colour"],
        targets: Int[Tensor, "batch time"],
        coins: torch.Generator | None = None,
    ) -> Float[Tensor, "batch time word"]:
        """Return the logits that training judges; the decoder always reads the right previous word, so no coin is tossed."""
        glances: StateGlances = self(inputs, targets)
        return glances.logits

    def see(self, pictures: Float[Tensor, "batch height width colour"]) -> SeenWithKeys:
        """Return the pictures as the decoder sees them."""
        values = seen_by(self.convolutions, pictures)
        annotations = torch.cat([values, _places(values)], dim=1).flatten(2).transpose(1, 2)
        mean = annotations.mean(1)
        layers = self.config.layers
        begun = torch.stack([torch.tanh(beginning(mean)) for beginning in self.beginnings])
        state = tuple(begun[at : at + layers] for at in range(0, len(begun), layers))
        return SeenWithKeys(
            annotations=annotations,
            keys=self.score.keys(annotations),
            carried=(*state, mean[:, -PLACES:]),
            rows=values.shape[2],
        )

    @staticmethod
    def read(targets: Int[Tensor, "batch time"]) -> Int[Tensor, "batch time"]:
        """Return the decoder's input words for ``targets``: <sos>, and each word before the next."""
        return F.pad(targets[:, :-1].clamp(min=PAD), (1, 0), value=START)

    def look(self, seen: SeenPicture, words: Int[Tensor, "batch time"]) -> StateGlances:
        """Return what the decoder does when it reads ``words`` from its first state on."""
        carried, glances = seen.carried, []
        for word in words.unbind(1):
            glances.append(self.step(seen, carried, word))
            carried = glances[-1].carried
        return joined(glances)

    def step(self, seen: SeenPicture, carried: State, word: Int[Tensor, " batch"]) -> StateGlances:
        """Return what the decoder does when it reads one ``word`` behind what is ``carried``; ``seen.carried`` and <sos> come
        first.
        """
        *state, place = carried
        read = torch.cat([self.embedding(word), place], dim=1)
        after = advance(self.decoder, read, tuple(state))
        return self.glance(seen, word.unsqueeze(1), read.unsqueeze(1), after[0][-1].unsqueeze(1), after)

    def glance(
        self,
        seen: SeenPicture,
        words: Int[Tensor, "batch time"],
        read: Float[Tensor, "batch time input"],
        hidden: Float[Tensor, "batch time unit"],
        state: State,
    ) -> StateGlances:
        """Return where the decoder looks having read ``words``, its states then ``hidden``, and what it makes of it."""
        assert isinstance(seen, SeenWithKeys), "a captioner looks at what it has seen itself"
        scores = self.score(hidden, seen.keys)
        weights = scores.softmax(-1)
        contexts = weighted_sum(weights, seen.annotations)
        logits = self.readout(self.embedding(words) + self.from_state(hidden) + self.from_context(contexts))
        return StateGlances(
            logits=logits, scores=scores, weights=weights, contexts=contexts, hidden=hidden, read=read,
            carried=(*state, contexts[:, -1, -PLACES:]),
        )  # fmt: skip


def joined(glances: Sequence[StateGlances]) -> StateGlances:
    """Return glances at one word after another as one."""
    names = ("logits", "scores", "weights", "contexts", "hidden", "read")
    parts = {name: torch.cat([getattr(glance, name) for glance in glances], dim=1) for name in names}
    return StateGlances(**parts, carried=glances[-1].carried)


def build_captioner(config: CaptionerConfig, *, words: int, generator: torch.Generator) -> Captioner:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: cell and sizes.
        words: how many symbols the decoder knows.
        generator: a CPU generator; the global random state is left alone.
    """
    model = _empty_captioner(config, words)
    model.initialise(generator)
    return model


def trained_captioner(config: CaptionerConfig, weights: Mapping[str, np.ndarray]) -> Captioner:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names."""
    return filled(_empty_captioner(config, weights["embedding.weight"].shape[0]), weights)


def _places(cells: Float[Tensor, "batch channel row column"]) -> Float[Tensor, "batch place row column"]:
    """Return where each cell is: from -1 at the left to 1 at the right, and likewise downwards."""
    batch, _, height, width = cells.shape
    across, down = (torch.linspace(-1, 1, size, dtype=cells.dtype, device=cells.device) for size in (width, height))
    return torch.stack([across.expand(height, width), down.unsqueeze(1).expand(height, width)]).expand(batch, -1, -1, -1)


def _empty_captioner(config: CaptionerConfig, words: int) -> Captioner:
    return empty(lambda: Captioner(config, words))
