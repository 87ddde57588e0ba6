"""Recurrent modules that PyTorch lacks, following the protocol of :class:`torch.nn.RNN`."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class ElmanRNN(nn.RNNBase):
    """An Elman network h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh); its subclasses say which φ.

    Parameters, their names, their default initialisation, and the layouts of inputs and results are those of ``nn.RNN``.

    Args:
        input_size: features of the input.
        hidden_size: units of each layer and direction.
        num_layers: layers on top of each other.
        bias: whether there are bias vectors.
        batch_first: whether inputs are (batch, time, input) rather than (time, batch, input).
        dropout: probability between layers, in training mode.
        bidirectional: whether each layer also reads the sequence backwards.
        device: where the parameters live.
        dtype: of the parameters.
    """

    nonlinearity: str

    def __init__(  # noqa: PLR0913  the settings of nn.RNN
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        sizes = (input_size, hidden_size, num_layers)
        super().__init__("RNN_TANH", *sizes, bias, batch_first, dropout, bidirectional, device=device, dtype=dtype)
        self.mode = f"RNN_{self.nonlinearity.upper()}"  # RNNBase only accepts the modes of PyTorch's own kernels

    @staticmethod
    def activate(values: Tensor) -> Tensor:
        """Return φ of ``values``."""
        raise NotImplementedError

    def flatten_parameters(self) -> None:
        """Do nothing: there is no cuDNN kernel that wants one block of weights."""

    def forward(self, inputs: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the outputs of all steps and each layer's last state, as ``nn.RNN`` does."""
        unbatched = inputs.dim() == 2
        if unbatched:
            inputs = inputs.unsqueeze(0 if self.batch_first else 1)
            state = None if state is None else state.unsqueeze(1)
        values = inputs.transpose(0, 1) if self.batch_first else inputs
        if state is None:
            state = values.new_zeros(len(self.all_weights), values.shape[1], self.hidden_size)
        self.check_forward_args(inputs, state, None)
        output, final = self._layers(values, state)
        output = output.transpose(0, 1) if self.batch_first else output
        return (output.squeeze(0 if self.batch_first else 1), final.squeeze(1)) if unbatched else (output, final)

    def _layers(self, values: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        directions = 2 if self.bidirectional else 1
        finals = []
        for layer in range(self.num_layers):
            if layer and self.dropout:
                values = nn.functional.dropout(values, self.dropout, self.training)
            values, final = self._run_layer(values, state[layer * directions : (layer + 1) * directions], layer)
            finals.append(final)
        return values, torch.cat(finals)

    def _run_layer(self, values: Tensor, state: Tensor, layer: int) -> tuple[Tensor, Tensor]:
        directions = 2 if self.bidirectional else 1
        outputs, finals = [], []
        for direction in range(directions):
            ordered = values.flip(0) if direction else values
            hidden = self.scan(ordered, state[direction], self.all_weights[layer * directions + direction])
            finals.append(hidden[-1])
            outputs.append(hidden.flip(0) if direction else hidden)
        return torch.cat(outputs, dim=-1), torch.stack(finals)

    def scan(self, values: Tensor, hidden: Tensor, weights: Sequence[Tensor]) -> Tensor:
        """Return the states (time, batch, unit) that one layer with ``weights`` goes through in one direction."""
        input_weight, recurrent, *biases = weights
        bias = biases[0] + biases[1] if biases else None
        drive = nn.functional.linear(values, input_weight, bias)  # every step's input in one product
        turned = recurrent.t()
        states = []
        for step in drive.unbind(0):
            hidden = self.activate(torch.addmm(step, hidden, turned))
            states.append(hidden)
        return torch.stack(states)


class SigmoidRNN(ElmanRNN):
    """An Elman network with the logistic sigmoid.

    Example:
        >>> output, final = SigmoidRNN(3, 5, batch_first=True)(torch.zeros(2, 7, 3))
        >>> tuple(output.shape), tuple(final.shape)
        ((2, 7, 5), (1, 2, 5))
    """

    nonlinearity = "sigmoid"

    @staticmethod
    def activate(values: Tensor) -> Tensor:
        """Return 1/(1 + e^-v) of each value."""
        return torch.sigmoid(values)


class LinearRNN(ElmanRNN):
    """An Elman network without a nonlinearity: its gradients are powers of its recurrent matrix."""

    nonlinearity = "linear"

    @staticmethod
    def activate(values: Tensor) -> Tensor:
        """Return ``values`` as they are."""
        return values
