"""What this server does not take is refused before anything is queued, saying why."""

from dataclasses import fields, replace

import pytest
import torch

from seqviz.admission import admitted, check_limits
from seqviz.corpora import held_out, learned
from seqviz.errors import ConfigError, JobError, LimitError, MissingTextError, TextError
from seqviz.experiment import (
    Experiment,
    FeedforwardConfig,
    Parent,
    RecurrentConfig,
    Seq2SeqConfig,
    TrainingConfig,
    TransformerConfig,
)
from seqviz.experiment.task import (
    AddingConfig,
    CaptionsConfig,
    CharactersConfig,
    CopyingConfig,
    LagConfig,
    SpiralsConfig,
    TranslationConfig,
)
from seqviz.settings import settings
from seqviz.store import Store
from seqviz.tasks import build_task

LIMITS = settings().limits

OVER = {
    "length": {"task": AddingConfig(length=LIMITS.length + 1)},
    "hidden_size": {"model": RecurrentConfig(hidden_size=LIMITS.hidden_size + 1)},
    "batch_size": {"training": TrainingConfig(batch_size=LIMITS.batch_size + 1)},
    "steps": {"training": TrainingConfig(steps=LIMITS.steps + 1)},
}


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path))


@pytest.fixture
def experiment():
    return Experiment(task=AddingConfig(), model=RecurrentConfig())


@pytest.mark.parametrize("name", OVER)
def test_over_a_limit_names_the_setting_the_limit_and_what_was_asked(store, experiment, name):
    limit = getattr(LIMITS, name)

    with pytest.raises(LimitError, match=f"{name} may be at most {limit:,} on this server, got {limit + 1:,}"):
        admitted(replace(experiment, **OVER[name]), (), store, LIMITS)


def test_an_ancestor_over_a_limit_is_refused_too(store, experiment):
    wide = replace(experiment, model=RecurrentConfig(hidden_size=600))
    child = replace(wide, parent=Parent(run=wide.run_id, step=3))

    with pytest.raises(LimitError, match="hidden_size"):
        admitted(child, (wide,), store, LIMITS)


def test_at_the_limits_all_is_well(store):
    largest = Experiment(
        task=AddingConfig(length=LIMITS.length),
        model=RecurrentConfig(hidden_size=LIMITS.hidden_size, layers=LIMITS.layers),
        training=TrainingConfig(batch_size=LIMITS.batch_size, steps=LIMITS.steps),
    )

    assert admitted(largest, (), store, LIMITS) == (largest,)
    assert {"layers", *OVER} <= {one.name for one in fields(LIMITS)}


def test_ancestors_are_put_in_line_whatever_their_order(store, experiment):
    middle = replace(experiment, parent=Parent(run=experiment.run_id, step=500))
    child = replace(experiment, parent=Parent(run=middle.run_id, step=700))

    assert admitted(child, (experiment, middle), store, LIMITS) == (child, middle, experiment)


def test_an_unknown_ancestor_and_a_step_it_never_had_are_refused(store, experiment):
    child = replace(experiment, parent=Parent(run=experiment.run_id, step=501))

    with pytest.raises(JobError, match=experiment.run_id):
        admitted(child, (), store, LIMITS)
    with pytest.raises(ConfigError, match=r"step must be in \[0, 500\] .*, got 501"):
        admitted(child, (experiment,), store, LIMITS)


def test_a_text_is_named_by_its_content_must_be_here_and_be_longer_than_a_sequence(store, experiment):
    def about(text: str) -> Experiment:
        return replace(experiment, task=CharactersConfig(text=text, length=10))

    assert admitted(about("python"), (), store, LIMITS)[0].task.text.startswith("python-3.")
    with pytest.raises(MissingTextError, match="text-" + "0" * 16):
        admitted(about("text-" + "0" * 16), (), store, LIMITS)
    with pytest.raises(TextError, match=r"longer than one sequence \(10 characters\), got 10 characters"):
        admitted(about(store.texts.add("0123456789")), (), store, LIMITS)
    admitted(about(store.texts.add("01234567890")), (), store, LIMITS)


