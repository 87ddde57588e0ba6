"""Networks built from weights alone compute what the modules do that the weights came from."""

import io
import warnings

import pytest
import torch
from safetensors.torch import save
from torch import nn

from seqviz.errors import StoreError, UnsupportedModelError
from seqviz.models.own import build_own, opened_weights


class Net(nn.Module):
    def __init__(self, kind=nn.LSTM, symbols=7, embedded=True, **settings):
        super().__init__()
        self.embed = nn.Embedding(symbols, 4) if embedded else None
        self.rnn = kind(4 if embedded else symbols, 5, **settings)
        width = (settings.get("proj_size") or 5) * (2 if settings.get("bidirectional") else 1)
        self.out = nn.Linear(width, symbols)
        self.symbols = symbols

    def forward(self, ids):
        read = nn.functional.one_hot(ids, self.symbols).float() if self.embed is None else self.embed(ids)
        return self.out(self.rnn(read)[0])


IDS = [0, 3, 6, 1, 1]


def computed(network):
    return network.answer(network.rnn(network.read(IDS))[0][:, 0])


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def same(network, model):
    torch.testing.assert_close(computed(network), model(torch.tensor(IDS).unsqueeze(1))[:, 0])


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("settings", [{}, {"num_layers": 2}, {"bidirectional": True, "num_layers": 2}, {"bias": False}])
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_any_stack(kind, settings, embedded):
    model = Net(kind, embedded=embedded, **settings)
    same(build_own(dict(model.state_dict())), model)


def test_a_projection_and_another_activation():
    model = Net(proj_size=3)
    same(build_own(dict(model.state_dict())), model)
    relu = Net(nn.RNN, nonlinearity="relu")
    same(build_own(dict(relu.state_dict()), activation="relu"), relu)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "model.", "module._orig_mod.net."])
def test_wrapped_names(prefix):
    model = Net()
    arrays = {f"{prefix}{name}": one for name, one in model.state_dict().items()}
    same(build_own(opened_weights(save(arrays))), model)


def saved(what):
    content = io.BytesIO()
    torch.save(what, content)
    return content.getvalue()


def test_files_of_safetensors_and_of_torch_nested_or_half():
    model = Net()
    state = model.state_dict()
    for content in (
        save(dict(state)),
        saved(state),
        saved({"epoch": 1, "model_state_dict": state}),
        saved({"model": {"state_dict": state}}),
    ):
        same(build_own(opened_weights(content)), model)
    half = build_own(opened_weights(save({name: one.bfloat16() for name, one in state.items()})))
    torch.testing.assert_close(computed(half), computed(build_own(dict(state))), atol=0.02, rtol=0.05)


def test_names_that_tell_nothing_leave_it_to_shapes():
    model = Net(symbols=9)
    state = model.state_dict()
    arrays = {"a": state["embed.weight"], "b": state["out.weight"], "c": state["out.bias"]}
    arrays |= {f"x.{name.removeprefix('rnn.')}": one for name, one in state.items() if name.startswith("rnn.")}
    same(build_own(arrays), model)


def gates(one, order):
    parts = one.chunk(len(order))
    return torch.cat([parts[at] for at in order])


def test_the_order_of_tensorflow_and_its_forget_bias():
    model = Net()
    arrays = {}
    for name, one in model.state_dict().items():
        arrays[name] = gates(one, (0, 2, 1, 3)) if name.startswith("rnn.") else one.clone()
    arrays["rnn.bias_ih_l0"][10:15] -= 1.0  # f is third there, and 1 is added to it when it computes
    same(build_own(arrays, "tensorflow"), model)


def test_keras_names_and_its_order_of_a_gru():
    model = Net(nn.GRU)
    state = model.state_dict()
    turned = {name: gates(state[f"rnn.{name}_l0"], (1, 0, 2)) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    arrays = {
        "embedding/embeddings": state["embed.weight"],
        "gru/kernel": turned["weight_ih"].t().contiguous(),
        "gru/recurrent_kernel": turned["weight_hh"].t().contiguous(),
        "gru/bias": torch.stack([turned["bias_ih"], turned["bias_hh"]]),
        "dense/kernel": state["out.weight"].t().contiguous(),
        "dense/bias": state["out.bias"],
    }
    same(build_own(arrays, "keras"), model)


TWICE = {"b.weight_ih_l0": torch.ones(20, 4), "b.weight_hh_l0": torch.ones(20, 5)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda state: {"conv.weight": torch.ones(3, 3)}, r"no recurrent layer among these weights: 'conv.weight' \(3, 3\)"),
        (lambda state: state | {"conv.weight": torch.ones(8, 3, 3)}, r"fit nowhere .*: 'conv.weight' \(8, 3, 3\)"),
        (lambda state: state | TWICE, "several recurrent layers"),
        (lambda state: state | {"rnn.weight_hh_l0": torch.ones(12, 5)}, r"3 or 4 times as many rows as units, got \(12, 5\)"),
        (lambda state: state | {"rnn.bias_hh_l0": torch.ones(7)}, r"rnn.weight_ih_l0 must have shape \(20,\), got \(7,\)"),
        (lambda state: {name: one for name, one in state.items() if "weight_hh" not in name}, "needs weight_ih and weight_hh"),
    ],
)
def test_what_does_not_fit_is_named(change, words):
    with pytest.raises(UnsupportedModelError, match=words):
        build_own(change(dict(Net().state_dict())))


class Harmful:
    def __reduce__(self):
        return (print, ("code was run",))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"text", "without running code"),
        (b"", "without running code"),
        (saved({"epoch": 3}), "holds no weights by name"),
        (saved([torch.ones(2)]), "holds a list, and no weights by name"),
        (b"\x10\0\0\0\0\0\0\0{}", "no whole safetensors file"),
    ],
    ids=["text", "empty", "numbers", "list", "cut"],
)
def test_what_is_no_file_of_weights_is_said(content, words):
    with pytest.raises(StoreError, match=words):
        opened_weights(content)


def test_no_code_in_a_file_is_run(capsys):
    with warnings.catch_warnings(), pytest.raises(StoreError, match="without running code"):
        opened_weights(saved({"weight": Harmful()}))
    with pytest.raises(StoreError, match="without running code"):
        opened_weights(saved(Net()))
    assert "code was run" not in capsys.readouterr().out
