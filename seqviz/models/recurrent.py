"""Recurrent networks: a stack of fused recurrent layers, and a linear readout."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.experiment.model import RecurrentConfig
from seqviz.models.cells import recurrent_layers
from seqviz.models.dropout import dropped_states
from seqviz.models.filling import empty, filled
from seqviz.models.initialisation import initialise


class SequenceModel(nn.Module):
    """A recurrent network that answers at the last step, or at every step.

    Read in both directions, the answer at the last step is read off each direction's final state: the forward one's
    at the last position, the backward one's at position 0.
    """

    def __init__(self, rnn: Any, output_size: int, answer: str, dropout: str = "none", rate: float = 0.0) -> None:
        super().__init__()
        self.dropout, self.rate = dropout, rate
        self.rnn = rnn
        self.readout = nn.Linear(rnn.hidden_size * (2 if rnn.bidirectional else 1), output_size)
        self.answer = answer

    def forward(self, inputs: Float[Tensor, "batch time input"]) -> Tensor:
        """Return what the network answers: (batch, output) at the last step, (batch, time, output) at every step."""
        states, _ = self.rnn(inputs)
        return self.read(states)

    def answers(
        self, inputs: Float[Tensor, "batch time input"], targets: Tensor, coins: torch.Generator | None = None
    ) -> Tensor:
        """Return the answers that training judges: those to ``inputs``; no targets are read.

        Connections are dropped by ``coins``; without any nothing is dropped.
        """
        if coins is not None and self.dropout != "none":
            return self.read(dropped_states(self.rnn, inputs, self.dropout, self.rate, coins))
        answers: Tensor = self(inputs)
        return answers

    def read(self, states: Float[Tensor, "batch time state"]) -> Tensor:
        """Return the answers that the readout gives for the last layer's ``states``."""
        if self.answer == "last" and self.rnn.bidirectional:
            forward, backward = states.chunk(2, dim=2)
            states = torch.cat([forward[:, -1], backward[:, 0]], dim=1)
        elif self.answer == "last":
            states = states[:, -1]
        answers: Tensor = self.readout(states)
        return answers


def build_model(
    config: RecurrentConfig, *, input_size: int, output_size: int, answer: str, generator: torch.Generator
) -> SequenceModel:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: cell, sizes and initialisation.
        input_size: numbers read at each step.
        output_size: numbers answered.
        answer: ``last`` or ``every``: at which steps it answers.
        generator: a CPU generator; the global random state is left alone.
    """
    model = _empty_model(config, input_size, output_size, answer)
    initialise(model.rnn, model.readout, config, generator)
    return model


def trained_model(config: RecurrentConfig, weights: Mapping[str, np.ndarray], *, answer: str) -> SequenceModel:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names.

    How much it reads and answers at each step is read off the weights.

    Args:
        config: cell and sizes.
        weights: as the store keeps them.
        answer: ``last`` or ``every``: at which steps it answers.
    """
    input_size, output_size = weights["rnn.weight_ih_l0"].shape[1], weights["readout.weight"].shape[0]
    return filled(_empty_model(config, input_size, output_size, answer), weights)


def build_rnn(config: RecurrentConfig, input_size: int) -> Any:
    """Return the recurrent layers alone, with PyTorch's own initial weights."""
    return recurrent_layers(
        config.name, input_size, config.hidden_size, activation=config.activation,
        num_layers=config.layers, bidirectional=config.bidirectional, batch_first=True,
    )  # fmt: skip


def _empty_model(config: RecurrentConfig, input_size: int, output_size: int, answer: str) -> SequenceModel:
    return empty(lambda: SequenceModel(build_rnn(config, input_size), output_size, answer, config.dropout, config.dropout_rate))
