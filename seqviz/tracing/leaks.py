"""Whether anything crosses a reset, a padding or a sequence boundary, in any callable."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from seqviz.errors import TraceError
from seqviz.records.leaks import PADDING, Leaks
from seqviz.registry import shown
from seqviz.tracing.adjoint import norms
from seqviz.tracing.call import restored
from seqviz.tracing.lengths import GivenLengths, Lengths, packing_of

MODES = ("gradient", "state")
Boundaries = Sequence[Any] | Tensor | np.ndarray  # of whole numbers, of lists of them, or of flags


def leaks(
    step: Callable[..., Any],
    inputs: Any,
    boundaries: Boundaries = (),
    mode: str = "gradient",
    *,
    lengths: GivenLengths | None = None,
    batch_first: bool = False,
) -> Leaks:
    """Find what crosses from one sequence into another: past a reset, out of a padding, between sequences of a batch.

    By gradient, the output at each step is carried back to all inputs, one backward pass a step. By state, the input at each
    step is replaced and the outputs are compared bit by bit, two calls a step: this also finds what a detached state carries,
    and what discrete inputs (tokens) do.

    Args:
        step: any callable that takes ``inputs`` and returns one output for each step and sequence, as the first tensor of
            what it returns. It is called with the same random numbers each time; modules that it is, is bound to or refers
            to are left as they were.
        inputs: a tensor (time, batch, ...), or (time, feature) and (time,) of a single sequence; a ``PackedSequence``; a
            tuple of several arguments or a mapping of named ones, whose first tensor it is.
        boundaries: the first steps of new sequences, the same for the whole batch or a list for each sequence of it; or true
            at those steps, (time,) or laid out as the inputs are, as in ``done`` flags.
        mode: "gradient" or "state".
        lengths: of the sequences of a padded batch; what is computed after them does not matter, but they must not read it.
        batch_first: whether a batch is laid out as (batch, time, ...).

    Raises:
        TraceError: inputs, boundaries or lengths do not fit, there is nothing to check, ``step`` keeps something from call to
            call, or does not return one output for each step.

    Example:
        >>> rnn = nn.RNN(2, 4)
        >>> print(leaks(lambda x: rnn(x)[0], torch.randn(6, 1, 2), [3]).sentence)
        Leak: the output at step 3 depends on the input at step 2, across the boundary at step 3; 9 such pairs of steps.
        >>> bool(leaks(lambda x: torch.cat([rnn(part)[0] for part in x.split(3)]), torch.randn(6, 1, 2), [3], "state"))
        False
    """
    if mode not in MODES:
        raise TraceError(f'mode must be "gradient" or "state", got {shown(mode)}')
    asked = _asked(step, inputs, batch_first)
    segments = _segments(asked, boundaries, lengths)
    if asked.batch == 1 and bool((segments == segments[:, :1]).all()):
        raise TraceError("there is no boundary to check; give boundaries, lengths or a batch of several sequences")
    with torch.inference_mode(False), torch.enable_grad():
        influence, between = _by_gradient(asked) if mode == "gradient" else _by_state(asked)
    if not bool(influence.any() or between.any()):
        raise TraceError(_NOTHING[mode])
    return Leaks(
        influence=influence.permute(1, 0, 2).cpu().numpy(), between=between.cpu().numpy(), segments=segments, mode=mode
    )


def assert_no_leak(
    step: Callable[..., Any],
    inputs: Any,
    boundaries: Boundaries = (),
    mode: str = "gradient",
    *,
    lengths: GivenLengths | None = None,
    batch_first: bool = False,
) -> None:
    """Fail where :func:`leaks` finds something; for a test of your own.

    Raises:
        AssertionError: something leaks; it says from where to where.
        TraceError: as :func:`leaks` does.

    Example:
        >>> assert_no_leak(lambda x: x.cumsum(0), torch.ones(4, 1, 1), [2])
        Traceback (most recent call last):
        AssertionError: Leak: the output at step 2 depends on the input at step 1, across the boundary at step 2; 4 such ...
    """
    found = leaks(step, inputs, boundaries, mode, lengths=lengths, batch_first=batch_first)
    if found:
        raise AssertionError(found.sentence)


_NOTHING: Mapping[str, str] = {
    "gradient": "no gradient reaches any input, so nothing was checked; if step detaches its inputs, use mode='state'",
    "state": "no output changes with any input, so nothing was checked",
}


@dataclass(frozen=True)
class _Asked:
    """What is called, and the tensor among its inputs whose steps are followed."""

    run: Callable[[Tensor], Any]
    values: Tensor
    time_axis: int
    batch_axis: int | None  # None of a single sequence without an axis for it
    lengths: tuple[int, ...] | None  # of packed sequences
    modules: tuple[nn.Module, ...]

    @property
    def time(self) -> int:
        return self.values.shape[self.time_axis]

    @property
    def batch(self) -> int:
        return 1 if self.batch_axis is None else self.values.shape[self.batch_axis]

    def output(self, values: Tensor) -> Tensor:
        """Return what is computed from ``values``, (time, batch, ...), with the same random numbers at every call."""
        with _left_alone(self.modules, values.device):
            found = _first_tensor(self.run(values))
        if isinstance(found, PackedSequence):
            found = pad_packed_sequence(found)[0]
        if found is None:
            raise TraceError("step must return a tensor, or a tuple or mapping whose first tensor is its output")
        axes = [self.time_axis] if self.batch_axis is None else [self.time_axis, self.batch_axis]
        fits = found.dim() > max(axes) and all(found.shape[axis] == self.values.shape[axis] for axis in axes)
        if not fits:
            layout = {1: "time", 2: "time, batch"}[len(axes)] if axes[0] == 0 else "batch, time"
            allowed = ", ".join(str(self.values.shape[axis]) for axis in sorted(axes))
            shape = tuple(found.shape)
            raise TraceError(f"step must return one output for each step, ({layout}, ...) = ({allowed}, ...), got {shape}")
        return self.by_time(found)

    def by_time(self, values: Tensor) -> Tensor:
        """Return ``values``, laid out as the inputs are, as (time, batch, ...)."""
        return values.unsqueeze(1) if self.batch_axis is None else values.transpose(0, self.time_axis)

    def replaced(self, other: Tensor, time: int | None, sequence: int | None) -> Tensor:
        """Return the inputs with those of ``other`` at one step, of one sequence, or both; None means all."""
        changed = self.values.clone()
        times, sequences = slice(None) if time is None else time, slice(None) if sequence is None else sequence
        self.by_time(changed)[times, sequences] = self.by_time(other)[times, sequences]
        return changed


def _asked(step: Callable[..., Any], inputs: Any, batch_first: bool) -> _Asked:
    modules = tuple(_modules_of(step))
    if isinstance(inputs, PackedSequence):
        padded, lengths = pad_packed_sequence(inputs)
        packing, ends = packing_of(inputs), Lengths(tuple(lengths.tolist()), len(padded), padded.device)
        return _Asked(lambda values: step(packing.pack(values, ends)), padded.detach(), 0, 1, ends.each, modules)
    named = isinstance(inputs, Mapping)
    arguments = dict(inputs) if named else dict(enumerate(inputs if isinstance(inputs, tuple | list) else (inputs,)))
    place = next((name for name, one in arguments.items() if isinstance(one, Tensor) and one.dim()), None)
    if place is None:
        raise TraceError(f"inputs must hold a tensor with an axis for time, got {type(inputs).__name__}")

    def run(values: Tensor) -> Any:
        given = {**arguments, place: values}
        return step(**given) if named else step(*given.values())

    values = arguments[place].detach().clone()
    if 0 in values.shape:
        raise TraceError(f"inputs must have at least one step and one sequence, got shape {tuple(values.shape)}")
    if values.dim() == 1 or (values.dim() == 2 and values.is_floating_point()):
        return _Asked(run, values, 0, None, None, modules)
    return _Asked(run, values, int(batch_first), int(not batch_first), None, modules)


def _modules_of(step: Any) -> Iterator[nn.Module]:
    """Yield the modules that a callable is, is bound to, or refers to by name."""
    if isinstance(step, nn.Module):
        yield step
    elif isinstance(step, functools.partial):
        for part in (step.func, *step.args, *step.keywords.values()):
            yield from _modules_of(part)
    elif inspect.ismethod(step):
        yield from _modules_of(step.__self__)
        yield from _modules_of(step.__func__)
    elif inspect.isfunction(step):
        known = inspect.getclosurevars(step)
        yield from (one for one in (*known.nonlocals.values(), *known.globals.values()) if isinstance(one, nn.Module))
    else:
        yield from (one for one in getattr(step, "__dict__", {}).values() if isinstance(one, nn.Module))


@contextmanager
def _left_alone(modules: Sequence[nn.Module], device: torch.device) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(torch.random.fork_rng([device] if device.type == "cuda" else []))
        for module in modules:
            stack.enter_context(restored(module))
        yield


def _first_tensor(returned: Any) -> Tensor | PackedSequence | None:
    if isinstance(returned, Tensor | PackedSequence):
        return returned
    parts = returned.values() if isinstance(returned, Mapping) else returned if isinstance(returned, tuple | list) else ()
    return next((found for part in parts if (found := _first_tensor(part)) is not None), None)


def _by_gradient(asked: _Asked) -> tuple[Tensor, Tensor]:
    """Return the influence (out_time, batch, in_time) and between sequences (out_sequence, in_sequence)."""
    if not asked.values.is_floating_point():
        kind = str(asked.values.dtype).removeprefix("torch.")
        raise TraceError(f"no gradient reaches inputs that are whole numbers ({kind}); use mode='state', or give embeddings")
    start = asked.values.clone().requires_grad_()
    output = asked.output(start.clone())  # a copy: step may edit its inputs in place
    if not output.requires_grad:
        raise TraceError("step's output carries no gradient; use mode='state', or compute it without no_grad and detach")
    generator = torch.Generator().manual_seed(0)
    weighted = output * torch.randn(output.shape, generator=generator).to(output)  # no path has a gradient of 0 by chance

    def carried(part: Tensor) -> Tensor:
        (found,) = torch.autograd.grad(part.sum(), start, retain_graph=True, allow_unused=True)
        return _sizes(asked.by_time(torch.zeros_like(start) if found is None else found))

    influence = torch.stack([carried(weighted[time]) for time in range(asked.time)])
    between = torch.stack([carried(weighted[:, one]).amax(0) for one in range(asked.batch)])
    if _mixes(between):  # then a step's gradient is not of its own sequence alone
        each = [[carried(weighted[time, one])[:, one] for one in range(asked.batch)] for time in range(asked.time)]
        return torch.stack([torch.stack(row) for row in each]), between
    return influence.transpose(1, 2), between


def _by_state(asked: _Asked) -> tuple[Tensor, Tensor]:
    """Return the influence (out_time, batch, in_time) and between sequences (out_sequence, in_sequence)."""
    with torch.no_grad():
        before = asked.output(asked.values.clone())
        if bool(_changes(asked.output(asked.values.clone()), before).any()):
            raise TraceError(
                "step returns something else when it is called again with the same inputs: it keeps something from one call "
                "to the next, as a hidden state; start each call afresh"
            )
        others = _others(asked.values)

        def changed(time: int | None, sequence: int | None) -> Tensor:
            outputs = [asked.output(asked.replaced(other, time, sequence)) for other in others]
            return torch.stack([_changes(output, before) for output in outputs]).amax(0)

        influence = torch.stack([changed(time, None) for time in range(asked.time)], dim=2)
        between = torch.stack([changed(None, one).amax(0) for one in range(asked.batch)], dim=1)
        if _mixes(between):
            each = [[changed(time, one)[:, one] for one in range(asked.batch)] for time in range(asked.time)]
            return torch.stack([torch.stack(row, dim=1) for row in each], dim=2), between
        return influence, between


def _mixes(between: Tensor) -> bool:
    return bool(between.masked_fill(torch.eye(len(between), dtype=torch.bool, device=between.device), 0).ne(0).any())


def _sizes(gradient: Tensor) -> Tensor:
    """Return the norm of what arrives at each step and sequence."""
    flat = gradient.reshape(*gradient.shape[:2], -1)
    return norms(flat if flat.dtype == torch.float64 else flat.float())


def _changes(output: Tensor, before: Tensor) -> Tensor:
    """Return the largest change (time, batch) of any value; infinite where one of the two is not a number."""
    output, before = output.cpu(), before.cpu()
    same = (output == before) | (output.isnan() & before.isnan())
    change = (output.double() - before.double()).abs().nan_to_num(nan=torch.inf).masked_fill(same, 0.0)
    return change.reshape(*change.shape[:2], -1).amax(2)


def _others(values: Tensor) -> list[Tensor]:
    """Return two other tensors like ``values``, which differ from it everywhere: of whole numbers, made of those it holds."""
    generator = torch.Generator().manual_seed(0)
    if values.dtype == torch.bool:
        return [~values]
    if values.is_floating_point():
        spread = values.float().std() if values.numel() > 1 else values.new_zeros(())
        scale = spread if bool(spread.isfinite() & (spread > 0)) else torch.ones_like(spread)
        noise = (torch.randn(values.shape, generator=generator).to(values.device) * scale).to(values.dtype)
        return [values + noise, values - noise]
    kinds, index = torch.unique(values, return_inverse=True)
    if len(kinds) < 2:
        raise TraceError(f"inputs must hold at least two different whole numbers to exchange, got only {int(kinds[0])}")
    moved = torch.randint(1, len(kinds), (2, *values.shape), generator=generator).to(values.device)
    return [kinds[(index + one) % len(kinds)] for one in moved]


def _segments(asked: _Asked, boundaries: Boundaries, lengths: GivenLengths | None) -> np.ndarray:
    """Return to which sequence each step belongs, (batch, time)."""
    begins = np.zeros((asked.batch, asked.time), dtype=bool)
    flags = _flags(boundaries)
    if flags is not None:
        begins |= _laid_out(asked, flags)
    else:
        for row, times in zip(begins, _listed(asked, boundaries), strict=True):
            row[[time for time in times if time < asked.time]] = True
    begins[:, 0] = False
    segments = np.cumsum(begins, axis=1)
    for row, end in zip(segments, _ends(asked, lengths), strict=True):
        row[end:] = PADDING
    return segments


def _flags(boundaries: Any) -> np.ndarray | None:
    found = boundaries.cpu().numpy() if isinstance(boundaries, Tensor) else boundaries
    if isinstance(found, list | tuple) and found and all(isinstance(one, bool | np.bool_) for one in found):
        found = np.array(found)
    return found if isinstance(found, np.ndarray) and found.dtype == bool else None


def _laid_out(asked: _Asked, flags: np.ndarray) -> np.ndarray:
    """Return flags as (batch, time)."""
    if flags.shape == (asked.time,):
        return np.broadcast_to(flags, (asked.batch, asked.time))
    expected = (asked.time, asked.batch) if asked.time_axis == 0 else (asked.batch, asked.time)
    if flags.shape[:2] != expected or flags.size != asked.time * asked.batch:
        raise TraceError(f"boundaries that are true or false must have shape ({asked.time},) or {expected}, got {flags.shape}")
    found = flags.reshape(expected)
    return found.T if asked.time_axis == 0 else found


def _listed(asked: _Asked, boundaries: Any) -> list[list[int]]:
    """Return the first steps of new sequences, a list for each sequence of the batch."""
    given = boundaries.tolist() if isinstance(boundaries, Tensor | np.ndarray) else boundaries
    rows = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    if rows and all(isinstance(row, list | tuple | Tensor | np.ndarray) for row in rows):
        if len(rows) != asked.batch:
            raise TraceError(f"boundaries must be one list for each of the {asked.batch} sequences, got {len(rows)}")
        return [_steps(asked, row.tolist() if isinstance(row, Tensor | np.ndarray) else row) for row in rows]
    return [_steps(asked, rows)] * asked.batch


def _steps(asked: _Asked, given: Sequence[Any]) -> list[int]:
    wrong = [
        one for one in given if isinstance(one, bool) or not isinstance(one, int | np.integer) or not 0 <= one <= asked.time
    ]
    if wrong:
        allowed = f"the first steps of new sequences, whole numbers from 0 to {asked.time}"
        raise TraceError(f"boundaries must be {allowed}, got {shown(wrong[0])}")
    return [int(one) for one in given]


def _ends(asked: _Asked, lengths: GivenLengths | None) -> list[int]:
    if asked.lengths is not None:
        if lengths is not None:
            raise TraceError("a packed sequence has its lengths already; leave out lengths")
        return list(asked.lengths)
    if lengths is None:
        return [asked.time] * asked.batch
    given = lengths.tolist() if isinstance(lengths, Tensor | np.ndarray) else lengths
    listed = list(given) if isinstance(given, Sequence) else [given]
    good = [int(one) for one in listed if isinstance(one, int | np.integer) and 1 <= one <= asked.time]
    if len(good) != asked.batch or len(listed) != asked.batch:
        allowed = f"{asked.batch} whole numbers from 1 to {asked.time}, one for each sequence"
        raise TraceError(f"lengths must be {allowed}, got {shown(given)}")
    return good
