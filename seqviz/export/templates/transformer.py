"""Transformers as a script has them."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.experiment import TransformerConfig
from seqviz.export.plan import PLAN
from seqviz.models.transformer import read_for
from seqviz.models.transformer_layers import causal_mask, initialise_ends

MODEL = TransformerConfig()
LAYERS, HEADS, WIDTH = MODEL.layers, MODEL.heads, MODEL.width  # layers of a stack, heads of an attention, numbers at a position
INNER = MODEL.inner  # numbers in the middle of a feed-forward network


class Attention(nn.Module):
    """Several heads, each of which looks with queries, keys and values of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, read: Tensor, seen: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what each position of ``read`` takes from those of ``seen``; mask: true where it may look."""
        keys, values, queries = self.split(self.key(seen)), self.split(self.value(seen)), self.split(self.query(read))
        scores = torch.matmul(queries / math.sqrt(WIDTH // HEADS), keys.transpose(-2, -1))
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        mixed = torch.matmul(scores.softmax(-1), values)
        result: Tensor = self.out(mixed.transpose(1, 2).flatten(2))  # the heads side by side
        return result

    def split(self, states: Tensor) -> Tensor:
        """Return (batch, time, width) as (batch, head, time, width of a head)."""
        return states.view(*states.shape[:-1], HEADS, -1).transpose(1, 2)


class Layer(nn.Module):
    """Attention and a feed-forward network: a way past each, and a norm."""

    def __init__(self, crossing: bool = False) -> None:
        super().__init__()
        self.self_attention = Attention()
        if MODEL.name != "causal":
            self.cross_attention = Attention() if crossing else None
        self.expand, self.contract = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        kinds = ("self", "cross", "feedforward") if MODEL.name != "causal" and crossing else ("self", "feedforward")
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(WIDTH) for kind in kinds})

    def forward(self, states: Tensor, mask: Tensor | None = None, source: Tensor | None = None) -> Tensor:
        """Return what becomes of ``states``; ``source`` is what a layer that is crossing looks at."""
        if MODEL.norm == "pre":
            read = self.norms["self"](states)
            states = states + self.self_attention(read, read, mask)
            if MODEL.name != "causal" and self.cross_attention is not None:
                states = states + self.cross_attention(self.norms["cross"](states), source)
            return states + self.feed(self.norms["feedforward"](states))
        states = self.norms["self"](states + self.self_attention(states, states, mask))
        if MODEL.name != "causal" and self.cross_attention is not None:
            states = self.norms["cross"](states + self.cross_attention(states, source))
        result: Tensor = self.norms["feedforward"](states + self.feed(states))
        return result

    def feed(self, read: Tensor) -> Tensor:
        """Return what the feed-forward network makes of each position."""
        result: Tensor = self.contract(F.relu(self.expand(read)))
        return result


class Stack(nn.Module):
    """Layers, one after the other."""

    def __init__(self, crossing: bool = False) -> None:
        super().__init__()
        if MODEL.positions == "learned":
            self.positions = nn.Parameter(torch.empty(MODEL.learned_positions, WIDTH))
        if MODEL.name == "causal":
            self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        else:
            self.layers = nn.ModuleList(Layer(crossing) for _ in range(LAYERS))
        if MODEL.norm == "pre":
            self.norm = nn.LayerNorm(WIDTH)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw matrices from Xavier's uniform; biases are 0."""
        if MODEL.positions == "learned":
            self.positions.normal_(0, 0.02, generator=generator)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight, generator=generator)
                module.bias.zero_()

    def forward(self, states: Tensor, mask: Tensor | None = None, source: Tensor | None = None) -> Tensor:
        """Return what the layers make of ``states``."""
        if MODEL.positions == "learned":
            states = states + self.positions[: states.shape[1]]
        elif MODEL.positions == "sinusoidal":
            states = states + sinusoids(states.shape[1])
        for layer in self.layers:
            states = layer(states, mask) if MODEL.name == "causal" else layer(states, mask, source)
        if MODEL.norm == "pre":
            states = self.norm(states)
        return states


def sinusoids(count: int, width: int = WIDTH) -> Tensor:
    """Return what is added at each position: at even places sin(t / 10000^(i/width)), and after each the cosine."""
    times = torch.arange(count, dtype=torch.float64).unsqueeze(1)
    angles = times * torch.exp(torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(10_000) / width))
    return torch.stack([torch.sin(angles), torch.cos(angles)], dim=-1).flatten(1).float()


class CausalTransformer(nn.Module):
    """A stack in which each position sees those up to itself, and a linear readout."""

    def __init__(self, input_size: int, output_size: int) -> None:
        super().__init__()
        self.embedding = nn.Linear(input_size, WIDTH, bias=False)
        self.decoder = Stack()
        self.readout = nn.Linear(WIDTH, output_size)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        self.decoder.initialise(generator)
        initialise_ends([self.embedding], self.readout, generator)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the answers to ``inputs``."""
        states = self.decoder(self.embedding(inputs) * math.sqrt(WIDTH), causal_mask(inputs.shape[1]))
        if PLAN.answer == "last":
            states = states[:, -1]  # one answer, at the last step
        answers: Tensor = self.readout(states)
        return answers


class Transformer(nn.Module):
    """An encoder reads a sentence all at once, a decoder writes another."""

    def __init__(self, source_words: int, target_words: int) -> None:
        super().__init__()
        self.source_embedding = nn.Embedding(source_words, WIDTH)
        self.target_embedding = nn.Embedding(target_words, WIDTH)
        self.encoder, self.decoder = Stack(), Stack(crossing=True)
        self.readout = nn.Linear(WIDTH, target_words)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        self.encoder.initialise(generator)
        self.decoder.initialise(generator)
        initialise_ends([self.source_embedding, self.target_embedding], self.readout, generator)

    def forward(self, source: Tensor, targets: Tensor) -> Tensor:
        """Return the logits of each next word of ``targets``."""
        states = self.encoder(self.source_embedding(source) * math.sqrt(WIDTH))
        right = read_for(targets)  # what the decoder reads: the right previous words
        written = self.target_embedding(right) * math.sqrt(WIDTH)
        logits: Tensor = self.readout(self.decoder(written, causal_mask(right.shape[1]), states))
        return logits
