"""A module as its next call takes it: the weights that its hooks and parametrisations give it, and what it then returns."""

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules import module as hooks_of_all_modules
from torch.nn.utils.rnn import PackedSequence

HOOKS = {"_forward_pre_hooks": "forward pre-hook", "_forward_hooks": "forward hook"}
EVERYWHERE = ("_global_forward_pre_hooks", "_global_forward_hooks")


def unwrapped(given: object) -> object:
    """Return the module inside ``torch.compile``, ``DataParallel``, ``DistributedDataParallel`` and the like.

    Of a scripted module, an ordinary one with the same parameters.
    """
    if isinstance(given, torch.jit.ScriptModule):
        return _unscripted(given)
    if isinstance(given, nn.DataParallel | nn.parallel.DistributedDataParallel):
        return unwrapped(given.module)
    compiled = getattr(given, "_orig_mod", None)
    return unwrapped(compiled) if isinstance(compiled, nn.Module) else given


def _unscripted(given: torch.jit.ScriptModule) -> object:
    kinds = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN": nn.RNN}
    if given.original_name not in kinds:
        return given
    own: Any = given  # what a scripted module keeps of its settings is read like attributes
    sizes = {name: getattr(own, name) for name in ("num_layers", "bias", "batch_first", "bidirectional")}
    more = {"nonlinearity": "relu" if own.mode == "RNN_RELU" else "tanh"} if own.mode.startswith("RNN") else {}
    more |= {"proj_size": own.proj_size} if own.mode == "LSTM" else {}
    plain = kinds[given.original_name](own.input_size, own.hidden_size, **sizes, **more, device="meta")
    plain.train(own.training).load_state_dict(dict(given.named_parameters()), assign=True)
    return plain


def in_float32(module: nn.RNNBase) -> nn.RNNBase:
    """Return a copy of a module in half precision that computes in float32, from the same weights."""
    with restored(module):  # what a hook computed from parameters has a graph, and is no leaf that can be copied
        for name, value in vars(module).items():
            if isinstance(value, Tensor):
                vars(module)[name] = value.detach()
        module._flat_weights = [None if one is None else one.detach() for one in module._flat_weights]
        same = copy.deepcopy(module).float()
    same._init_flat_weights()
    return same


def takes_its_parameters(module: nn.RNNBase) -> bool:
    """Return whether a call runs the parameters as they are: nothing computes a weight before or from them."""
    own = [module._parameters.get(name) for name in module._flat_weights_names]
    before = bool(module._forward_pre_hooks or hooks_of_all_modules._global_forward_pre_hooks)
    return not before and all(weight is one for weight, one in zip(module._flat_weights, own, strict=True))


def is_hooked(module: nn.RNNBase) -> bool:
    """Return whether a call runs hooks, which may change what goes in or comes out."""
    return any(getattr(module, name) for name in HOOKS) or any(getattr(hooks_of_all_modules, name) for name in EVERYWHERE)


def call(module: nn.RNNBase, inputs: Tensor | PackedSequence, state: Any) -> Any:
    """Return what a call returns, with dropout between layers off.

    The module is left as it was, buffers and random state too, so that its next call computes the same again.
    """
    with restored(module):
        module.dropout = 0.0
        own = inputs._replace(data=inputs.data.clone()) if isinstance(inputs, PackedSequence) else inputs.clone()
        return module(own, state)  # hooks may edit in place


def weights_of_next_call(module: nn.RNNBase) -> Mapping[str, Tensor]:
    """Return the weights that the next call runs, by name: it is tried on one step of zeros, which no forward hook sees."""
    first = next(module.parameters())
    zeros = torch.zeros(1, 1, module.input_size, dtype=first.dtype, device=first.device)
    with restored(module):
        module._forward_hooks = OrderedDict()
        module(zeros)
        ran = zip(module._flat_weights_names, module._flat_weights, strict=True)
        return {name: one.detach().clone() for name, one in ran if one is not None}


@contextmanager
def restored(module: nn.Module) -> Iterator[None]:
    """Put back afterwards what a block changes of a module and of all that it holds: attributes, buffers, random state."""
    kept = [(one, [(name, value, _contents(value)) for name, value in vars(one).items()]) for one in module.modules()]
    cuda = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    with torch.random.fork_rng([torch.cuda.current_device()] if cuda else []):
        try:
            for one, _ in kept:  # the block writes to copies, which a graph may need for its way back
                one._buffers.update({name: None if own is None else own.clone() for name, own in one._buffers.items()})
            yield
        finally:
            for one, attributes in kept:
                vars(one).clear()
                for name, value, contents in attributes:
                    _refill(value, contents)
                    vars(one)[name] = value


def _contents(value: Any) -> Any:
    """Return what a container that a module changes in place holds now."""
    return value.copy() if isinstance(value, dict | list) else None


def _refill(value: Any, contents: Any) -> None:
    """Give a container back what it held: it must stay the same one, since whoever hooked a module keeps a reference to it."""
    if isinstance(value, dict):
        value.clear()
        value.update(contents)
    elif isinstance(value, list):
        value[:] = contents


def changing_hook(module: nn.RNNBase, is_as_read: Callable[[Any], bool], inputs: Any, state: Any) -> str:
    """Return how to call the hook without which a call ``is_as_read``; all hooks where no single one explains it."""
    found = list[str]()
    for name, kind in HOOKS.items():
        for key, hook in list(getattr(module, name).items()):
            with restored(module):
                setattr(module, name, OrderedDict((other, one) for other, one in getattr(module, name).items() if other != key))
                returned = call(module, inputs, state)
            if is_as_read(returned):
                return f"the {kind} {_name_of(hook)}"
            found.append(f"the {kind} {_name_of(hook)}")
    everywhere = [hook for name in EVERYWHERE for hook in getattr(hooks_of_all_modules, name).values()]
    found += [f"the hook of all modules {_name_of(hook)}" for hook in everywhere]
    return " or ".join(found)


def _name_of(hook: Any) -> str:
    named = getattr(hook, "func", hook)  # a functools.partial has no name of its own
    return str(getattr(named, "__qualname__", type(named).__name__)).replace(".<locals>", "")
