"""The recurrent cells: what PyTorch runs each by, one step of each written out, and the modules that PyTorch lacks.

A new cell is a subclass of :class:`OwnRNN` that says its weights and its step, and a line in :data:`KINDS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from seqviz.experiment.cells import CELL_SPECS

State = tuple[Tensor, ...]  # (hidden,) or (hidden, cell)
Weights = Mapping[str, Tensor]  # of one layer and direction: "weight_ih", "weight_hh", …
Step = Callable[[Tensor, Tensor, State, Weights], State]
Layer = Callable[..., Sequence[Tensor]]


def named_weights(rnn: Any, place: int) -> Weights:
    """Return the weights of one layer and direction of ``rnn`` by name; ``place`` counts directions within layers."""
    names = [name.rpartition("_l")[0] for name in rnn._all_weights[place]]
    return dict(zip(names, rnn.all_weights[place], strict=True))


def driven(values: Tensor, weights: Weights) -> Tensor:
    """Return what the inputs give each gate's pre-activation, gates side by side."""
    return nn.functional.linear(values, weights["weight_ih"], weights.get("bias_ih"))


def returned(read: Tensor, weights: Weights) -> Tensor:
    """Return what the state that the recurrent matrices read gives each gate's pre-activation."""
    return nn.functional.linear(read, weights["weight_hh"], weights.get("bias_hh"))


# One step of each cell. ``drive`` is what the input gives each gate, and ``read`` the hidden state as the recurrent matrix
# reads it, of which dropout may have hidden a part; ``state`` is all of the state before the step, each part (batch, unit).


def lstm_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the hidden and cell state of an LSTM after one more step."""
    entering, forget, candidate, output = (drive + returned(read, weights)).chunk(4, dim=1)
    cell = torch.sigmoid(forget) * state[1] + torch.sigmoid(entering) * torch.tanh(candidate)
    return torch.sigmoid(output) * torch.tanh(cell), cell


def gru_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the state of a GRU after one more step; its reset gate multiplies the candidate's product."""
    reset, update, candidate = drive.chunk(3, dim=1)
    back_reset, back_update, back_candidate = returned(read, weights).chunk(3, dim=1)
    new = torch.tanh(candidate + torch.sigmoid(reset + back_reset) * back_candidate)
    keep = torch.sigmoid(update + back_update)
    return ((1 - keep) * new + keep * state[0],)


def tanh_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the state of an RNN with tanh after one more step."""
    return (torch.tanh(drive + returned(read, weights)),)


def relu_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the state of an RNN with ReLU after one more step."""
    return (torch.relu(drive + returned(read, weights)),)


def sigmoid_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the state of an RNN with the logistic sigmoid after one more step."""
    return (torch.sigmoid(drive + returned(read, weights)),)


def linear_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the state of an RNN without a nonlinearity after one more step."""
    return (drive + returned(read, weights),)


