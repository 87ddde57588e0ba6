"""A recurrent layer inside a whole model: what the model gives it to read, and what the model makes of its answer."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from seqviz.errors import TraceError, UnsupportedModelError
from seqviz.models.cells import KINDS
from seqviz.tracing.call import restored, unwrapped
from seqviz.tracing.losses import Loss


@dataclass(frozen=True)
class Inside:
    """A recurrent layer and what it reads, in its own layout."""

    layer: object
    inputs: Any
    state: Any
    rest: Callable[[Any, Any], Any] | None = None  # the layer's output and final state → what its model returns

    def loss(self, given: Callable[..., Any]) -> Loss:
        """Return a loss of the layer's output and final state; ``given`` takes what its model returns, if it has one."""
        rest = self.rest
        return given if rest is None else lambda output, final: given(rest(output, final))


def find_inside(model: object, inputs: Any, state: Any, name: str | None, lengths: Any = None) -> Inside:
    """Return the recurrent layer that is to be traced, and what it reads: ``model`` itself, or a layer inside it.

    Args:
        model: a recurrent module, or any module that calls one once.
        inputs: what ``model`` takes; a tuple holds several arguments of a whole model, a mapping named ones.
        state: the initial state of a recurrent module; a whole model makes its own.
        name: of the layer in ``model.named_modules()``; None for the only one.
        lengths: given for the sequences of a padded batch, or None.

    Raises:
        UnsupportedModelError: there is no such layer, or several and no ``name``.
        TraceError: ``state`` or ``lengths`` for a whole model, or a layer that it does not call, or more than once.
    """
    outer = unwrapped(model)
    if isinstance(outer, nn.RNNBase) or not isinstance(outer, nn.Module) or not (found := _layers(outer)):
        if name is not None:
            raise UnsupportedModelError(f"{type(outer).__name__} has no layers to choose from; leave out layer")
        return Inside(model, inputs, state)
    if name is None and len(found) > 1:
        raise UnsupportedModelError(
            f"{type(outer).__name__} has several recurrent layers; choose one by layer={_listed(found)}"
        )
    chosen = name if name is not None else next(iter(found))
    if chosen not in found:
        raise UnsupportedModelError(f"{type(outer).__name__} has no recurrent layer {chosen!r}; it has {_listed(found)}")
    if state is not None or lengths is not None:
        given = "state" if state is not None else "lengths"
        raise TraceError(f"{given} belongs to a recurrent layer; {type(outer).__name__} gives its layers their own")
    layer = found[chosen]
    return Inside(
        layer, *_read_by(outer, chosen, layer, inputs), rest=lambda *answer: _with_answer(outer, layer, inputs, answer)
    )


def _layers(model: nn.Module) -> dict[str, nn.RNNBase]:
    return {name: one for name, one in model.named_modules() if isinstance(one, nn.RNNBase) and one.mode in KINDS}


def _listed(found: Mapping[str, nn.Module]) -> str:
    return " or ".join(map(repr, found))


def _read_by(model: nn.Module, name: str, layer: nn.RNNBase, inputs: Any) -> tuple[Any, Any]:
    """Return the inputs and the state that ``layer`` is called with; the model, and the random state, stay as they are."""
    calls, takes = list[tuple[Any, ...]](), inspect.signature(layer.forward)

    def note(module: nn.Module, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        bound = takes.bind(*args, **named)
        bound.apply_defaults()
        calls.append(bound.args)

    with restored(model):
        handle = layer.register_forward_pre_hook(note, with_kwargs=True)
        try:
            _called(model, inputs)
        finally:
            handle.remove()
    if len(calls) != 1:
        times = f"{len(calls)} times" if calls else "not at all"
        raise TraceError(f"{name} is called {times} in one call of {type(model).__name__}; to be traced it must be called once")
    given, state = calls[0]
    return given, state


def _with_answer(model: nn.Module, layer: nn.RNNBase, inputs: Any, answer: tuple[Any, Any]) -> Any:
    """Return what the model returns where its layer answers ``answer``, with the same random numbers as before."""
    dtype = next(layer.parameters()).dtype
    in_own_type = _mapped(answer, lambda part: part.to(dtype))
    with restored(model), _answering(layer, in_own_type):
        return _called(model, inputs)


@contextmanager
def _answering(layer: nn.RNNBase, answer: Any) -> Iterator[None]:
    layer.forward = lambda *args, **named: answer
    try:
        yield
    finally:
        del layer.forward


def _mapped(given: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    if isinstance(given, nn.utils.rnn.PackedSequence):
        return given._replace(data=change(given.data))
    return tuple(_mapped(part, change) for part in given) if isinstance(given, tuple) else change(given)


def _called(model: nn.Module, inputs: Any) -> Any:
    if isinstance(inputs, nn.utils.rnn.PackedSequence):
        return model(inputs)
    if isinstance(inputs, Mapping):
        return model(**inputs)
    return model(*inputs) if isinstance(inputs, tuple) else model(inputs)
