"""An experiment survives its JSON and its link, keeps its address, and refuses what it cannot be, in one sentence."""

import json
from dataclasses import replace

import pytest

from seqviz.errors import ConfigError, SeqvizError, UnknownNameError
from seqviz.experiment import Experiment, Parent, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import (
    AddingConfig,
    CharactersConfig,
    CopyingConfig,
    LagConfig,
    TemporalOrderConfig,
    TranslationConfig,
)

ADDING = Experiment(task=AddingConfig(), model=RecurrentConfig())
ON_A_TEXT = Experiment(
    task=CharactersConfig(text="text-0123456789abcdef"),
    model=RecurrentConfig(name="gru", hidden_size=128, layers=2, chrono=64),
    training=TrainingConfig(optimizer="momentum", clip="value", threshold=0.5),
    seed=7,
)
A_CHILD = Experiment(
    task=LagConfig(dependent=False),
    model=RecurrentConfig(name="rnn", activation="relu", bidirectional=True, initialisation="identity", scale=0.9),
    training=TrainingConfig(clip="off"),
    parent=Parent(run="0123456789abcdef0123", step=40),
)
TRANSLATION = Experiment(task=TranslationConfig(), model=Seq2SeqConfig(attention="dot", order="after", teacher_forcing=0.5))
EXPERIMENTS = [
    ADDING,
    TRANSLATION,
    ON_A_TEXT,
    A_CHILD,
    Experiment(task=CopyingConfig(length=7), model=RecurrentConfig(forget_bias=-0.0)),
    Experiment(task=TemporalOrderConfig(), model=RecurrentConfig(forget_bias=1.0), training=TrainingConfig(learning_rate=1e-9)),
]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_experiment_survives_json(experiment):
    again = Experiment.from_json(json.loads(json.dumps(experiment.to_json())))
    assert again == experiment
    assert again.run_id == experiment.run_id


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_experiment_survives_its_link(experiment):
    again = Experiment.from_query(experiment.to_query())
    assert again == experiment
    assert again.run_id == experiment.run_id


@pytest.mark.parametrize(
    ("experiment", "run_id"),
    [
        (ADDING, "1a03e76a60eb67aecc35"),
        (ON_A_TEXT, "94882db5471c6e97e3e0"),
        (A_CHILD, "e2516104706ea59344af"),
    ],
)
def test_run_ids_never_change_since_links_and_stored_runs_depend_on_them(experiment, run_id):
    assert experiment.run_id == run_id


def test_settings_that_mean_nothing_do_not_change_the_run():
    adam = replace(ADDING, training=TrainingConfig(momentum=0.5))
    unclipped = [replace(ADDING, training=TrainingConfig(clip="off", threshold=number)) for number in (0.5, 2.0)]
    assert adam.run_id == ADDING.run_id
    assert unclipped[0].run_id == unclipped[1].run_id
    chrono = [RecurrentConfig(chrono=9, forget_bias=bias) for bias in (None, 3.0)]
    assert chrono[0] == chrono[1]
    assert RecurrentConfig(name="gru", activation="relu") == RecurrentConfig(name="gru")


def test_a_setting_that_was_added_later_is_written_only_where_it_is_not_its_default():
    assert "dropout" not in ADDING.to_json()["model"]
    assert Experiment.from_query(ADDING.to_query() | {"model.dropout": "none"}).run_id == ADDING.run_id
    dropping = replace(ADDING, model=RecurrentConfig(dropout="recurrent"))
    assert dropping.to_json()["model"] == ADDING.to_json()["model"] | {"dropout": "recurrent", "dropout_rate": 0.2}
    assert Experiment.from_json(dropping.to_json()) == Experiment.from_query(dropping.to_query()) == dropping
    other = replace(ADDING, model=RecurrentConfig(dropout="recurrent", dropout_rate=0.3))
    assert len({ADDING.run_id, dropping.run_id, other.run_id}) == 3
    assert replace(ADDING, model=RecurrentConfig(dropout_rate=0.7)) == ADDING


