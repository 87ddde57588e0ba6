"""Watch a training loop: nothing in it changes, and every so often one of its steps is seen from inside."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.hooks import RemovableHandle

from seqviz.errors import ConfigError, SeqvizError, UnsupportedModelError
from seqviz.models.cells import KINDS
from seqviz.records import WatchedLayer, WatchedStep
from seqviz.registry import shown
from seqviz.store.watched import WatchedWriter
from seqviz.tracing.network import untouched
from seqviz.watching.calls import Call, Recurrent, call_of, chains, comes_from, sequences_of
from seqviz.watching.heads import entropies
from seqviz.watching.norms import Arrivals, Scaling, norm_of, owned, total
from seqviz.watching.passes import Passed, kind_of, merged, passed, side_by_side, some
from seqviz.watching.relays import Relay

NOTHING_SEEN = (
    "no recurrent layer, cell or attention of PyTorch's was called in this step, so there is no gradient through time to see; "
    "loops of other layers cannot be told from outside"
)
MOST_CALLS = 5000  # of one layer in one step


def watch(model: nn.Module, every: int = 100, store: str | Path | None = None, *, relays: Sequence[Relay] = ()) -> "Watch":
    """Watch the training of ``model`` for as long as a ``with`` block runs.

    On every ``every``-th step of an optimizer that changes the model's weights, the first among them, you see the exact
    gradient through time of that step's own backward passes, in every recurrent layer and loop of cells; how far gates are
    open; the norm of the gradient before and after clipping; the entropy of attention. Gradients, weights and random state
    stay as they are. What cannot be seen is warned of once, and never stops the training.

    Args:
        model: the module whose weights are trained, compiled or not.
        every: how many steps lie between two that are watched.
        store: the folder, or any URL that fsspec knows, to which each watched step is written as it is taken, for
            ``seqviz open``; None keeps the steps in memory alone.
        relays: what each step is passed on to, as ``seqviz.watching.relays`` has them for TensorBoard and Weights & Biases.

    Raises:
        UnsupportedModelError: ``model`` is no module, or holds a scripted one: hooks do not see inside.
        ConfigError: ``every`` is no whole number from 1.
        StoreError: ``store`` cannot be written to.

    Example:
        >>> model, data = nn.LSTM(3, 5), torch.ones(7, 2, 3)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> with watch(model, every=2) as watched:
        ...     for _ in range(3):
        ...         loss = model(data)[0][-1].square().sum()
        ...         optimizer.zero_grad()
        ...         loss.backward()
        ...         optimizer.step()
        >>> [step.step for step in watched.steps], watched.steps[0].layers["LSTM"].flow.hidden_norms.shape
        ([0, 2], (1, 1, 2, 7))
    """
    if not isinstance(model, nn.Module):
        raise UnsupportedModelError(f"a model to watch must be a torch.nn.Module, got {type(model).__name__}")
    scripted = next((name for name, one in model.named_modules() if isinstance(one, torch.jit.ScriptModule)), None)
    if scripted is not None:
        where = f"its {scripted}" if scripted else "it"
        raise UnsupportedModelError(f"{type(model).__name__} cannot be watched: {where} is scripted, and can only be traced")
    if isinstance(every, bool) or not isinstance(every, int) or every < 1:
        raise ConfigError(f"every must be a whole number of steps from 1, got {shown(every)}")
    writer = None if store is None else WatchedWriter(str(store), type(_inside(model)).__name__, every)
    return Watch(model, every, writer, relays)


def _inside(model: nn.Module) -> nn.Module:
    """Return the module that ``torch.compile``, ``DataParallel`` and the like hold."""
    inner = getattr(model, "_orig_mod", None) or (
        model.module if isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel) else None
    )
    return _inside(inner) if isinstance(inner, nn.Module) else model


def _is_compiled(module: nn.Module) -> bool:
    return hasattr(module, "_orig_mod") or module._compiled_call_impl is not None


class Watch:
    """A training loop that is watched; made by :func:`watch`."""

    def __init__(self, model: nn.Module, every: int, writer: WatchedWriter | None, relays: Sequence[Relay] = ()) -> None:
        self.steps: list[WatchedStep] = []
        self._model, self._every, self._writer, self._relays = _inside(model), every, writer, relays
        self._compiled = any(hasattr(one, "_orig_mod") for one in model.modules()) or getattr(
            model, "_compiled_call_impl", None
        )
        self._averaged = any(isinstance(one, nn.parallel.DistributedDataParallel) for one in model.modules())
        self._weights = [weight for weight in self._model.parameters() if weight.requires_grad]
        self._done = 0  # steps that optimizers have taken
        self._seen: _Seen | None = None  # of the step that is being watched
        self._scaling = Scaling(self._skipped)
        self._handles: list[RemovableHandle] = []
        self._warned: set[str] = set()
        self._stance: Any = None

    @property
    def id(self) -> str | None:
        """The id of this run in its store; None without one."""
        return None if self._writer is None else self._writer.id

    def __enter__(self) -> "Watch":
        self._handles = [
            register_optimizer_step_pre_hook(self._before),
            register_optimizer_step_post_hook(lambda optimizer, *given: self._after(optimizer)),
        ]
        self._scaling.begin()
        self._look()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._look_away()
        for handle in self._handles:
            handle.remove()
        self._scaling.end()
        if self._writer is not None:
            with self._kept_from_stopping("writing"):
                self._writer.end(None if error is None else f"{type(error).__name__}: {error}")

    def _before(self, optimizer: Optimizer, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """See what an optimizer is about to apply: now, or once the closure has computed it that the step was given."""
        own = owned(optimizer, self._weights)
        if not own or self._seen is None:
            return None
        closure = named.get("closure", given[1] if len(given) > 1 else None)  # the first is the optimizer itself
        if closure is None:
            self._see(own)
            return None

        def heard() -> Any:
            found = closure()
            self._see(own)
            return found

        return (given[0],), {**named, "closure": heard}

    def _see(self, own: list[nn.Parameter]) -> None:
        if self._seen is None:
            return
        with self._kept_from_stopping("looking at a step"):
            step = self._seen.step(self._done, own, self._scaling.factor, self._averaged)
            self._seen = None  # a closure may be called again in the same step
            self.steps.append(step)
            self._pass_on(step)

    def _pass_on(self, step: WatchedStep) -> None:
        """Write a step, and hand it to the relays; where one of them fails, the others still get it."""
        if self._writer is not None:
            with self._kept_from_stopping("writing a step"):
                self._writer.write(step)
        for relay in self._relays:
            with self._kept_from_stopping("passing a step on"):
                relay(step)

    def _after(self, optimizer: Optimizer) -> None:
        if not owned(optimizer, self._weights):
            return
        self._scaling.took_a_step()
        self._done += 1
        self._look_away()
        if self._done % self._every == 0:
            self._look()

    def _skipped(self) -> None:
        """Begin again where a scaler found gradients that are not finite, and no step was taken."""
        if self._seen is not None:
            self._look_away()
            self._look()

    def _look(self) -> None:
        with self._kept_from_stopping("beginning to watch a step"):
            self._seen = _Seen(self._model, self._kept_from_stopping)
            if self._compiled:
                self._stance = torch.compiler.set_stance("force_eager")
                self._seen.notes.append("watched steps run eagerly, since a compiled graph runs no hooks")

    def _look_away(self) -> None:
        if self._seen is not None:
            self._seen.end()
            self._seen = None
        if self._stance is not None:
            torch.compiler.set_stance("default")
            self._stance = None

    @contextmanager
    def _kept_from_stopping(self, doing: str) -> Iterator[None]:
        """Turn an error of ours into a warning, once: a training must never stop because somebody watches it."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  whatever it is, it is told, and the training goes on
            said = str(error) if isinstance(error, SeqvizError) else f"{type(error).__name__}: {error}"
            if said not in self._warned:
                self._warned.add(said)
                warnings.warn(f"seqviz: {doing} failed: {said}", RuntimeWarning, stacklevel=2)


