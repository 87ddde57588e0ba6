"""Verbs about pictures answer for a run that captions, and refuse everything else in one sentence."""

import numpy as np
import pytest

from seqviz.answers.caption import answer_caption, answer_caption_pointing
from seqviz.answers.heads import answer_heads
from seqviz.errors import ConfigError, SeqvizError, StoreError, TextError, TraceError
from seqviz.experiment import CaptionerConfig, Experiment, RecurrentConfig, TrainingConfig, TransformerConfig
from seqviz.experiment.task import AddingConfig, CaptionsConfig
from seqviz.scenes import arranged, described, drawn
from seqviz.subjects.caption import HeldOutPictures, Picture
from seqviz.subjects.heads import ReadByHeads

SHOWS = "a large orange circle above two small blue squares"
MODEL = CaptionerConfig(hidden_size=5, embedding_size=4, channels=8)
HEADS = TransformerConfig(name="transformer_captioner", layers=1, heads=2, width=8, inner=4)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A store with a run that captions, one that adds, and one that captions with heads."""
    from seqviz.jobs.training import train_run
    from seqviz.settings import settings
    from seqviz.store import Store

    folder = tmp_path_factory.mktemp("store")
    training, keep = TrainingConfig(steps=2, batch_size=3), settings().store
    every = [
        Experiment(task=CaptionsConfig(most=2), model=MODEL, training=training),
        Experiment(task=AddingConfig(length=5), model=RecurrentConfig(hidden_size=3), training=training),
        Experiment(task=CaptionsConfig(most=2), model=HEADS, training=training),
    ]
    for experiment in every:
        assert train_run(experiment, Store(str(folder)), keep).state == "done"
    return folder, *(experiment.run_id for experiment in every)


@pytest.fixture
def store(runs, monkeypatch):
    from seqviz.store import Store

    for reader in ("caption", "heads"):
        monkeypatch.setattr(f"seqviz.answers.{reader}.open_store", lambda: Store(str(runs[0])))
    return runs


def test_a_picture_is_described_as_it_was_arranged_with_what_is_erased_gone(store):
    scene = arranged(described(SHOWS.split()), 8)
    record = answer_caption(Picture(run=store[1], shows=SHOWS, arrangement=8))
    np.testing.assert_array_equal(record.picture, drawn(scene))
    fewer = answer_caption(Picture(run=store[1], shows=SHOWS, arrangement=8, erased="0"))
    np.testing.assert_array_equal(fewer.picture, drawn(scene.without({0})))
    assert fewer.true == (("two", "small", "blue", "squares"),)


def test_what_is_given_is_written(store):
    assert answer_caption(Picture(run=store[1], shows=SHOWS, given="three small")).written[:2] == ("three", "small")


def test_the_pointing_game_is_of_held_out_pictures_with_groups_as_large_as_were_learned(store):
    game = answer_caption_pointing(HeldOutPictures(run=store[1], pictures=12))
    assert game.drawn == 12
    assert game.pictures.max() == 12
    assert ((game.hits >= 0) & (game.hits <= 1)).all()


def test_a_transformer_describes_with_heads_whose_mean_is_the_heat(store):
    record = answer_caption(Picture(run=store[3], shows=SHOWS))
    np.testing.assert_allclose(record.heads.mean(axis=1), record.weights, atol=1e-12)
    assert record.heads.shape == (len(record.written), 2, 8, 8)
    assert record.scores is record.contexts is None
    assert answer_caption_pointing(HeldOutPictures(run=store[3], pictures=6)).drawn == 6
    with pytest.raises(ConfigError, match="only Transformers that read a text"):
        answer_heads(ReadByHeads(run=store[3]))


@pytest.mark.parametrize(
    ("subject", "error", "said"),
    [
        ({"run": "0" * 20}, StoreError, "there is no run"),
        ({"shows": "a large plaid circle"}, TextError, "a caption must read like"),
        ({"shows": "a large blue circle above a small blue circle"}, ConfigError, "must differ in shape or colour"),
        ({"erased": "5"}, ConfigError, "has the things 0 to 2, got 5"),
        ({"erased": "0,1,2"}, ConfigError, "at least one thing"),
        ({"given": "zebra"}, TraceError, "cannot write 'zebra'"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(store, subject, error, said):
    with pytest.raises(error, match=said):
        answer_caption(Picture(**({"run": store[1], "shows": SHOWS} | subject)))


@pytest.mark.parametrize(("verb", "subject"), [(answer_caption, Picture), (answer_caption_pointing, HeldOutPictures)])
def test_a_run_that_does_not_caption_is_refused(store, verb, subject):
    with pytest.raises(SeqvizError, match="only networks that caption"):
        verb(subject(run=store[2]))
