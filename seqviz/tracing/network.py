"""Read a recurrent module: what cell it has, its weights, and its inputs brought into one layout.

Inside ``seqviz.tracing`` sequences are (time, batch, unit), and a direction's arrays are in the order of processing:
the backward direction's are turned round, so that every direction looks like a forward one.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from seqviz.errors import TraceError, UnsupportedModelError
from seqviz.models.cells import KINDS, Kind
from seqviz.tracing.call import in_float32, is_hooked, takes_its_parameters, unwrapped, weights_of_next_call
from seqviz.tracing.lengths import Lengths, Packing, pack, packing_of, read_lengths, unpacked

State = Tensor | tuple[Tensor, Tensor]
HALVES = (torch.bfloat16, torch.float16)


def in_float64(values: Tensor) -> Tensor:
    """Return ``values`` in float64, on the CPU where their own device has none, as Apple's."""
    return (values.cpu() if values.device.type == "mps" else values).double()


@dataclass(frozen=True)
class Weights:
    """One layer's weights in one direction, detached; gates are stacked along the first axis in PyTorch's order."""

    named: Mapping[str, Tensor]  # all, in the module's own order

    @property
    def input(self) -> Tensor:
        """What multiplies the input (gates·unit, input)."""
        return self.named["weight_ih"]

    @property
    def recurrent(self) -> Tensor | None:
        """What multiplies the hidden state (gates·unit, unit); None where nothing does."""
        return self.named.get("weight_hh")

    @property
    def input_bias(self) -> Tensor | None:
        """What is added to the input's product (gates·unit,)."""
        return self.named.get("bias_ih")

    @property
    def recurrent_bias(self) -> Tensor | None:
        """What is added to the hidden state's product (gates·unit,)."""
        return self.named.get("bias_hh")

    @property
    def projection(self) -> Tensor | None:
        """What projects an LSTM's o·tanh(c) onto its hidden state (unit, cell unit), with ``proj_size``; None without."""
        return self.named.get("weight_hr")

    def double(self) -> "Weights":
        """Return the same in float64."""
        return Weights({name: in_float64(one) for name, one in self.named.items()})


@dataclass(frozen=True)
class Network:
    """A recurrent module that can be traced."""

    module: nn.RNNBase
    weights: tuple[tuple[Weights, ...], ...]  # by layer, then direction
    given: torch.dtype  # of the weights as the module holds them; half precision is traced in float32
    is_checked: bool = False  # whether a reading is held to a call of the module, since that runs more than its parameters

    @property
    def mode(self) -> str:
        """The cell, as its module calls it: "LSTM", "GRU", "RNN_TANH", …"""
        return self.module.mode

    @property
    def kind(self) -> Kind:
        """What runs the cell."""
        return KINDS[self.mode]

    @property
    def has_cell(self) -> bool:
        """Whether there is a cell state beside the hidden state."""
        return self.kind.states == 2

    @property
    def layers(self) -> int:
        """How many layers are stacked."""
        return len(self.weights)

    @property
    def directions(self) -> int:
        """2 in a bidirectional network, else 1."""
        return len(self.weights[0])

    @property
    def units(self) -> int:
        """Units of one layer's hidden state in one direction."""
        return self.module.proj_size or self.module.hidden_size

    @property
    def cell_units(self) -> int:
        """Units of one layer's cell state in one direction."""
        return self.module.hidden_size

    @property
    def dtype(self) -> torch.dtype:
        """The type of all weights."""
        return self.weights[0][0].input.dtype

    @property
    def device(self) -> torch.device:
        """Where the weights live."""
        return self.weights[0][0].input.device

    @property
    def note(self) -> str:
        """What a reader should know of how it is traced."""
        return f"The weights are {_plain(self.given)}; everything was traced in float32." if self.given in HALVES else ""

    def double(self) -> "Network":
        """Return the same network computing in float64."""
        return Network(self.module, tuple(tuple(one.double() for one in layer) for layer in self.weights), torch.float64)


