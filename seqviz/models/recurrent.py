"""Recurrent networks: a stack of fused recurrent layers, and a linear readout."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.experiment.model import RecurrentConfig
from seqviz.models.cells import recurrent_layers
from seqviz.models.dropout import dropped_states
from seqviz.models.initialisation import initialise
from seqviz.models.truncated import truncated_states


class SequenceModel(nn.Module):
    """A recurrent network that answers at the last step, or at every step.

    Read in both directions, the answer at the last step is read off each direction's final state: the forward one's
    at the last position, the backward one's at position 0.
    """

    def __init__(self, config: RecurrentConfig, input_size: int, output_size: int, answer: str) -> None:
        super().__init__()
        self.config, self.answer = config, answer
        self.dropout, self.rate = config.dropout, config.dropout_rate
        self.rnn = recurrent_layers(
            config.name, input_size, config.hidden_size, activation=config.activation,
            num_layers=config.layers, bidirectional=config.bidirectional, batch_first=True,
        )  # fmt: skip
        self.readout = nn.Linear(config.hidden_size * (2 if config.bidirectional else 1), output_size)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``, as its settings say."""
        initialise(self.rnn, self.readout, self.config, generator)

    def forward(self, inputs: Float[Tensor, "batch time input"]) -> Tensor:
        """Return what the network answers: (batch, output) at the last step, (batch, time, output) at every step."""
        states, _ = self.rnn(inputs)
        return self.read(states)

    def answers(
        self, inputs: Float[Tensor, "batch time input"], targets: Tensor, coins: torch.Generator | None = None
    ) -> Tensor:
        """Return the answers that training judges: those to ``inputs``; no targets are read.

        Connections are dropped by ``coins``, and the gradient is cut where its settings say; without coins neither is done.
        """
        if coins is not None and self.dropout != "none":
            return self.read(dropped_states(self.rnn, inputs, self.dropout, self.rate, coins))
        if coins is not None and self.config.backpropagation == "truncated":
            window, stride, carried = self.config.window, self.config.cut_every, self.config.carried
            return self.read(truncated_states(self.rnn, inputs, window, stride, carried=carried))
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