def test_truncated_backpropagation_changes_the_run_and_its_default_no_address():
    cut = replace(ADDING, model=RecurrentConfig(backpropagation="truncated", window=10))
    assert "backpropagation" not in ADDING.to_json()["model"]
    assert Experiment.from_json(cut.to_json()) == Experiment.from_query(cut.to_query()) == cut
    assert cut.run_id != ADDING.run_id
    assert replace(ADDING, model=RecurrentConfig(window=10, stride=3, carried=False)) == ADDING
    assert (cut.model.cut_every, replace(cut.model, stride=3).cut_every) == (10, 3)
    assert not RecurrentConfig(bidirectional=True, backpropagation="truncated").applies("window")
    with pytest.raises(ConfigError, match="stride must be at most the window of 5 steps, got 6"):
        RecurrentConfig(backpropagation="truncated", window=5, stride=6)


def test_dropout_between_the_layers_of_one_layer_is_refused():
    with pytest.raises(ConfigError, match="dropout between layers needs at least 2 layers, got 1"):
        RecurrentConfig(dropout="layers")


def test_every_setting_that_means_something_changes_the_run():
    others = [
        replace(ADDING, seed=1),
        replace(ADDING, task=AddingConfig(length=51)),
        replace(ADDING, model=RecurrentConfig(hidden_size=65)),
        replace(ADDING, training=TrainingConfig(steps=501)),
        replace(ADDING, parent=Parent(run=ADDING.run_id, step=1)),
    ]
    assert len({one.run_id for one in [ADDING, *others]}) == 6


def test_an_empty_link_is_the_default_experiment():
    assert Experiment.from_query({}) == ADDING


def test_a_child_goes_on_counting_from_its_parents_step():
    assert (ADDING.first_step, ADDING.last_step) == (0, 500)
    assert (A_CHILD.first_step, A_CHILD.last_step) == (40, 540)


LONG = "x" * 100_000
HOSTILE = [
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "",
    " ",
    "none",
    "yes",
    "0x10",
    "1.5.2",
    "'; DROP TABLE",
    "<script>",
    LONG,
    "9" * 100_000,
]


def refusal(query):
    try:
        Experiment.from_query(query)
    except SeqvizError as error:
        return str(error)
    return None


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
@pytest.mark.parametrize("name", sorted(ON_A_TEXT.to_query() | {"training.learning_rate": "1"} | A_CHILD.to_query()))
def test_a_hostile_link_is_refused_in_one_short_sentence(name, value):
    query = (A_CHILD.to_query() if name in A_CHILD.to_query() else ON_A_TEXT.to_query()) | {name: value}
    message = refusal(query)
    if message is None:
        assert value in ("none", "yes")  # which some settings may be
    else:
        assert len(message) < 400
        assert "\n" not in message


WRONG = [None, True, "1", 1.5, float("nan"), float("inf"), 1e308, -1, 10**400, [], {}, b"1", LONG]


