"""A recurrent network as a script has it."""

import torch
from torch import Tensor, nn

from seqviz.experiment import RecurrentConfig
from seqviz.export.plan import PLAN
from seqviz.models.cells import KINDS
from seqviz.models.dropout import dropped_states
from seqviz.models.initialisation import initialise
from seqviz.models.truncated import truncated_states

MODEL = RecurrentConfig()
CELL = MODEL.spec.modules[MODEL.activation]


class Network(nn.Module):
    """Recurrent layers and a linear readout."""

    def __init__(self, input_size: int, output_size: int) -> None:
        super().__init__()
        module, size, both = KINDS[CELL.mode].module, MODEL.hidden_size, MODEL.bidirectional
        self.rnn = module(input_size, size, num_layers=MODEL.layers, bidirectional=both, batch_first=True, **CELL.settings)
        self.readout = nn.Linear(size * (2 if both else 1), output_size)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        initialise(self.rnn, self.readout, MODEL, generator)

    def forward(self, inputs: Tensor, coins: torch.Generator | None = None) -> Tensor:
        """Return the answers to ``inputs``."""
        if MODEL.backpropagation == "truncated":
            states = truncated_states(self.rnn, inputs, MODEL.window, MODEL.cut_every, carried=MODEL.carried)
        elif MODEL.dropout == "none":
            states, _ = self.rnn(inputs)
        else:
            assert coins is not None, "dropout is by coins"
            states = dropped_states(self.rnn, inputs, where=MODEL.dropout, rate=MODEL.dropout_rate, generator=coins)
        if PLAN.answer == "last" and MODEL.bidirectional:
            forward, backward = states.chunk(2, dim=2)
            states = torch.cat([forward[:, -1], backward[:, 0]], dim=1)  # one answer, from both final states
        elif PLAN.answer == "last":
            states = states[:, -1]  # one answer, at the last step
        answers: Tensor = self.readout(states)
        return answers
