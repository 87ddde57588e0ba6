"""Every question is answered for every network, with one and the same network behind all answers."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from seqviz.answers.answering import ANSWERS
from seqviz.answers.opened import _sizes_before, open_subject, open_within_limits
from seqviz.errors import LimitError, SeqvizError, StoreError, TextError, TraceError
from seqviz.experiment import CELLS, Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig, CopyingConfig
from seqviz.questions import QUESTIONS, Sizes
from seqviz.subjects.recurrent import Reading, RunMoment, UntrainedNetwork

ASKED = tuple(name for name, one in QUESTIONS.items() if one.subject is Reading)  # of one recurrent network
SMALL = {"length": 6, "hidden_size": 4, "input_size": 3, "batch_size": 2}
TEXT = "the cat sat on the mat, and the dog sat on the log. " * 10


def train(store_folder, task, model=None, steps=3):
    from seqviz.jobs.training import train_run
    from seqviz.settings import settings
    from seqviz.store import Store

    store = Store(str(store_folder))
    task = task or CharactersConfig(length=10, text=store.texts.add(TEXT))
    model = model or RecurrentConfig(name="gru", hidden_size=5, layers=2)
    experiment = Experiment(task=task, model=model, training=TrainingConfig(steps=steps, batch_size=3))
    train_run(experiment, store, settings().store)
    return experiment.run_id


def test_every_question_has_an_answer():
    assert list(ANSWERS) == list(QUESTIONS)
    assert len(ASKED) == 7


@pytest.mark.parametrize("loss", ["last", "every"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("question", ASKED)
def test_every_question_answers_for_every_untrained_network(question, name, bidirectional, loss):
    subject = UntrainedNetwork(name=name, bidirectional=bidirectional, loss=loss, layers=2, layer=1, time=3, **SMALL)
    if question == "criterion" and name != "rnn":
        with pytest.raises(TraceError, match="about a plain RNN"):
            ANSWERS[question](subject)
        return
    record = ANSWERS[question](subject)
    assert type(record) is QUESTIONS[question].record
    again = ANSWERS[question](subject)
    assert all(repr(getattr(record, one.name)) == repr(getattr(again, one.name)) for one in fields(record))


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_every_activation_is_traced(activation):
    subject = UntrainedNetwork(name="rnn", activation=activation, **SMALL)
    assert ANSWERS["criterion"](subject).gamma == (0.25 if activation == "sigmoid" else 1.0)
    assert ANSWERS["gradient_flow"](subject).hidden_norms.shape == (1, 1, 2, 6)


@pytest.mark.parametrize("name", CELLS)
def test_the_flow_of_a_last_loss_is_the_last_row_of_the_map(name):
    subject = UntrainedNetwork(name=name, layers=2, **SMALL)
    flow, mapped = ANSWERS["gradient_flow"](subject), ANSWERS["gradient_map"](subject)
    np.testing.assert_allclose(flow.hidden_norms, mapped.norms[:, :, :, -1], rtol=1e-10)


@pytest.mark.parametrize("loss", ["last", "every"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", CELLS)
def test_gradients_of_an_untrained_network_agree_with_finite_differences(name, bidirectional, loss):
    subject = UntrainedNetwork(name=name, bidirectional=bidirectional, loss=loss, initialisation="orthogonal", **SMALL)
    assert ANSWERS["agreement"](subject).relative_error < 1e-6


def test_the_seed_alone_decides_weights_and_inputs():
    first, second = (open_subject(UntrainedNetwork(seed=seed, **SMALL)) for seed in (1, 2))
    again = open_subject(UntrainedNetwork(seed=1, **SMALL))
    assert torch.equal(first.inputs, again.inputs)
    assert not torch.equal(first.inputs, second.inputs)
    assert torch.equal(first.model.rnn.weight_hh_l0, again.model.rnn.weight_hh_l0)


def test_initialisations_reach_the_traced_network():
    subject = UntrainedNetwork(name="rnn", initialisation="orthogonal", scale=0.5, **SMALL)
    assert ANSWERS["criterion"](subject).largest_singular_value == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("question", [one for one in ASKED if one != "criterion"])
def test_every_question_answers_for_a_runs_typed_text(own_store, question):
    run = train(own_store, None)
    record = ANSWERS[question](RunMoment(run=run, step=3, text="the dog!"))
    assert type(record) is QUESTIONS[question].record


def test_gates_of_a_typed_text_cover_every_character_and_losses_all_but_the_last(own_store):
    run = train(own_store, None)
    subject = RunMoment(run=run, text="the dog!\n")
    assert ANSWERS["gates"](subject).hidden.shape == (2, 1, 1, 9, 5)
    assert ANSWERS["gradient_map"](subject).norms.shape == (2, 1, 1, 8, 8)


@pytest.mark.parametrize("loss", ["last", "every"])
@pytest.mark.parametrize("task", [AddingConfig(length=6), CopyingConfig(length=3), None])
def test_a_run_is_traced_on_its_tasks_held_out_sequences(own_store, task, loss):
    run = train(own_store, task, RecurrentConfig(hidden_size=4))
    subject = RunMoment(run=run, loss=loss, batch_size=3)
    flow = ANSWERS["gradient_flow"](subject)
    assert flow.hidden_norms.shape[2] == 3
    assert np.isfinite(flow.hidden_norms).all()
    check = ANSWERS["agreement"](subject)
    assert check.relative_error is None or check.relative_error < 1e-3


def test_a_runs_network_is_that_of_its_weights(own_store):
    from seqviz.store import open_store

    run = train(own_store, AddingConfig(length=6))
    weights = open_store().weights(run)
    opened = open_subject(RunMoment(run=run))
    for name, value in opened.model.state_dict().items():
        np.testing.assert_array_equal(value.float().numpy(), weights[name])


@pytest.mark.parametrize(
    ("moment", "error", "said"),
    [
        ({"run": "f" * 20}, StoreError, "there is no run ffffffffffffffffffff here"),
        ({"step": 2_000}, StoreError, "were not kept"),
        ({"text": "x"}, TextError, "at least two characters"),
        ({"text": "x" * 2_001}, LimitError, "at most 2,000 characters on this server, got 2,001"),
    ],
)
def test_a_moment_that_cannot_be_seen_is_said_in_one_sentence(own_store, moment, error, said):
    run = train(own_store, None)
    with pytest.raises(error, match=said):
        ANSWERS["gates"](RunMoment(**{"run": run, **moment}))


@pytest.mark.parametrize(
    ("question", "change", "said"),
    [
        ("gates", {"hidden_size": 513}, "hidden_size may be at most 512 on this server, got 513"),
        ("jacobians", {"hidden_size": 512, "length": 100}, "this trace would hold 104,887,600 numbers"),
        (
            "gradient_map",
            {"length": 1000, "batch_size": 64, "bidirectional": True},
            "this trace would hold 256,000,000 numbers",
        ),
    ],
)
def test_a_trace_larger_than_the_server_allows_is_refused_before_it_is_made(question, change, said):
    with pytest.raises(LimitError, match=said):
        ANSWERS[question](UntrainedNetwork(**change))


@pytest.mark.parametrize("place", [{"layer": 1}, {"direction": "backward"}, {"time": 6}, {"sample": 2}])
def test_a_place_that_the_network_lacks_is_refused(place):
    question = "jacobians" if "sample" in place else "agreement"
    with pytest.raises(SeqvizError, match="must be a whole number in"):
        ANSWERS[question](UntrainedNetwork(**SMALL, **place))


def test_the_sizes_foreseen_are_those_of_the_network():
    subject = UntrainedNetwork(name="lstm", layers=3, bidirectional=True, **SMALL)
    assert _sizes_before(subject) == open_subject(subject).sizes == Sizes(
        layers=3, directions=2, batch=2, time=6, units=4, states=2, gates=4
    )  # fmt: skip


@pytest.mark.parametrize("question", ASKED)
def test_every_question_says_about_how_much_it_holds(question):
    subject = UntrainedNetwork(name="rnn", **SMALL)
    record = ANSWERS[question](subject)
    held = sum(np.size(getattr(record, one.name)) for one in fields(record) if one.name != "gates")
    values = QUESTIONS[question].values
    assert held / 2 <= (0 if values is None else values(_sizes_before(subject))) + 5
    open_within_limits(QUESTIONS[question], subject)


def test_subjects_make_the_way_through_json():
    subject = UntrainedNetwork(name="gru", layers=2, seed=3)
    assert UntrainedNetwork.from_query(subject.to_query()) == subject
    moment = RunMoment(text="a\nb", step=None)
    assert RunMoment.from_query(moment.to_query()) == moment
