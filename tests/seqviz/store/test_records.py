"""A record that was saved is read back as it was; what is no record is said."""

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz import records
from seqviz.errors import DamagedRunError, StoreError
from seqviz.store.arrays import encode


def same(found, expected):
    assert type(found) is type(expected)
    for name in expected.__dataclass_fields__:
        one, other = getattr(found, name), getattr(expected, name)
        if isinstance(other, dict):
            assert list(one) == list(other)
            assert all(np.array_equal(one[key], other[key], equal_nan=True) for key in other)
        elif isinstance(other, np.ndarray):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype
        else:
            assert one == other


def test_traces_come_back_as_they_were(tmp_path):
    torch.manual_seed(0)
    rnn, inputs = nn.LSTM(2, 3, num_layers=2), torch.randn(5, 2, 2)
    traces = [
        seqviz.trace_gates(rnn, inputs, lengths=[5, 3]),
        seqviz.gradient_flow(rnn.bfloat16(), inputs.bfloat16(), lambda output, final: output.sum(), by_unit=True),
        seqviz.jacobians(rnn.float(), inputs),
        seqviz.pascanu_criterion(nn.RNN(2, 3)),
        seqviz.agreement(rnn, inputs, lambda output, final: output.sum()),
        seqviz.leaks(lambda x: rnn(x)[0], inputs, [2]),
    ]
    for at, trace in enumerate(traces):
        seqviz.save(trace, tmp_path / f"{at}.safetensors")
        same(seqviz.load(tmp_path / f"{at}.safetensors"), trace)


def test_what_is_no_record_is_said(tmp_path):
    with pytest.raises(StoreError, match="there is no file"):
        seqviz.load(tmp_path / "none")
    (tmp_path / "text").write_text("text")
    with pytest.raises(DamagedRunError, match="not a safetensors file"):
        seqviz.load(tmp_path / "text")
    (tmp_path / "weights").write_bytes(encode({"weight": np.ones(2)}))
    with pytest.raises(DamagedRunError, match="holds no record of seqviz, but 'arrays alone'"):
        seqviz.load(tmp_path / "weights")
    (tmp_path / "other").write_bytes(encode({"weight": np.ones(2)}, {"record": "np", "plain": "{}"}))
    with pytest.raises(DamagedRunError, match="holds no record of seqviz, but 'np'"):
        seqviz.load(tmp_path / "other")


def test_a_record_that_holds_records_cannot_be_saved(tmp_path):
    run = records.WatchedRun(id="0", model="m", started=0.0, every=1, state="ended", steps=())
    with pytest.raises(StoreError, match="WatchedRun cannot be saved: its steps is neither an array, a number nor a text"):
        seqviz.save(run, tmp_path / "run")