@pytest.mark.parametrize("value", WRONG, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("field", ["hidden_size", "layers", "scale", "name", "bidirectional", "initialisation", "chrono"])
def test_a_value_of_the_wrong_type_or_size_is_refused_by_name(field, value):
    config = {"name": "lstm", "initialisation": "orthogonal", field: value}
    if field in ("bidirectional",) and value is True:
        value = config[field] = 1
    if field == "scale" and value == 1.5:
        value = config[field] = 1e3
    with pytest.raises(ConfigError, match=rf"^{field} must be ") as caught:
        RecurrentConfig.from_json(config)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", [True, "0", 1.0, -1, 2**31, 10**400, None, float("nan")])
def test_a_seed_out_of_range_is_refused(value):
    with pytest.raises(ConfigError, match="seed must be a whole number"):
        Experiment.from_json(ADDING.to_json() | {"seed": value})


@pytest.mark.parametrize("value", [None, [], "adding", 3, {}, {"task": 1}, {1: 2}, ADDING.to_json() | {"extra": 1}])
def test_json_of_another_form_is_refused(value):
    with pytest.raises(ConfigError, match="experiment"):
        Experiment.from_json(value)


@pytest.mark.parametrize("part", ["task", "model", "training", "parent"])
@pytest.mark.parametrize("value", [[], "adding", 3, {"name": "nonsense"}, {"name": "adding", LONG: 1}])
def test_a_part_of_another_form_is_refused(part, value):
    with pytest.raises((ConfigError, UnknownNameError)) as caught:
        Experiment.from_json(ADDING.to_json() | {part: value})
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("key", ["depth", "task", "task.", "task.depth", "model.width", ".name", "training..", LONG])
def test_a_link_with_an_unknown_name_is_refused(key):
    with pytest.raises(ConfigError, match="unknown"):
        Experiment.from_query({key: "1"})


def test_a_language_model_may_not_read_backwards_and_says_why():
    with pytest.raises(ConfigError, match="has already seen the character"):
        replace(ON_A_TEXT, model=RecurrentConfig(bidirectional=True))


def test_the_lag_must_lie_within_the_sequence():
    with pytest.raises(ConfigError, match="lag must be less than the sequence length, 10, got 10"):
        LagConfig(length=10, lag=10)


def test_chrono_of_one_step_is_refused():
    with pytest.raises(ConfigError, match="chrono must be 0"):
        RecurrentConfig(chrono=1)


def going_on_from(parent, step, **changes):
    return replace(parent, parent=Parent(run=parent.run_id, step=step), **changes)


def test_a_child_may_change_length_training_and_seed():
    child = going_on_from(ADDING, 500, task=AddingConfig(length=9), training=TrainingConfig(optimizer="sgd"), seed=9)
    child.check_parent(ADDING)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": RecurrentConfig(hidden_size=65)}, "must keep its hidden size: 64, got 65"),
        ({"model": RecurrentConfig(name="gru")}, "must keep its name: 'lstm', got 'gru'"),
        ({"task": LagConfig()}, "must keep its task: 'adding', got 'lag'"),
        ({"task": TranslationConfig(), "model": Seq2SeqConfig()}, "must keep its task: 'adding', got 'translation'"),
    ],
)
def test_a_child_of_another_form_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        going_on_from(ADDING, 500, **changes).check_parent(ADDING)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": TranslationConfig(corpus="dates")}, "must keep its corpus: 'fr-en', got 'dates'"),
        ({"model": replace(TRANSLATION.model, order="before")}, "must keep its order: 'after', got 'before'"),
        ({"model": replace(TRANSLATION.model, cell="lstm")}, "must keep its cell: 'gru', got 'lstm'"),
        ({"model": replace(TRANSLATION.model, reverse_source=True)}, "must keep its reverse source: False, got True"),
    ],
)
def test_a_child_of_a_translation_keeps_its_sentences_and_its_network(changes, message):
    with pytest.raises(ConfigError, match=message):
        going_on_from(TRANSLATION, 500, **changes).check_parent(TRANSLATION)
    going_on_from(TRANSLATION, 500, model=replace(TRANSLATION.model, teacher_forcing=1.0)).check_parent(TRANSLATION)


def test_the_order_of_no_attention_means_nothing():
    assert Seq2SeqConfig(attention="none", order="after") == Seq2SeqConfig(attention="none")


def test_a_child_of_another_text_is_refused():
    child = going_on_from(ON_A_TEXT, 3, task=CharactersConfig(text="text-ffffffffffffffff"))
    with pytest.raises(ConfigError, match="must keep its text"):
        child.check_parent(ON_A_TEXT)


def test_a_child_of_a_step_that_its_parent_never_does_is_refused():
    with pytest.raises(ConfigError, match=r"step must be in \[0, 500\]"):
        going_on_from(ADDING, 501).check_parent(ADDING)
    with pytest.raises(ConfigError, match="does not go on from run"):
        going_on_from(ADDING, 1).check_parent(A_CHILD)


def test_a_child_keeps_the_own_sentences_that_decide_its_words():
    task = TranslationConfig(corpus="own", text="pairs-0123456789abcdef", longest=10)
    parent = Experiment(task=task, model=Seq2SeqConfig())
    child = replace(parent, parent=Parent(run=parent.run_id, step=5))
    child.check_parent(parent)
    for change in ({"longest": 12}, {"vocabulary": 77}, {"sentences": 200}):
        with pytest.raises(ConfigError, match=f"must keep its {next(iter(change))}"):
            replace(child, task=replace(task, **change)).check_parent(parent)