@dataclass(frozen=True)
class Reading:
    """What a network is given to read."""

    inputs: Tensor  # (time, batch, input); 0 after a sequence's end
    hidden: Tensor  # initial states (layer·direction, batch, unit)
    cell: Tensor | None  # likewise, of an LSTM
    unbatched: bool = False
    lengths: Lengths | None = None  # where sequences end at different steps
    packing: Packing | None = None  # how they were packed, if they were

    def initial(self, network: Network, layer: int) -> tuple[Tensor, Tensor | None]:
        """Return one layer's initial states (direction, batch, unit): h, and an LSTM's c."""
        own = slice(layer * network.directions, (layer + 1) * network.directions)
        return self.hidden[own], None if self.cell is None else self.cell[own]

    def double(self) -> "Reading":
        """Return the same in float64."""
        cell = None if self.cell is None else in_float64(self.cell)
        return replace(self, inputs=in_float64(self.inputs), hidden=in_float64(self.hidden), cell=cell)

    def packed(self, lengths: Lengths) -> "Reading":
        """Return the same, packed; a padded batch of sequences with ``lengths`` in the order that PyTorch packs them in."""
        return self if self.packing is not None else replace(self, packing=packing_of(pack(self.inputs, lengths)))

    def alone(self, sample: int) -> "Reading":
        """Return one sequence of the batch, without the steps after its end."""
        end, own = self.lengths.each[sample] if self.lengths else len(self.inputs), slice(sample, sample + 1)
        cell = None if self.cell is None else self.cell[:, own]
        return Reading(inputs=self.inputs[:end, own], hidden=self.hidden[:, own], cell=cell)


@contextmanager
def untouched(*, runs_loss: bool = False) -> Iterator[None]:
    """Run the block on torch's plain rules, whatever the caller set: no graph, no autocast.

    Where it ``runs_loss``, a caller's code, the random state is restored afterwards: a loss may use dropout.
    """
    cuda = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.no_grad())
        stack.enter_context(torch.autocast("cpu", enabled=False))
        if cuda:
            stack.enter_context(torch.autocast("cuda", enabled=False))
            stack.enter_context(_full_precision())
        if runs_loss:
            stack.enter_context(torch.random.fork_rng([torch.cuda.current_device()] if cuda else []))
        yield


@contextmanager
def _full_precision() -> Iterator[None]:
    """Let CUDA compute in float32 where it is asked to: TF32 rounds states to 1e-3, and gates are recomputed from them."""
    products = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    try:
        with torch.backends.cudnn.flags(enabled=torch.backends.cudnn.enabled, deterministic=True, allow_tf32=False):
            yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = products


def read_network(rnn: object) -> Network:
    """Return ``rnn`` as a network to trace.

    Raises:
        UnsupportedModelError: it is no recurrent module that seqviz knows, or has a setting that cannot be traced.
        TraceError: a weight is not finite.
    """
    module = _supported(unwrapped(rnn))
    given = next(module.parameters()).dtype
    module = in_float32(module) if given in HALVES else module
    directions, own = 2 if module.bidirectional else 1, takes_its_parameters(module)
    taken = cast(Mapping[str, Tensor], module._parameters) if own else weights_of_next_call(module)
    each = [_weights(names, taken) for names in module._all_weights]
    rows = [tuple(each[first : first + directions]) for first in range(0, len(each), directions)]
    return Network(module=module, weights=tuple(rows), is_checked=not own or is_hooked(module), given=given)


def _supported(rnn: object) -> nn.RNNBase:
    name = type(rnn).__name__
    kind = KINDS.get(rnn.mode) if isinstance(rnn, nn.RNNBase) else None
    if not isinstance(rnn, nn.RNNBase) or kind is None or not isinstance(rnn, kind.module):
        loop = "; a loop of it can be watched while it trains, with seqviz.watch" if isinstance(rnn, nn.RNNCellBase) else ""
        raise UnsupportedModelError(f"{name} cannot be traced; nn.RNN, nn.LSTM, nn.GRU and seqviz's own cells can{loop}")
    if type(rnn).forward is not kind.module.forward:
        raise UnsupportedModelError(f"{name} has a forward of its own, so it cannot be traced as {kind.module.__name__}")
    dtype = next(rnn.parameters()).dtype
    if dtype not in (torch.float32, torch.float64, *HALVES):
        raise UnsupportedModelError(f"weights must be real floating-point numbers to be traced, got {_plain(dtype)}")
    return rnn


def _weights(names: Sequence[str], taken: Mapping[str, Tensor]) -> Weights:
    for name in names:
        if not is_finite(taken[name]):
            raise TraceError(f"{name} holds NaN or infinity, so there is nothing to trace")
    return Weights({name.rpartition("_l")[0]: taken[name].detach() for name in names})