class OwnRNN(nn.RNNBase):
    """A recurrent module that PyTorch lacks; layers, directions, layouts and default initialisation are those of ``nn.RNN``.

    A subclass says its ``kind``, how many states it carries, its weights (:meth:`shapes`) and its ``step``; or, where all
    steps can be done faster together, :meth:`scan`.

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

    kind: ClassVar[str]
    states: ClassVar[int] = 1

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
        # RNNBase knows only PyTorch's kernels: use its checks, not its weights
        super().__init__("RNN_TANH", *sizes, bias, batch_first, dropout, bidirectional, device="meta", dtype=dtype)
        self.mode = self.kind
        self._lay_out(device, dtype)
        self.reset_parameters()

    def _lay_out(self, device: torch.device | str | None, dtype: torch.dtype | None) -> None:
        """Replace RNNBase's weights by ones of the cell's own shapes."""
        directions, names = 2 if self.bidirectional else 1, list[list[str]]()
        for place, standard in enumerate(list(self._all_weights)):
            for name in standard:
                delattr(self, name)
            read = self.input_size if place < directions else self.hidden_size * directions
            shapes = self.shapes(read, self.hidden_size)
            end = standard[0].removeprefix("weight_ih")
            names.append([name + end for name in shapes if self.bias or not name.startswith("bias")])
            for name in names[-1]:
                weight = torch.empty(shapes[name.removesuffix(end)], device=device, dtype=dtype)
                self.register_parameter(name, nn.Parameter(weight))
        self._all_weights, self._flat_weights_names = names, [name for each in names for name in each]
        self._init_flat_weights()

    @classmethod
    def shapes(cls, read: int, size: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of one layer's weights in one direction, by name.

        Args:
            read: numbers read at each step.
            size: units.
        """
        raise NotImplementedError

    @staticmethod
    def step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
        """Return the state after one more step, as the steps above do."""
        raise NotImplementedError

    def flatten_parameters(self) -> None:
        """Do nothing: there is no cuDNN kernel that wants one block of weights."""

    def forward(self, inputs: Any, state: Any = None) -> Any:
        """Return the outputs of all steps and each layer's last state, as ``nn.RNN`` or, with two states, ``nn.LSTM`` does.

        Packed sequences are read one by one, each from zeros on.
        """
        if isinstance(inputs, nn.utils.rnn.PackedSequence):
            return self._one_by_one(nn.utils.rnn.unpack_sequence(inputs))
        unbatched = inputs.dim() == 2
        values = inputs.unsqueeze(1) if unbatched else inputs.transpose(0, 1) if self.batch_first else inputs
        given = None if state is None else state if isinstance(state, tuple) else (state,)
        if given is not None and unbatched:
            given = tuple(part.unsqueeze(1) for part in given)
        output, final = self._read(values, given)
        if unbatched:
            return output.squeeze(1), self._as_given(tuple(part.squeeze(1) for part in final))
        return (output.transpose(0, 1) if self.batch_first else output), self._as_given(final)

    def _one_by_one(self, sequences: Sequence[Tensor]) -> tuple[Any, Tensor | State]:
        outputs, finals = zip(*(self._read(one.unsqueeze(1), None) for one in sequences), strict=True)
        final = tuple(torch.cat(parts, dim=1) for parts in zip(*finals, strict=True))
        packed = nn.utils.rnn.pack_sequence([output.squeeze(1) for output in outputs], enforce_sorted=False)
        return packed, self._as_given(final)

    def _as_given(self, state: State) -> Tensor | State:
        return state if self.states > 1 else state[0]

    def _read(self, values: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Return what the top layer answers to ``values`` (time, batch, input), and every layer's last state."""
        directions, finals = 2 if self.bidirectional else 1, []
        shape = (self.num_layers * directions, values.shape[1], self.hidden_size)
        state = tuple(values.new_zeros(shape) for _ in range(self.states)) if state is None else state
        self._check(values, state, shape)
        for layer in range(self.num_layers):
            if layer and self.dropout:
                values = nn.functional.dropout(values, self.dropout, self.training)
            own = slice(layer * directions, (layer + 1) * directions)
            weights = [named_weights(self, place) for place in range(own.start, own.stop)]
            values, *final = scanned(self.scan)(values, tuple(part[own] for part in state), weights)
            finals.append(final)
        return values, tuple(torch.cat(parts) for parts in zip(*finals, strict=True))

    def _check(self, values: Tensor, state: State, shape: tuple[int, int, int]) -> None:
        self.check_input(values, None)
        for part in state:
            self.check_hidden_size(part, shape)

    @classmethod
    def scan(cls, values: Tensor, state: State, weights: Weights) -> State:
        """Return the states (time, batch, unit) that one layer with ``weights`` goes through in one direction."""
        states = []
        for drive in driven(values, weights).unbind(0):
            state = cls.step(drive, state[0], state, weights)
            states.append(state)
        return tuple(torch.stack(parts) for parts in zip(*states, strict=True))


class ElmanRNN(OwnRNN):
    """An Elman network h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh); its subclasses say which φ.

    Parameters, their names, their default initialisation, and the layouts of inputs and results are those of ``nn.RNN``.
    """

    nonlinearity: ClassVar[str]

    @staticmethod
    def activate(values: Tensor) -> Tensor:
        """Return φ of ``values``."""
        raise NotImplementedError

    @classmethod
    def shapes(cls, read: int, size: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of one layer's weights in one direction, by name."""
        return {"weight_ih": (size, read), "weight_hh": (size, size), "bias_ih": (size,), "bias_hh": (size,)}

    @classmethod
    def scan(cls, values: Tensor, state: State, weights: Weights) -> State:
        """Return the states (time, batch, unit) that one layer with ``weights`` goes through in one direction."""
        bias = weights["bias_ih"] + weights["bias_hh"] if "bias_ih" in weights else None
        drive = nn.functional.linear(values, weights["weight_ih"], bias)  # every step's input in one product
        (hidden,), turned = state, weights["weight_hh"].t()
        states = []
        for step in drive.unbind(0):
            hidden = cls.activate(torch.addmm(step, hidden, turned))
            states.append(hidden)
        return (torch.stack(states),)


class SigmoidRNN(ElmanRNN):
    """An Elman network with the logistic sigmoid.

    Example:
        >>> output, final = SigmoidRNN(3, 5, batch_first=True)(torch.zeros(2, 7, 3))
        >>> tuple(output.shape), tuple(final.shape)
        ((2, 7, 5), (1, 2, 5))
    """

    kind, nonlinearity = "RNN_SIGMOID", "sigmoid"
    step = staticmethod(sigmoid_step)

    @staticmethod
    def activate(values: Tensor) -> Tensor:
        """Return 1/(1 + e^-v) of each value."""
        return torch.sigmoid(values)


class LinearRNN(ElmanRNN):
    """An Elman network without a nonlinearity: its gradients are powers of its recurrent matrix."""

    kind, nonlinearity = "RNN_LINEAR", "linear"
    step = staticmethod(linear_step)

    @staticmethod
    def activate(values: Tensor) -> Tensor:
        """Return ``values`` as they are."""
        return values


def scanned(scan: Callable[[Tensor, State, Weights], State]) -> Layer:
    """Return what runs one layer, in one direction or in both, by ``scan``: as :func:`fused` does."""

    def layer(values: Tensor, state: State, weights: Sequence[Weights], *, train: bool = False) -> Sequence[Tensor]:
        runs = []
        for direction, own in enumerate(weights):
            runs.append(scan(values.flip(0) if direction else values, tuple(part[direction] for part in state), own))
        output = torch.cat([run[0].flip(0) if direction else run[0] for direction, run in enumerate(runs)], dim=-1)
        return output, *(torch.stack([part[-1] for part in parts]) for parts in zip(*runs, strict=True))

    return layer


def fused(kernel: Callable[..., Any]) -> Layer:
    """Return what runs one layer, in one direction or in both, by PyTorch's own ``kernel``.

    It takes values (time, batch, input), the state before the first step, each part (direction, batch, unit), and the weights
    of each direction; it returns the output (time, batch, direction·unit) and each part of the last state. On a GPU gradients
    are to be had only of what was read to ``train``.
    """

    def layer(values: Tensor, state: State, weights: Sequence[Weights], *, train: bool = False) -> Sequence[Tensor]:
        flat = [weight for own in weights for weight in own.values()]
        settings = ("bias_ih" in weights[0], 1, 0.0, train, len(weights) == 2, False)  # one layer, no dropout
        found: Sequence[Tensor] = kernel(values, state if len(state) > 1 else state[0], flat, *settings)
        return found

    return layer


def stepped(module: type[OwnRNN]) -> Callable[..., Any]:
    """Return one step of a module's cell, called as PyTorch's own cells are: ``cell(inputs, state, *weights)``."""
    names = tuple(module.shapes(1, 1))

    def cell(inputs: Tensor, state: Any, *weights: Tensor) -> Any:
        before, named = state if module.states > 1 else (state,), dict(zip(names, weights, strict=True))
        after = module.step(driven(inputs, named), before[0], before, named)
        return after if module.states > 1 else after[0]

    return cell


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What runs one kind of cell."""

    module: Any  # the class of its recurrent modules, whose ``forward`` is theirs
    states: int  # 1: hidden; 2: hidden and cell
    layer: Layer  # runs one layer: see :func:`fused`
    cell: Callable[..., Any]  # runs one step: ``torch.lstm_cell``
    step: Step  # likewise, written out


def own(module: type[OwnRNN]) -> Kind:
    """Return the kind of a module that PyTorch lacks."""
    return Kind(module=module, states=module.states, layer=scanned(module.scan), cell=stepped(module), step=module.step)


KINDS: Mapping[str, Kind] = {
    "LSTM": Kind(module=nn.LSTM, states=2, layer=fused(torch.lstm), cell=torch.lstm_cell, step=lstm_step),
    "GRU": Kind(module=nn.GRU, states=1, layer=fused(torch.gru), cell=torch.gru_cell, step=gru_step),
    "RNN_TANH": Kind(module=nn.RNN, states=1, layer=fused(torch.rnn_tanh), cell=torch.rnn_tanh_cell, step=tanh_step),
    "RNN_RELU": Kind(module=nn.RNN, states=1, layer=fused(torch.rnn_relu), cell=torch.rnn_relu_cell, step=relu_step),
    "RNN_SIGMOID": own(SigmoidRNN),
    "RNN_LINEAR": own(LinearRNN),
}


def recurrent_layers(cell: str, input_size: int, hidden_size: int, *, activation: str = "tanh", **settings: Any) -> Any:
    """Return the recurrent layers of the ``cell`` of that name, with PyTorch's own initial weights."""
    chosen = CELL_SPECS[cell].modules[activation]
    return KINDS[chosen.mode].module(input_size, hidden_size, **chosen.settings, **settings)
