"""How weights begin.

An initialisation is of the recurrent matrices, one H×H block for each gate. What else there is begins so:

- ``default``: everything of the cell from U(-1/√H, 1/√H), as PyTorch does.
- every other: input weights from U(-1/√H, 1/√H), biases 0; ``identity`` with ReLU makes the first layer's input weights
  Gaussian with standard deviation 0.001, which together is the IRNN of Le, Jaitly & Hinton (2015).
- the readout: as PyTorch's Linear does, from U(-1/√n, 1/√n) where n is the number of its inputs.

PyTorch's cells have two bias vectors that are added; where a bias is set here, it is their sum that is meant.
"""

import math
from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.experiment.model import RecurrentConfig

Matrix = Float[Tensor, "unit unit"]
Draw = Callable[[Matrix, float, torch.Generator], None]


def normal(matrix: Matrix, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from a Gaussian with standard deviation scale/√H."""
    matrix.normal_(0, scale / math.sqrt(len(matrix)), generator=generator)


def small(matrix: Matrix, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from a Gaussian with standard deviation 0.01 × scale."""
    matrix.normal_(0, 0.01 * scale, generator=generator)


def xavier(matrix: Matrix, scale: float, generator: torch.Generator) -> None:
    """Fill ``matrix`` from U(-b, b), b = scale·√(6/(H + H)).

    Source:
        Glorot & Bengio (2010), equation 16.
    """
    nn.init.xavier_uniform_(matrix, gain=scale, generator=generator)


def orthogonal(matrix: Matrix, scale: float, generator: torch.Generator) -> None:
    """Make ``matrix`` a random orthogonal one times scale: every singular value is scale.

    Source:
        Saxe, McClelland & Ganguli (2014), https://arxiv.org/abs/1312.6120
    """
    nn.init.orthogonal_(matrix, gain=scale, generator=generator)


def identity(matrix: Matrix, scale: float, generator: torch.Generator) -> None:
    """Make ``matrix`` the identity times scale.

    Source:
        Le, Jaitly & Hinton (2015), https://arxiv.org/abs/1504.00941
    """
    matrix.copy_(scale * torch.eye(len(matrix)))


def sparse(matrix: Matrix, scale: float, generator: torch.Generator) -> None:
    """Give each unit 15 Gaussian weights from others (all, where there are fewer), at spectral radius 0.95 × scale.

    Source:
        Pascanu, Mikolov & Bengio (2013), "smart tanh", https://arxiv.org/abs/1211.5063
    """
    size = len(matrix)
    kept = torch.rand(size, size, generator=generator).argsort(dim=1) < 15
    weights = torch.randn(size, size, generator=generator) * kept
    radius = torch.linalg.eigvals(weights).abs().max()
    matrix.copy_(0.95 * scale / radius * weights)


RECURRENT: Mapping[str, Draw] = {
    "normal": normal,
    "small": small,
    "xavier": xavier,
    "orthogonal": orthogonal,
    "identity": identity,
    "sparse": sparse,
}


@torch.no_grad()
def initialise(rnn: nn.Module, readout: nn.Linear, config: RecurrentConfig, generator: torch.Generator) -> None:
    """Draw every weight of the network anew, from ``generator`` alone."""
    uniform(rnn, 1 / math.sqrt(config.hidden_size), generator)
    uniform(readout, 1 / math.sqrt(readout.in_features), generator)
    if config.initialisation != "default":
        draw_recurrent(rnn, RECURRENT[config.initialisation], config.scale, generator)
    if config.initialisation == "identity" and config.activation == "relu":
        draw_small_inputs(rnn, generator)
    if config.chrono:
        set_chrono_biases(rnn, config.spec.gate_count, config.spec.chrono_signs, config.chrono, generator)
    elif config.forget_bias is not None:
        set_forget_bias(rnn, config.forget_bias)


def uniform(module: nn.Module, bound: float, generator: torch.Generator) -> None:
    """Fill every parameter of ``module`` from U(-bound, bound), in order."""
    for parameter in module.parameters():
        parameter.uniform_(-bound, bound, generator=generator)


def draw_recurrent(rnn: nn.Module, draw: Draw, scale: float, generator: torch.Generator) -> None:
    """Fill each gate's block of each recurrent matrix by ``draw``, and set the biases to 0."""
    for name, parameter in rnn.named_parameters():
        if name.startswith("weight_hh"):
            for block in parameter.chunk(len(parameter) // parameter.shape[1]):
                draw(block, scale, generator)
        elif name.startswith("bias"):
            parameter.zero_()


def draw_small_inputs(rnn: nn.Module, generator: torch.Generator) -> None:
    """Fill the first layer's input weights from a Gaussian with standard deviation 0.001."""
    for name, parameter in rnn.named_parameters():
        if name.startswith("weight_ih_l0"):
            parameter.normal_(0, 0.001, generator=generator)


def set_forget_bias(lstm: nn.Module, value: float) -> None:
    """Make the forget gate's bias ``value`` in every layer: the sum of the two vectors PyTorch keeps.

    Source:
        Gers, Schmidhuber & Cummins (2000); Jozefowicz, Zaremba & Sutskever (2015).
    """
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias"):
            _, forget, _, _ = parameter.chunk(4)  # PyTorch's order: input, forget, candidate, output
            forget.fill_(value if name.startswith("bias_ih") else 0.0)


def set_chrono_biases(rnn: nn.Module, gates: int, signs: Mapping[int, int], longest: int, generator: torch.Generator) -> None:
    """Draw the biases that give the units characteristic times from 1 to ``longest`` steps.

    LSTM: b_forget = log U(1, longest - 1), b_input = -b_forget. GRU: b_update = log U(1, longest - 1), because
    PyTorch's update gate is the share of the *old* state that is kept (the paper's gate is the share of the new).

    Args:
        rnn: recurrent layers.
        gates: how many are stacked in a bias vector.
        signs: the bias of each gate that keeps (1) or forgets (-1), by its place among the gates.
        longest: steps.
        generator: draws one number for each unit.

    Source:
        Tallec & Ollivier (2018), section 2 and equation 16, https://arxiv.org/abs/1804.11188
    """
    for name, parameter in rnn.named_parameters():
        if not name.startswith("bias"):
            continue
        (first, *others), blocks = signs, parameter.chunk(gates)
        if name.startswith("bias_ih"):
            times = blocks[first].uniform_(1, longest - 1, generator=generator).log_()
            for gate in others:
                blocks[gate].copy_(signs[gate] * signs[first] * times)
            times.mul_(signs[first])
        else:
            for gate in signs:
                blocks[gate].zero_()
