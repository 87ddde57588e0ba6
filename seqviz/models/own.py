"""Networks of embedding, recurrent layers and output, built from weights that somebody brings."""

import io
import pickle  # noqa: TID251  for the name of its error alone
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from seqviz.errors import StoreError, UnsupportedModelError
from seqviz.registry import shown

SAFETENSORS_HEADER = 8  # bytes that say how long the header is, which begins with a brace
NESTED = ("state_dict", "model_state_dict", "model", "net", "weights")  # under which checkpoints keep the weights
WRAPPED = re.compile(r"^(?:module\.|_orig_mod\.)+")
RECURRENT = re.compile(
    r"^(?P<place>.*?)(?P<what>weight_ih|weight_hh|bias_ih|bias_hh|weight_hr)(?:_l(?P<layer>\d+))?(?P<back>_reverse)?$"
)
KERAS = re.compile(r"^(?P<place>.*?)(?P<what>recurrent_kernel|kernel|bias)(?::0)?$")
KINDS = {4: "LSTM", 3: "GRU", 1: "RNN"}  # by how many gates
EMBEDDINGS, OUTPUTS = ("emb", "wte", "lookup", "tok"), ("out", "fc", "linear", "dense", "decod", "head", "read", "proj", "h2o")
# Whose order of gates the rows are in → where PyTorch's gates are among them.
ORDERS: Mapping[str, Mapping[str, Sequence[int]]] = {
    "pytorch": {}, "keras": {"GRU": (1, 0, 2)}, "tensorflow": {"LSTM": (0, 2, 1, 3), "GRU": (0, 1, 2)},
}  # fmt: skip
TENSORFLOW_FORGET_BIAS = 1.0  # which BasicLSTMCell adds and does not store
# What made-up bytes can raise there.
FORESEEN = (ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError, TypeError, ValueError)
MOST_TOLD = 4  # weights that do not fit, by name

Arrays = dict[str, Tensor]


@dataclass(frozen=True)
class OwnNetwork:
    """What somebody's weights make: symbols in, states and predictions out."""

    rnn: nn.RNNBase
    embedding: Tensor | None  # (symbol, input); None where symbols are read as one-hot vectors
    output: Tensor | None  # (answer, unit)
    output_bias: Tensor | None
    names: Mapping[str, str] = field(default_factory=dict)  # a part → the names of its weights

    @property
    def symbols(self) -> int:
        """How many symbols it reads."""
        return self.rnn.input_size if self.embedding is None else len(self.embedding)

    def read(self, ids: Sequence[int]) -> Tensor:
        """Return symbols as the recurrent layers read them, (time, 1, input)."""
        table = torch.eye(self.rnn.input_size) if self.embedding is None else self.embedding
        return table[torch.tensor(list(ids))].unsqueeze(1)

    def answer(self, states: Tensor) -> Tensor | None:
        """Return its answers to the top layer's states; None where it has no output layer."""
        return None if self.output is None else nn.functional.linear(states, self.output, self.output_bias)


def opened_weights(content: bytes) -> Arrays:
    """Return the weights in a safetensors file, or in one of PyTorch's, of which no code is run; in float32.

    Raises:
        StoreError: it is neither, or holds no weights by name.
    """
    is_safe = content[SAFETENSORS_HEADER : SAFETENSORS_HEADER + 1] == b"{"
    found = _innermost(_safetensors(content) if is_safe else _pickled(content))
    arrays = {WRAPPED.sub("", str(name)): one for name, one in found.items() if isinstance(one, Tensor)}
    if not arrays:
        raise StoreError("this file holds no weights by name: save model.state_dict()")
    return {name: one.detach().float() if one.is_floating_point() else one for name, one in arrays.items()}