def read_inputs(network: Network, inputs: object, state: object = None, lengths: object = None) -> Reading:
    """Return ``inputs`` and ``state``, given in the module's own layout, in seqviz's.

    Args:
        network: what reads them.
        inputs: a tensor, or a ``PackedSequence``.
        state: the initial state; zeros where None.
        lengths: of the sequences of a padded batch; what comes after them is ignored.

    Raises:
        TraceError: wrong kind, type, device or shape, no time steps, no sequences, lengths that do not fit, or values that
            are not finite.
    """
    packing: Packing | None = None
    if isinstance(inputs, PackedSequence):
        if lengths is not None:
            raise TraceError("a packed sequence has its lengths already; leave out lengths")
        packing = packing_of(inputs)
        inputs, lengths = unpacked(inputs, network.module.batch_first)
    ends = None if lengths is None else read_lengths(lengths, inputs, network.module.batch_first)
    if ends is not None and isinstance(inputs, Tensor):
        inputs = inputs.detach().masked_fill(ends.padding(inputs, network.module.batch_first), 0)
    given = _tensor(network, inputs, "inputs")
    if given.dim() not in (2, 3) or given.shape[-1] != network.module.input_size:
        layout = "(batch, time, input)" if network.module.batch_first else "(time, batch, input)"
        allowed = f"{layout} or (time, input) with input = {network.module.input_size}"
        raise TraceError(f"inputs must have shape {allowed}, got {tuple(given.shape)}")
    unbatched = given.dim() == 2
    batch_first = network.module.batch_first and not unbatched
    values = given.unsqueeze(1) if unbatched else given.transpose(0, 1) if batch_first else given
    if 0 in values.shape[:2]:
        raise TraceError(f"inputs must have at least one time step and one sequence, got shape {tuple(given.shape)}")
    hidden, cell = _initial(network, state, values.shape[1], unbatched)
    return Reading(values, hidden, cell, unbatched, ends, packing)


def _initial(network: Network, state: object, batch: int, unbatched: bool) -> tuple[Tensor, Tensor | None]:
    sizes = [network.units, network.cell_units] if network.has_cell else [network.units]
    shapes = [(network.layers * network.directions, batch, size) for size in sizes]
    if state is None:
        zeros = [torch.zeros(shape, dtype=network.dtype, device=network.device) for shape in shapes]
        return zeros[0], zeros[1] if network.has_cell else None
    parts = state if network.has_cell else (state,)
    if not isinstance(parts, tuple | list) or len(parts) != len(shapes):
        raise TraceError("state must be a pair of tensors (h_0, c_0) for an LSTM, one tensor otherwise")
    tensors = [_tensor(network, part, "state") for part in parts]
    for index, (tensor, shape) in enumerate(zip(tensors, shapes, strict=True)):
        expected = (shape[0], shape[2]) if unbatched else shape
        if tuple(tensor.shape) != expected:
            raise TraceError(f"state must have shape {expected}, got {tuple(tensor.shape)}")
        tensors[index] = tensor.reshape(shape)
    return tensors[0], tensors[1] if network.has_cell else None


def _tensor(network: Network, given: object, name: str) -> Tensor:
    if not isinstance(given, Tensor):
        raise TraceError(f"{name} must be a tensor, got {type(given).__name__}")
    if given.dtype != network.given:
        raise TraceError(f"{name} must be {_plain(network.given)}, like the weights, got {_plain(given.dtype)}")
    if given.device != network.device:
        raise TraceError(f"{name} must be on {network.device}, like the weights, got {given.device}")
    if not is_finite(given):
        raise TraceError(f"{name} must be finite, got NaN or infinity")
    return given.detach().to(network.dtype)


def is_finite(tensor: Tensor) -> bool:
    """Return whether every value is finite; a cheap sum is tried first, and checked for overflow."""
    return math.isfinite(tensor.sum().item()) or bool(tensor.isfinite().all())


def in_module_layout(network: Network, reading: Reading, output: Tensor) -> Any:
    """Return ``output`` (time, batch, unit) as the module itself would return it: packed, where packed input went in."""
    if reading.packing is not None and reading.lengths is not None:
        return reading.packing.pack(output, reading.lengths)
    if reading.unbatched:
        return output.squeeze(1)
    return output.transpose(0, 1) if network.module.batch_first else output


def _plain(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
