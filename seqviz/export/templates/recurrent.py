"""A recurrent network as a script has it."""

import torch
from torch import Tensor, nn

from seqviz.experiment import RecurrentConfig
from seqviz.export.plan import PLAN
from seqviz.models.dropout import dropped_states
from seqviz.models.initialisation import initialise
from seqviz.models.recurrent import build_rnn

MODEL = RecurrentConfig()


class Network(nn.Module):
    """Recurrent layers and a linear readout."""

    def __init__(self, input_size: int, output_size: int) -> None:
        super().__init__()
        self.rnn = build_rnn(MODEL, input_size)
        self.readout = nn.Linear(MODEL.hidden_size * (2 if MODEL.bidirectional else 1), output_size)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        initialise(self.rnn, self.readout, MODEL, generator)

    def forward(self, inputs: Tensor, coins: torch.Generator | None = None) -> Tensor:
        """Return the answers to ``inputs``."""
        if MODEL.dropout == "none":
            states, _ = self.rnn(inputs)
        else:
            assert coins is not None, "dropout is by coins"
            states = dropped_states(self.rnn, inputs, MODEL.dropout, MODEL.dropout_rate, coins)
        if PLAN.answer == "last" and MODEL.bidirectional:
            forward, backward = states.chunk(2, dim=2)
            states = torch.cat([forward[:, -1], backward[:, 0]], dim=1)  # one answer, from both final states
        elif PLAN.answer == "last":
            states = states[:, -1]  # one answer, at the last step
        answers: Tensor = self.readout(states)
        return answers