def _innermost(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a checkpoint calls its weights, however deep it keeps them."""
    nested = next((found[name] for name in NESTED if isinstance(found.get(name), Mapping)), None)
    return found if nested is None else _innermost(nested)


def _safetensors(content: bytes) -> Mapping[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return load(content)
    except SafetensorError as error:
        raise StoreError(f"this is no whole safetensors file: {error}") from error


def _pickled(content: bytes) -> Mapping[str, Any]:
    try:
        found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, *FORESEEN) as error:
        raise StoreError(
            "this file cannot be opened without running code of its own: save model.state_dict(), best as safetensors"
        ) from error
    if not isinstance(found, Mapping):
        raise StoreError(f"this file holds a {type(found).__name__}, and no weights by name: save model.state_dict()")
    return found


def build_own(arrays: Arrays, order: str = "pytorch", activation: str = "tanh") -> OwnNetwork:
    """Return the network that weights make: they are told by their names, and where these do not tell, by their shapes.

    Args:
        arrays: by name, as PyTorch or Keras call them.
        order: whose order of gates their rows are in.
        activation: of a plain RNN, "tanh" or "relu", which no weight tells.

    Raises:
        UnsupportedModelError: there is no recurrent layer, or weights do not fit; each is named with its shape.
    """
    stacks = _stacks(arrays) or _keras_stacks(arrays)
    if not stacks:
        raise UnsupportedModelError(f"there is no recurrent layer among these weights: {_told(arrays, list(arrays))}")
    if len(stacks) > 1:
        raise UnsupportedModelError(
            f"there are several recurrent layers, and one stack of them can be read: {', '.join(map(shown, stacks))}"
        )
    ((place, layers),) = stacks.items()
    rnn = _built(layers, order, activation)
    used = {name for layer in layers for name in layer.names}
    left = {name: one for name, one in arrays.items() if name not in used}
    embedding = _chosen(left, EMBEDDINGS, lambda one: one.dim() == 2 and one.shape[1] == rnn.input_size)
    left.pop(embedding, None) if embedding is not None else None
    width = (rnn.proj_size or rnn.hidden_size) * (2 if rnn.bidirectional else 1)
    output, matrix = _output(left, width)
    bias = _bias(left, output, matrix)
    for name in (output, bias):
        left.pop(name or "", None)
    if left:
        raise UnsupportedModelError(
            f"these weights fit nowhere in embedding, recurrent layers and output: {_told(arrays, list(left))}"
        )
    parts = {"embedding": embedding, "recurrent layers": place.rstrip("./") or next(iter(used)), "output": output}
    return OwnNetwork(
        rnn=rnn,
        embedding=None if embedding is None else arrays[embedding],
        output=matrix,
        output_bias=None if bias is None else arrays[bias],
        names={part: name for part, name in parts.items() if name is not None},
    )


@dataclass
class _Layer:
    """The weights of one layer and direction, in PyTorch's layout, and the names they had."""

    weights: Arrays = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    backward: bool = False


def _stacks(arrays: Arrays) -> dict[str, list[_Layer]]:
    """Return PyTorch's recurrent layers by the name before theirs: layer by layer, forward before backward."""
    found: dict[str, dict[tuple[int, bool], _Layer]] = {}
    for name, one in arrays.items():
        match = RECURRENT.match(name)
        if match is None:
            continue
        key = int(match["layer"] or 0), match["back"] is not None
        layer = found.setdefault(match["place"], {}).setdefault(key, _Layer(backward=key[1]))
        layer.weights[match["what"]] = one
        layer.names.append(name)
    return {place: [layers[key] for key in sorted(layers)] for place, layers in found.items()}


def _keras_stacks(arrays: Arrays) -> dict[str, list[_Layer]]:
    """Return Keras' recurrent layers, each a stack of its own name joined to one, their matrices turned round."""
    places: dict[str, dict[str, str]] = {}
    for name in arrays:
        match = KERAS.match(name)
        if match is not None:
            places.setdefault(match["place"], {})[match["what"]] = name
    layers = []
    for parts in places.values():
        if "recurrent_kernel" not in parts:
            continue
        weights = {"weight_ih": arrays[parts["kernel"]].t(), "weight_hh": arrays[parts["recurrent_kernel"]].t()}
        if "bias" in parts:
            bias = arrays[parts["bias"]]
            weights |= (
                {"bias_ih": bias[0], "bias_hh": bias[1]}
                if bias.dim() == 2
                else {"bias_ih": bias, "bias_hh": torch.zeros_like(bias)}
            )
        layers.append(_Layer(weights, list(parts.values())))
    return {"": layers} if layers else {}


def _built(layers: Sequence[_Layer], order: str, activation: str) -> nn.RNNBase:
    first = layers[0].weights
    for layer in layers:
        if "weight_ih" not in layer.weights or "weight_hh" not in layer.weights:
            raise UnsupportedModelError(f"a recurrent layer needs weight_ih and weight_hh, got {', '.join(layer.names)}")
    rows, read = first["weight_hh"].shape
    units = first["weight_hr"].shape[1] if "weight_hr" in first else read
    kind = KINDS.get(rows // units) if rows % units == 0 else None
    if kind is None:
        raise UnsupportedModelError(
            f"weight_hh must have 1, 3 or 4 times as many rows as units, got {tuple(first['weight_hh'].shape)}"
        )
    both, biased = any(layer.backward for layer in layers), "bias_ih" in first
    settings: dict[str, Any] = {"num_layers": len(layers) // (2 if both else 1), "bidirectional": both, "bias": biased}
    settings |= {"proj_size": read} if "weight_hr" in first else {}
    settings |= {"nonlinearity": activation} if kind == "RNN" else {}
    rnn: nn.RNNBase = getattr(nn, kind)(first["weight_ih"].shape[1], units, **settings)
    own = [
        dict(zip([name.split("_l")[0] for name in names], weights, strict=True))
        for names, weights in zip(rnn._all_weights, rnn.all_weights, strict=True)
    ]
    for layer, weights in zip(layers, own, strict=True):
        _fill(layer, weights, ORDERS[order].get(kind), forget_bias=order == "tensorflow" and kind == "LSTM")
    return rnn.eval()


@torch.no_grad()
def _fill(layer: _Layer, weights: Mapping[str, nn.Parameter], order: Sequence[int] | None, *, forget_bias: bool) -> None:
    for name, weight in weights.items():
        given = layer.weights.get(name)
        if given is None or given.shape != weight.shape:
            got = "none" if given is None else str(tuple(given.shape))
            raise UnsupportedModelError(f"{name} of {layer.names[0]} must have shape {tuple(weight.shape)}, got {got}")
        gates = (
            given.view(len(order), -1, *given.shape[1:])[list(order)].reshape(given.shape)
            if order and name != "weight_hr"
            else given
        )
        weight.copy_(gates)
    if forget_bias and "bias_ih" in weights:
        units = len(weights["bias_ih"]) // 4
        weights["bias_ih"][units : 2 * units] += TENSORFLOW_FORGET_BIAS


def _chosen(arrays: Arrays, words: Sequence[str], fits: Callable[[Tensor], bool]) -> str | None:
    """Return the weight that fits by its shape, and where several do, the one whose name says so."""
    fitting = [name for name, one in arrays.items() if fits(one)]
    named = [name for name in fitting if any(word in name.lower() for word in words)]
    return named[0] if named else fitting[0] if len(fitting) == 1 and len(arrays) > 2 else None


def _output(left: Arrays, width: int) -> tuple[str | None, Tensor | None]:
    """Return the output layer's name and matrix (answer, unit); Keras keeps it turned round."""
    found = _chosen(left, OUTPUTS, lambda one: one.dim() == 2 and one.shape[1] == width)
    found = found or next(
        (name for name, one in left.items() if one.dim() == 2 and one.shape[1] == width and "kernel" not in name), None
    )
    if found is not None and not ("kernel" in found and left[found].shape[0] == width):
        return found, left[found]
    turned = next((name for name, one in left.items() if one.dim() == 2 and one.shape[0] == width and "kernel" in name), None)
    return (None, None) if turned is None else (turned, left[turned].t())


def _bias(left: Arrays, output: str | None, matrix: Tensor | None) -> str | None:
    if output is None or matrix is None:
        return None
    beside = re.split(r"[./]", output)[:-1]
    fitting = [name for name, one in left.items() if one.dim() == 1 and len(one) == len(matrix)]
    return next((name for name in fitting if re.split(r"[./]", name)[:-1] == beside), fitting[0] if len(fitting) == 1 else None)


def _told(arrays: Arrays, names: Sequence[str]) -> str:
    told = ", ".join(f"{shown(name)} {tuple(arrays[name].shape)}" for name in names[:MOST_TOLD])
    return f"{told} and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else told
