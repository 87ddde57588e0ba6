"""Feed-forward networks, written out: every layer's input and output is available."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

Points = Float[Tensor, "*more batch _"]  # several batches may be read at once
Draw = Callable[[Tensor, float, torch.Generator], None]


class Feedforward(nn.Module):
    """Layers on top of each other, each F(v) = φ(norm(W v + b)), and a linear readout.

    Plain: h_l = F(h_{l-1}); residual: h_l = h_{l-1} + F(h_{l-1}); highway: h_l = g F(h_{l-1}) + (1 - g) h_{l-1} with the gate
    g = σ(W_g h_{l-1} + b_g); dense: h_l = F([x, h_1, …, h_{l-1}]), whose readout reads them all. In each, h_1 = F(x).
    """

    def __init__(self, config: Any, input_size: int, output_size: int) -> None:
        super().__init__()
        self.config = config
        size, depth, dense = config.hidden_size, config.depth, config.name == "dense"
        reads = [input_size + size * layer if dense else (size if layer else input_size) for layer in range(depth)]
        self.linears = nn.ModuleList(nn.Linear(count, size) for count in reads)
        self.gates = nn.ModuleList(nn.Linear(size, size) for _ in range(depth - 1 if config.name == "highway" else 0))
        self.norms = nn.ModuleList(Norm(size, config.normalisation) for _ in range(depth))
        self.readout = nn.Linear(input_size + size * depth if dense else size, output_size)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew: those of layers as the settings say, the readout's as PyTorch does.

        Biases are 0, those of gates as the settings say; with PyTorch's own initialisation the layers' are drawn too.
        """
        draw = WEIGHTS[self.config.initialisation]
        for linear in [*self.linears, *self.gates]:
            draw(linear.weight, self.config.scale, generator)
            if self.config.initialisation == "default":
                bound = 1 / math.sqrt(linear.in_features)
                linear.bias.uniform_(-bound, bound, generator=generator)
            else:
                linear.bias.zero_()
        for gate in self.gates:
            gate.bias.fill_(self.config.gate_bias)  # type: ignore[operator]
        bound = 1 / math.sqrt(self.readout.in_features)
        self.readout.weight.uniform_(-bound, bound, generator=generator)
        self.readout.bias.uniform_(-bound, bound, generator=generator)

    def forward(self, inputs: Points) -> Points:
        """Return one answer to each point."""
        return self.read([inputs, *self.states(inputs)])

    def answers(self, inputs: Points, targets: Tensor, coins: torch.Generator | None = None) -> Tensor:
        """Return the answers that training judges: those to ``inputs``; no targets are read and no coins tossed."""
        return self.forward(inputs)

    def states(self, inputs: Points, before: Sequence[Tensor] = ()) -> list[Tensor]:
        """Return the state h of every layer, the lowest first.

        Args:
            inputs: points.
            before: the states of the lowest layers, where these are given rather than computed.
        """
        known = [inputs, *before]
        for layer in range(len(before), len(self.linears)):
            known.append(self.state(layer, known))
        return known[1:]

    def state(self, layer: int, known: Sequence[Tensor]) -> Tensor:
        """Return the state of one layer (0 is the lowest), given the inputs and the states of all layers below."""
        below = torch.cat(list(known), dim=-1) if self.config.name == "dense" else known[-1]
        activate = getattr(torch, self.config.activation)
        new: Tensor = activate(self.norms[layer](self.linears[layer](below)))
        if layer and self.config.name == "residual":
            return below + new
        if layer and self.config.name == "highway":
            gate = torch.sigmoid(self.gates[layer - 1](below))
            return gate * new + (1 - gate) * below
        return new

    def read(self, known: Sequence[Tensor]) -> Tensor:
        """Return the answers, given the inputs and all states."""
        answers: Tensor = self.readout(torch.cat(list(known), dim=-1) if self.config.name == "dense" else known[-1])
        return answers


class Norm(nn.Module):
    """Makes mean 0 and variance 1 over the batch, or over a layer's units, then scales and shifts each unit as is learned.

    A batch is always taken by its own mean and variance, in training and after.

    Source:
        Ioffe & Szegedy (2015), https://arxiv.org/abs/1502.03167; Ba, Kiros & Hinton (2016), https://arxiv.org/abs/1607.06450
    """

    def __init__(self, size: int, over: str) -> None:
        super().__init__()
        self.over = over
        if over != "none":
            self.weight = nn.Parameter(torch.ones(size))
            self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, values: Tensor) -> Tensor:
        """Return ``values`` normalised, or as they are."""
        if self.over == "none":
            return values
        axis = -2 if self.over == "batch" else -1
        mean = values.mean(axis, keepdim=True)
        variance = values.var(axis, keepdim=True, unbiased=False)
        return (values - mean) / torch.sqrt(variance + 1e-5) * self.weight + self.bias


def default(matrix: Tensor, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from U(-1/√n, 1/√n), n being the numbers that a unit reads, as PyTorch does."""
    bound = 1 / math.sqrt(matrix.shape[1])
    matrix.uniform_(-bound, bound, generator=generator)


def xavier(matrix: Tensor, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from U(-b, b), b = scale·√(6/(read + written)).

    Source:
        Glorot & Bengio (2010), equation 16.
    """
    nn.init.xavier_uniform_(matrix, gain=scale, generator=generator)


def he(matrix: Tensor, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from a Gaussian with standard deviation scale·√(2/n), which keeps the size of what passes a ReLU.

    Source:
        He et al. (2015), equation 10, https://arxiv.org/abs/1502.01852
    """
    matrix.normal_(0, scale * math.sqrt(2 / matrix.shape[1]), generator=generator)


def orthogonal(matrix: Tensor, scale: float, generator: torch.Generator) -> None:
    """Make ``matrix`` a random one whose singular values are all scale.

    Source:
        Saxe, McClelland & Ganguli (2014), https://arxiv.org/abs/1312.6120
    """
    nn.init.orthogonal_(matrix, gain=scale, generator=generator)


def small(matrix: Tensor, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from a Gaussian with standard deviation 0.01 × scale."""
    matrix.normal_(0, 0.01 * scale, generator=generator)


WEIGHTS: Mapping[str, Draw] = {"default": default, "xavier": xavier, "he": he, "orthogonal": orthogonal, "small": small}


def draw_feedforward(network: Feedforward, generator: torch.Generator) -> None:
    """Draw every weight of ``network`` anew from ``generator``, as its settings say; norms begin as if they were not there."""
    for norm in network.norms:
        if network.config.normalisation != "none":
            norm.weight.fill_(1.0)  # type: ignore[operator]
            norm.bias.zero_()  # type: ignore[operator]
    network.initialise(generator)
