"""Calls of recurrent layers and cells, with the gradients that their outputs then receive."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

Recurrent = nn.RNNBase | nn.RNNCellBase
NEAR = 200  # nodes of the graph that are searched for the call that a state comes from


@dataclass(eq=False)
class Call:
    """One call of a recurrent module, as it was made, and what came back."""

    inputs: Tensor | PackedSequence
    state: tuple[Tensor, ...]  # () where the module began with zeros
    output: Tensor | PackedSequence | None  # None of a cell
    final: tuple[Tensor, ...]  # the last state
    random: Tensor | None  # the random state before the call, where dropout used it
    follows: bool = False  # whether the state is the one that the call before returned
    gradients: dict[str, Tensor] = field(default_factory=dict)

    @property
    def has_gradient(self) -> bool:
        """Whether any backward pass reached it."""
        return bool(self.gradients)

    def listen(self) -> None:
        """Add up the gradients of all backward passes at what the call returned."""
        returned = {f"final {index}": part for index, part in enumerate(self.final)}
        if self.output is not None:
            returned["output"] = self.output.data if isinstance(self.output, PackedSequence) else self.output
        for name, part in returned.items():
            if part.requires_grad:
                part.register_hook(functools.partial(self._add, name))  # type: ignore[no-untyped-call]

    def _add(self, name: str, gradient: Tensor) -> None:
        before = self.gradients.get(name)
        self.gradients[name] = gradient.detach().clone() if before is None else before + gradient.detach()


def call_of(module: Recurrent, given: tuple[Any, ...], named: dict[str, Any], returned: Any, random: Tensor | None) -> Call:
    """Return a call by what a module was given and returned; what can be changed in place afterwards is copied."""
    arguments = dict(zip(("input", "hx"), given, strict=False)) | named
    inputs, state = arguments["input"], arguments.get("hx")
    states = () if state is None else tuple(state) if isinstance(state, tuple | list) else (state,)
    if isinstance(module, nn.RNNCellBase):
        output, last = None, returned
    else:
        output, last = returned
    final = tuple(last) if isinstance(last, tuple | list) else (last,)
    kept = inputs._replace(data=inputs.data.detach().clone()) if isinstance(inputs, PackedSequence) else inputs.detach().clone()
    return Call(kept, tuple(one.detach().clone() for one in states), output, final, random)


def comes_from(state: Sequence[Tensor], call: Call) -> bool:
    """Return whether ``state`` was computed from what ``call`` returned, itself or by a few operations."""
    wanted = {one.grad_fn for one in call.final if one.grad_fn is not None}
    if call.output is not None:
        output = call.output.data if isinstance(call.output, PackedSequence) else call.output
        wanted |= {output.grad_fn} if output.grad_fn is not None else set()
    return any(node in wanted for one in state for node in _ancestors(one.grad_fn))


def _ancestors(node: Any) -> Iterator[Any]:
    seen: set[Any] = set()
    waiting = [] if node is None else [node]
    while waiting and len(seen) < NEAR:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        yield one
        waiting += [before for before, _ in one.next_functions if before is not None]


def chains(calls: Sequence[Call]) -> list[list[Call]]:
    """Return the calls that gradients reached, each sequence's calls together, in order."""
    found: list[list[Call]] = []
    for call in calls:
        if call.follows and found:
            found[-1].append(call)
        else:
            found.append([call])
    return [chain for chain in found if any(call.has_gradient for call in chain)]


def gradient_of(call: Call, name: str, like: Tensor) -> Tensor:
    """Return what a call's output or final state received, zeros where nothing reached it."""
    found = call.gradients.get(name)
    return torch.zeros_like(like) if found is None else found


def sequences_of(module: Recurrent, call: Call) -> int:
    """Return how many sequences a call read."""
    if isinstance(call.inputs, PackedSequence):
        return int(call.inputs.batch_sizes[0])
    if isinstance(module, nn.RNNCellBase):
        return 1 if call.inputs.dim() == 1 else call.inputs.shape[0]
    return 1 if call.inputs.dim() == 2 else call.inputs.shape[0 if module.batch_first else 1]