@pytest.mark.parametrize(
    ("name", "task", "model"),
    [
        ("sentences", {"sentences": LIMITS.sentences + 1}, {}),
        ("vocabulary", {"corpus": "own", "text": "pairs-" + "0" * 16, "vocabulary": LIMITS.vocabulary + 1}, {}),
        ("embedding_size", {}, {"embedding_size": LIMITS.embedding_size + 1}),
    ],
)
def test_a_translation_has_limits_of_its_own(name, task, model):
    limit = getattr(LIMITS, name)
    experiment = Experiment(task=TranslationConfig(**task), model=Seq2SeqConfig(**model))

    with pytest.raises(LimitError, match=f"{name} may be at most {limit:,} on this server, got {limit + 1:,}"):
        check_limits(experiment, LIMITS)
    with pytest.raises(LimitError, match="longest may be at most 8 on this server, got 12"):
        check_limits(Experiment(task=TranslationConfig(), model=Seq2SeqConfig()), replace(LIMITS, longest=8))


def test_own_sentences_must_be_here_and_enough(store):
    def about(text: str, longest: int) -> Experiment:
        return Experiment(task=TranslationConfig(corpus="own", text=text, longest=longest), model=Seq2SeqConfig())

    with pytest.raises(MissingTextError, match="does not have the sentences pairs-" + "0" * 16):
        admitted(about("pairs-" + "0" * 16, 12), (), store, LIMITS)
    name = store.texts.add_pairs([*learned("fr-en", 20, 8), *held_out("fr-en", 2, 8)])
    assert admitted(about(name, 12), (), store, LIMITS)[0].task.text == name
    long = [pair for pair in learned("fr-en", 20, 8) if len(pair.source) > 4]
    with pytest.raises(TextError, match="got 0 and 0"):
        admitted(about(store.texts.add_pairs(long), 4), (), store, LIMITS)


@pytest.mark.parametrize(
    ("name", "task", "read"),
    [
        ("causal", LagConfig(length=30, lag=2), 30),
        ("causal", CopyingConfig(length=10), 30),
        ("transformer", TranslationConfig(longest=30), 31),  # <sos> is read before the words
        ("transformer", TranslationConfig(corpus="dates", longest=8), 11),
        ("transformer_captioner", CaptionsConfig(), 11),
    ],
)
def test_fewer_positions_than_are_read_are_refused(store, name, task, read):
    enough = TransformerConfig(name=name, positions="learned", learned_positions=read)
    few = replace(enough, learned_positions=read - 1)

    admitted(Experiment(task=task, model=enough), (), store, LIMITS)
    with pytest.raises(ConfigError, match=f"has learned {read - 1} positions and can read no more, got {read}"):
        admitted(Experiment(task=task, model=few), (), store, LIMITS)
    admitted(Experiment(task=task, model=replace(few, positions="none")), (), store, LIMITS)


def test_a_translator_needs_as_many_positions_as_its_batches_have():
    reversal = TranslationConfig(corpus="reversal", sentences=100, longest=5)
    dates = replace(reversal, corpus="dates", longest=8)
    for task in (reversal, dates):
        built, generator = build_task(task), torch.Generator().manual_seed(0)
        drawn = [built.batch(4, generator) for _ in range(40)]
        assert task.positions == max(max(batch.inputs.shape[1], batch.targets.shape[1]) for batch in drawn)


def test_a_feedforward_network_is_limited_in_depth_and_in_weights():
    wide = Experiment(task=SpiralsConfig(), model=FeedforwardConfig(name="dense", depth=10, hidden_size=8))
    check_limits(wide, LIMITS)
    with pytest.raises(LimitError, match="depth may be at most 9 on this server, got 10"):
        check_limits(wide, replace(LIMITS, depth=9))
    with pytest.raises(LimitError, match="joined by 2,880 weights, and this server allows 2,000: take a narrower network"):
        check_limits(wide, replace(LIMITS, joining_weights=2000))
