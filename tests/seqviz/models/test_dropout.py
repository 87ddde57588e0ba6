"""Masks fall where they should: between layers as in nn.LSTM(dropout), on the recurrent path as in cells written out."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, LagConfig
from seqviz.models.cells import SigmoidRNN
from seqviz.models.dropout import draw_masks, dropped_states, masked_states
from seqviz.training import Trainer

KINDS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
CELLS = {"lstm": torch.lstm_cell, "gru": torch.gru_cell, "rnn": torch.rnn_tanh_cell}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def made(kind, **settings):
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return KINDS[kind](3, 4, batch_first=True, **settings)


def inputs(time=6):
    return torch.randn(2, time, 3, generator=seeded(5))


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_between_layers_equals_pytorchs_own_dropout_under_the_same_masks(kind, both):
    rnn = made(kind, num_layers=3, bidirectional=both, dropout=0.4)
    with torch.random.fork_rng():
        torch.manual_seed(11)
        expected, _ = rnn(inputs())
        torch.manual_seed(11)
        ones = torch.ones(6, 2, 8 if both else 4)
        masks = torch.stack([nn.functional.dropout(ones, 0.4) for _ in range(2)])
    assert masks.unique().tolist() == pytest.approx([0.0, 1 / 0.6])
    torch.testing.assert_close(masked_states(rnn, inputs(), "layers", masks), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_between_layers_leaves_the_recurrent_path_alone(kind):
    rnn = made(kind, num_layers=2)
    nothing = masked_states(rnn, inputs(), "layers", torch.zeros(1, 6, 2, 4))  # all that goes up is dropped
    second = KINDS[kind](4, 4, batch_first=True)
    second.load_state_dict({name.replace("l1", "l0"): value for name, value in rnn.state_dict().items() if "l1" in name})
    torch.testing.assert_close(nothing, second(torch.zeros(2, 6, 4))[0])  # and yet it remembers
    alone = made(kind, num_layers=1)
    torch.testing.assert_close(masked_states(alone, inputs(), "layers", torch.zeros(0, 6, 2, 4)), alone(inputs())[0])


@pytest.mark.parametrize("kind", KINDS)
def test_on_the_recurrent_path_equals_cells_whose_recurrent_matrix_reads_the_masked_state(kind):
    rnn, values = made(kind), inputs()
    masks = draw_masks("recurrent", 0.5, (1, 6, 2, 4), seeded())
    weights, hidden, cell, states = list(rnn.parameters()), torch.zeros(2, 4), torch.zeros(2, 4), []
    for time in range(6):
        masked = hidden * masks[0, time]
        if kind == "lstm":
            hidden, cell = CELLS[kind](values[:, time], (masked, cell), *weights)
        elif kind == "rnn":
            hidden = CELLS[kind](values[:, time], masked, *weights)
        else:  # its update gate keeps of the whole state, where the cell keeps of the masked one
            sums = nn.functional.linear(values[:, time], weights[0], weights[2]) + nn.functional.linear(
                masked, weights[1], weights[3]
            )
            keep = sums[:, 4:8].sigmoid()
            hidden = CELLS[kind](values[:, time], masked, *weights) + keep * (hidden - masked)
        states.append(hidden)
    torch.testing.assert_close(masked_states(rnn, values, "recurrent", masks), torch.stack(states, dim=1))


@pytest.mark.parametrize("where", ["layers", "recurrent", "variational"])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", [*KINDS, "sigmoid"])
def test_where_nothing_is_dropped_the_network_is_itself(kind, both, where):
    settings = {"num_layers": 2, "bidirectional": both}
    rnn = SigmoidRNN(3, 4, batch_first=True, **settings) if kind == "sigmoid" else made(kind, **settings)
    torch.testing.assert_close(dropped_states(rnn, inputs(), where, 0.0, seeded()), rnn(inputs())[0])


def test_masks_keep_the_share_that_is_asked_and_its_sum_on_average():
    masks = draw_masks("recurrent", 0.3, (2, 50, 20, 30), seeded())
    assert float((masks == 0).float().mean()) == pytest.approx(0.3, abs=0.01)
    assert float(masks.mean()) == pytest.approx(1.0, abs=0.02)


def test_one_mask_a_sequence_is_the_same_at_all_steps():
    masks = draw_masks("variational", 0.5, (2, 9, 3, 4), seeded())
    assert (masks == masks[:, :1]).all()
    assert not torch.equal(masks[:, 0, 0], masks[:, 0, 1])


DROPPING = [
    RecurrentConfig(name="lstm", hidden_size=4, layers=2, dropout="layers", dropout_rate=0.5),
    RecurrentConfig(name="gru", hidden_size=4, layers=2, dropout="recurrent"),
    RecurrentConfig(name="rnn", activation="sigmoid", hidden_size=4, bidirectional=True, dropout="variational"),
]


def experiment(model, steps=6):
    return Experiment(
        task=LagConfig(length=6, lag=2), model=model, training=TrainingConfig(batch_size=3, steps=steps), seed=4
    )  # fmt: skip


def losses(trainer):
    found = []
    while not trainer.finished:
        found.append(trainer.step().loss)
    return found


@pytest.mark.parametrize("model", DROPPING, ids=lambda model: model.dropout)
def test_the_same_experiment_gives_the_same_numbers_also_from_a_checkpoint(model):
    whole = losses(Trainer(experiment(model)))
    assert whole == losses(Trainer(experiment(model)))
    part = Trainer(experiment(model))
    first = [part.step().loss for _ in range(3)]
    assert first + losses(Trainer(experiment(model), start=part.checkpoint())) == whole
    assert whole != losses(Trainer(experiment(replace(model, dropout="none"))))


@pytest.mark.parametrize("model", DROPPING, ids=lambda model: model.dropout)
def test_nothing_is_dropped_when_a_network_is_judged_or_looked_into(model):
    trainer, plain = Trainer(experiment(model)), Trainer(experiment(replace(model, dropout="none")))
    assert trainer.evaluate(20) == plain.evaluate(20)
    assert (trainer.probe().hidden_norms == plain.probe().hidden_norms).all()


def test_without_dropout_the_fused_kernel_trains(monkeypatch):
    monkeypatch.setattr("seqviz.models.recurrent.dropped_states", None)  # a caller would fail
    Trainer(Experiment(task=AddingConfig(length=5), model=RecurrentConfig(hidden_size=3))).step()