class _Seen:
    """What hooks have seen since the last step of an optimizer."""

    def __init__(self, model: nn.Module, guarded: Callable[[str], Any]) -> None:
        self._model, self._guarded, self._arrivals = model, guarded, Arrivals()
        self._names = {one: name or type(one).__name__ for name, one in model.named_modules()}
        self._calls: dict[Recurrent, list[Call]] = {}
        self._random: dict[Recurrent, Tensor] = {}
        self._entropies: dict[nn.Module, list[Tensor]] = {}
        self.notes: list[str] = []
        self._handles = self._arrivals.listen(list(model.parameters()))
        for one in model.modules():
            if isinstance(one, nn.RNNCellBase) or (isinstance(one, nn.RNNBase) and one.mode in KINDS):
                self._handles.append(one.register_forward_pre_hook(self._begins))
                self._handles.append(one.register_forward_hook(self._called, with_kwargs=True))
            elif isinstance(one, nn.MultiheadAttention):
                self._handles.append(one.register_forward_hook(self._attended, with_kwargs=True))

    def end(self) -> None:
        """Stop looking."""
        for handle in self._handles:
            handle.remove()

    def step(self, done: int, own: list[nn.Parameter], scale: float, averaged: bool) -> WatchedStep:
        """Return what was seen, now that an optimizer is about to change ``own``, and stop looking."""
        self.end()  # to be read again, a layer must be as it is without us
        before = None if averaged else self._arrivals.norm(own)
        after = total([norm_of(weight.grad) for weight in own if weight.grad is not None])
        layers: dict[str, WatchedLayer] = {}
        with untouched():
            for module, calls in self._calls.items():
                with self._guarded(f"reading {self._names[module]} again"):
                    found = self._layer(module, calls, scale)
                    if found is not None:
                        layers[self._names[module]] = found
        if not layers and not self._entropies:
            self.notes.append(NOTHING_SEEN)
        return WatchedStep(
            step=done,
            norm_before=None if before is None else before / scale,
            norm_after=after,
            layers=layers,
            entropies={self._names[one]: torch.stack(each).mean(dim=0).cpu().numpy() for one, each in self._entropies.items()},
            notes=tuple(dict.fromkeys(self.notes)),
            not_finite=self._not_finite(own),
        )

    def _layer(self, module: Recurrent, calls: list[Call], scale: float) -> WatchedLayer | None:
        every = chains(calls)
        if not every:
            return None
        found: list[Passed] = [passed(module, every[at], scale) for at in some(len(every))]
        self.notes += [f"{self._names[module]}: {note}" for one in found for note in (*one.notes, one.flow.note) if note]
        return WatchedLayer(
            kind=kind_of(module),
            flow=side_by_side([one.flow for one in found]),
            sequences=sum(sequences_of(module, chain[0]) for chain in every),
            left_saturated=merged([one.left for one in found]),
            right_saturated=merged([one.right for one in found]),
        )

    def _not_finite(self, own: list[nn.Parameter]) -> str:
        names = {id(weight): name for name, weight in self._model.named_parameters()}
        for weight in own:
            if weight.grad is not None and not bool(norm_of(weight.grad).isfinite()):
                return names[id(weight)]
        return ""

    def _begins(self, module: nn.Module, given: tuple[Any, ...]) -> None:
        assert isinstance(module, Recurrent)
        if isinstance(module, nn.RNNBase) and module.dropout and module.training and module.num_layers > 1:
            self._random[module] = torch.get_rng_state()

    def _called(self, module: nn.Module, given: tuple[Any, ...], named: dict[str, Any], returned: Any) -> None:
        assert isinstance(module, Recurrent)
        before = self._calls.setdefault(module, [])
        if not torch.is_grad_enabled() or len(before) >= MOST_CALLS:
            return
        with self._guarded(f"listening to {self._names[module]}"):
            call = call_of(module, given, named, returned, self._random.pop(module, None))
            state = named.get("hx", given[1] if len(given) > 1 else None)
            states = () if state is None else state if isinstance(state, tuple | list) else (state,)
            call.follows = bool(before) and comes_from(states, before[-1])
            call.listen()
            before.append(call)

    def _attended(self, module: nn.Module, given: tuple[Any, ...], named: dict[str, Any], returned: Any) -> None:
        assert isinstance(module, nn.MultiheadAttention)
        if torch.is_grad_enabled():
            with self._guarded(f"looking at the attention of {self._names[module]}"):
                self._entropies.setdefault(module, []).append(entropies(module, given, named))
