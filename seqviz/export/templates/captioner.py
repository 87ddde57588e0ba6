"""A Transformer captioner as a script has it."""

import math

import torch
from torch import Tensor, nn

from seqviz.export.templates.transformer import MODEL, WIDTH, Stack, sinusoids
from seqviz.models.eye import convolutions, initialise_convolutions, seen_by
from seqviz.models.transformer import read_for
from seqviz.models.transformer_layers import causal_mask, initialise_ends
from seqviz.scenes import CELLS


class TransformerCaptioner(nn.Module):
    """Convolutions see a picture as a grid of cells, and a decoder writes, looking at them."""

    def __init__(self, colours: int, words: int) -> None:
        super().__init__()
        self.convolutions = convolutions(WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        if MODEL.cells == "learned":
            self.cells = nn.Parameter(torch.empty(CELLS * CELLS, WIDTH))
        self.embedding = nn.Embedding(words, WIDTH)
        self.decoder = Stack(crossing=True)
        self.readout = nn.Linear(WIDTH, words)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        initialise_convolutions(self.convolutions, generator)
        if MODEL.cells == "learned":
            self.cells.normal_(0, 0.02, generator=generator)
        self.decoder.initialise(generator)
        initialise_ends([self.embedding], self.readout, generator)

    def forward(self, pictures: Tensor, targets: Tensor) -> Tensor:
        """Return the logits of each next word of ``targets``."""
        cells = seen_by(self.convolutions, pictures).flatten(2).transpose(1, 2)
        if MODEL.cells == "learned":
            cells = cells + self.cells
        elif MODEL.cells == "sinusoidal":
            cells = cells + cell_positions()
        right = read_for(targets)  # what the decoder reads: the right previous words
        written = self.embedding(right) * math.sqrt(WIDTH)
        logits: Tensor = self.readout(self.decoder(written, causal_mask(right.shape[1]), self.norm(cells)))
        return logits


def cell_positions() -> Tensor:
    """Return sinusoids of each cell's row in the first half of its numbers, and of its column in the second."""
    waves = sinusoids(CELLS, WIDTH // 2)
    return torch.cat([waves.repeat_interleave(CELLS, 0), waves.repeat(CELLS, 1)], dim=1)
