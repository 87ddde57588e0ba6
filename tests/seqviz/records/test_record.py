"""Records print short, turn into tidy tables, and show themselves in a notebook."""

import sys

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from seqviz import records


@pytest.fixture
def flow():
    torch.manual_seed(0)
    return seqviz.gradient_flow(
        nn.LSTM(3, 5, num_layers=2), torch.randn(7, 3, 3), lambda output, final: output.sum(), lengths=[7, 2, 5]
    )


def test_it_prints_its_sizes_and_what_it_holds(flow):
    assert repr(flow) == (
        "GradientFlow: 2 layers × 3 sequences × 7 steps; hidden_norms, cell_norms, direct_norms, initial_hidden_norms, "
        "initial_cell_norms, lengths"
    )
    gates = seqviz.trace_gates(nn.GRU(3, 5), torch.zeros(7, 2, 3))
    assert repr(gates) == "GateTrace: 2 sequences × 7 steps × 5 units; hidden, reset, update, candidate"
    assert len(repr(seqviz.jacobians(nn.RNN(3, 50), torch.zeros(90, 1, 3)))) < 100


def test_a_text_in_it_is_cut():
    assert "name = " + 59 * "x" + "…" in repr(records.TrainingCost(name=200 * "x", device="gpu", days=None, operations=None))


def test_a_table_has_a_row_for_each_step_of_each_sequence(flow):
    frame = flow.to_frame()
    assert list(frame) == ["layer", "direction", "sequence", "time", "hidden_norms", "cell_norms", "direct_norms"]
    assert len(frame) == 2 * (7 + 2 + 5)
    row = frame[(frame.layer == 1) & (frame.sequence == 2) & (frame.time == 4)].iloc[0]
    assert row.hidden_norms == flow.hidden_norms[1, 0, 2, 4]
    assert row.cell_norms == flow.cell_norms[1, 0, 2, 4]
    assert not frame.isna().any().any()
    initial = flow.to_frame("initial_hidden_norms")
    assert list(initial) == ["layer", "direction", "sequence", "initial_hidden_norms", "initial_cell_norms"]
    with pytest.raises(AttributeError, match="GradientFlow has no array 'norms'; it has hidden_norms, cell_norms"):
        flow.to_frame("norms")


def test_a_table_of_a_map_leaves_out_losses_and_states_after_the_end():
    found = seqviz.gradient_map(
        nn.RNN(2, 3), torch.randn(4, 2, 2), lambda output, final: output.sum(dim=(1, 2)), lengths=[4, 1]
    ).to_frame()
    assert len(found) == 16 + 1
    assert list(found) == ["layer", "direction", "sequence", "loss_time", "state_time", "norms"]


@pytest.mark.parametrize("projected", [0, 2])
def test_a_table_of_gates_has_a_column_for_each(projected):
    gates = seqviz.trace_gates(nn.LSTM(3, 4, proj_size=projected), torch.zeros(2, 1, 3))
    columns = ["layer", "direction", "sequence", "time", "unit", "hidden", "cell", "input", "forget", "candidate", "output"]
    if projected:
        columns = ["layer", "direction", "sequence", "time", "unit", "hidden"]
        assert list(gates.to_frame("forget"))[4:] == ["cell_unit", "cell", "input", "forget", "candidate", "output"]
    assert list(gates.to_frame()) == columns


def test_a_record_of_numbers_is_one_row():
    criterion = seqviz.pascanu_criterion(nn.RNN(3, 5))
    assert criterion.to_frame().shape == (1, 3)


def test_without_pandas_it_says_so(flow, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match="pandas"):
        flow.to_frame()


def test_every_record_is_one():
    kinds = [one for one in vars(records).values() if isinstance(one, type) and hasattr(one, "__dataclass_fields__")]
    assert len(kinds) > 40
    for kind in kinds:
        assert issubclass(kind, records.Record), kind
        assert kind.__repr__ is records.Record.__repr__, kind


def test_axes_of_several_records_are_read_from_their_types():
    found = records.WeightContributions(projections=np.ones(3), norms=np.ones(3), total_norm=0.5)
    assert repr(found) == "WeightContributions: 3 steps; projections, norms, total_norm = 0.5"
    assert list(found.to_frame()) == ["time", "projections", "norms"]
