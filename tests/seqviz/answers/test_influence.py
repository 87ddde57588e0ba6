"""A worker's answers about influence come from the run's weights and sentences; bad questions get one sentence."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.cards import read_cards
from seqviz.corpora import held_out_dependency
from seqviz.corpora.dependencies import KINDS
from seqviz.corpora.dependency_lexicon import others_of_class
from seqviz.errors import ConfigError, LimitError, StoreError, TextError, TraceError
from seqviz.subjects.influence import DEPENDENCIES, DistantInputs, DistantWords, ReadSentence
from seqviz.subjects.nudge import SIZES, NudgedNetwork

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
SENTENCE = "nora lost the key . later nora found the"


def read(text=SENTENCE, asked="", run=None):
    from seqviz.answers.influence import answer_influence_words

    return answer_influence_words(ReadSentence(run=run or CARDS["words-lstm"].run, text=text, asked=asked))


def nudged(**asked):
    from seqviz.answers.nudge import answer_nudge

    return answer_nudge(NudgedNetwork(**{"hidden_size": 8, "length": 12, **asked}))


def distant(name, *, trained=True, sequences=16):
    from seqviz.answers.influence import answer_influence_inputs

    return answer_influence_inputs(DistantInputs(run=CARDS[name].run, trained=trained, sequences=sequences))


def test_nudges_of_every_size_are_answered_and_another_beside_them():
    assert nudged().sizes.tolist() == list(SIZES)
    assert nudged(size=0.07).sizes.tolist() == sorted((*SIZES, 0.07))
    assert nudged().changes.shape == (len(SIZES), 12 - 5)


def test_a_runs_network_is_nudged_too():
    assert nudged(run=CARDS["adding-gru"].run, nudged=90).changes.shape == (len(SIZES), 10)


def test_a_nudge_that_cannot_be_is_refused():
    with pytest.raises(TraceError, match=r"time must be a whole number in \[0, 11\], got 12"):
        nudged(nudged=12)
    with pytest.raises(LimitError, match="hidden_size may be at most"):
        nudged(hidden_size=1024)
    with pytest.raises(StoreError, match="there is no run"):
        nudged(run="1" * 20)


def test_untrained_is_before_the_first_training_step():
    from seqviz.experiment import Experiment
    from seqviz.store import open_store
    from seqviz.training import Trainer

    experiment: Experiment = open_store().experiment(CARDS["lag-lstm"].run)
    model = Trainer(experiment).model.double().requires_grad_(False)
    record = distant("lag-lstm", trained=False, sequences=2)
    from seqviz.answers.opened import open_subject
    from seqviz.subjects.recurrent import RunMoment

    inputs = open_subject(RunMoment(run=CARDS["lag-lstm"].run, loss="every", batch_size=2)).inputs
    jacobian = torch.autograd.functional.jacobian(lambda one: model(one.unsqueeze(0))[0, -1], inputs[1])
    np.testing.assert_allclose(record.jacobians[1, ::-1], jacobian.square().sum((0, 2)).sqrt().numpy(), rtol=1e-6)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_jacobian_at_the_lag_grows_by_training_only_where_the_dependency_is_real(cell):
    from seqviz.recipes.influence import LAG

    def at_lag(data):
        before, after = (np.median(distant(f"{data}-{cell}", trained=trained).jacobians[:, LAG]) for trained in (False, True))
        return after / before

    assert at_lag("lag") > 10
    assert at_lag("noise") < 3


def test_the_probability_is_the_networks_own_for_the_word_asked_for():
    free, asked = read(), read(asked="lamp")
    assert free.asked == free.likeliest[0][0]
    assert free.probability == pytest.approx(free.likeliest[0][1])
    assert asked.asked == "lamp"
    assert asked.probability < free.probability
    assert asked.log_probabilities[:-1] == pytest.approx(free.log_probabilities[:-1])


def test_replacing_a_word_is_reading_the_other_sentences():
    record = read(asked="key")
    others = others_of_class("nora")
    replaced = [read(SENTENCE.replace("nora", name, 1), "key").log_probabilities[-1] for name in others]
    assert record.changes[-1, 0] == pytest.approx(record.log_probabilities[-1] - np.mean(replaced), abs=1e-9)
    assert record.agreement.relative_error < 1e-4


@pytest.mark.parametrize(
    ("text", "words", "known"),
    [
        ("nora", ("nora",), [True]),
        ("我在 france", ("我", "在", "france"), [False, False, True]),
        ("nora ở tiệm", ("nora", "ở", "tiệm"), [True, False, False]),
        (
            "the <b>key</b> 🔑",
            ("the", "<", "b", ">", "key", "<", "/", "b", ">", "🔑"),
            [True, *[False] * 3, True, *[False] * 5],
        ),
    ],
)
def test_whatever_is_typed_is_read_word_by_word(text, words, known):
    record = read(text)
    assert record.words == words
    assert record.known.tolist() == known
    assert np.isfinite(record.changes).all()
    assert record.products.shape == (len(words), len(words))


@pytest.mark.parametrize(
    ("text", "asked", "error", "said"),
    [
        ("  ", "", TextError, "at least one word"),
        ("key " * 2000, "", LimitError, "at most 60 words on this server, got 2,000"),
        (SENTENCE, "submarine", TextError, "one that these networks know, got 'submarine'"),
        (SENTENCE, "the key", TextError, "one that these networks know, got 'the key'"),
    ],
)
def test_a_sentence_that_cannot_be_read_gets_one_sentence(text, asked, error, said):
    with pytest.raises(error, match=said):
        read(text, asked)


def test_only_word_language_models_read():
    with pytest.raises(ConfigError, match="learned another task"):
        read(run=CARDS["adding-rnn"].run)
    with pytest.raises(StoreError, match="there is no run"):
        read(run="1" * 20)


@pytest.mark.parametrize(("kind", "some_fail"), [("country", True), ("return", True), ("subject", False)])
def test_accuracy_by_distance_counts_what_reading_finds(kind, some_fail):
    from seqviz.answers.influence import _dealt, answer_influence_dependencies

    run = CARDS["words-rnn"].run
    record = answer_influence_dependencies(DistantWords(run=run, dependency=kind, sentences=5, fillers=9))
    assert record.fillers.tolist() == list(range(10))
    assert record.distances.tolist() == [held_out_dependency(kind, fillers, 0).distance for fillers in range(10)]
    right = [sum(found_by_reading(run, one) for one in _dealt(kind, fillers, 5)) for fillers in range(10)]
    assert record.right.tolist() == right
    assert (0 < sum(right) < 50) == some_fail


def found_by_reading(run, dependency):
    """Whether the word that is decided is likelier than the others, the sentence read word by word on its own."""
    from seqviz.answers.influence import open_language_model
    from seqviz.store import open_store

    language = open_language_model(open_store(), run)
    rnn, readout, state = language.model.rnn, language.model.readout, None
    for symbol in language.vocabulary.encode(dependency.words[: dependency.target]):
        states, state = rnn(torch.eye(language.size, dtype=torch.float64)[symbol].view(1, 1, -1), state)
    likelihood = dict(
        zip(dependency.alternatives, readout(states)[0, 0, language.vocabulary.encode(dependency.alternatives)], strict=True)
    )
    return max(likelihood, key=likelihood.get) == dependency.words[dependency.target]


def test_every_kind_of_dependency_can_be_asked_for():
    assert DEPENDENCIES.keys() == KINDS.keys()
