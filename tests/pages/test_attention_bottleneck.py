"""The bottleneck's page: each view's finding at once, true of real traces, in this process; broken links in one sentence."""

import json

import pytest
from inprocess import ROOT, LabInThisProcess, answered_by
from streamlit.testing.v1 import AppTest

PAGE = "pages/attention/bottleneck.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.attention.bottleneck.views.SENTENCES", 120)
    monkeypatch.setattr("seqviz.ui.lessons.attention.bottleneck.views.TOGETHER", 60)
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    app = AppTest.from_file(str(ROOT / PAGE), default_timeout=300)
    for name, value in query.items():
        app.query_params[name] = str(value)
    return app.run()


def figures(app):
    parts = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return [each for each in parts if "finding" in each]


def said(app):
    return " ".join(each.value for each in app.markdown)


def test_opens_with_the_fall_of_long_sentences_without_attention():
    app = opened()
    assert not app.exception
    assert not app.error
    (drawn,) = figures(app)
    assert drawn["finding"].startswith("Of sentences of ")
    curves = {trace["name"]: trace for trace in drawn["traces"]}
    with_attention, without = curves["with attention"]["customdata"], curves["without attention"]["customdata"]
    assert with_attention[-1].startswith("12 words: ")
    right = [int(curve[-1].split(": ")[1].split(" of ")[0]) for curve in (with_attention, without)]
    assert right[0] > right[1] == 0


def test_a_guess_reveals_what_happens_beyond_the_lengths_learned():
    app = opened(guess="falls")
    assert len(figures(app)) == 2
    assert "Of 10 to 12 words, " in said(app)
    marks = figures(app)[1]["layout"]["annotations"]
    assert marks[0]["text"] == "longer than any learned from"


@pytest.mark.parametrize("view", ["length", "reversal", "ensemble"])
def test_bleu_can_be_asked_for(view):
    app = opened(view=view, measure="bleu")
    assert not app.error
    assert "BLEU" in figures(app)[-1]["finding"]


def test_before_training_the_first_word_is_out_of_the_chains_reach():
    app = opened(view="gradient", sentences=4)
    before, after = (each["finding"] for each in figures(app))
    assert before.startswith("Before training, the first word's gradient is ")
    assert after.startswith("After training, ")
    assert "through the decoder's first state alone is" in said(app)
    assert said(app).count("agrees with finite differences to") == 4


def test_one_sentences_words_stand_on_the_axis():
    app = opened(view="gradient", sentences=1, length=6)
    axis = figures(app)[0]["layout"]["xaxis"]
    assert len(axis["ticktext"]) == 6
    assert any("→" in one.value for one in app.caption)


@pytest.mark.parametrize("colour", ["length", "number", "negated", "question"])
def test_sentences_are_coloured_by_what_is_true_of_them(colour):
    app = opened(view="states", colour=colour)
    assert not app.error
    for label, drawn in zip(("With attention", "Without attention"), figures(app), strict=True):
        assert drawn["finding"].startswith(f"{label}, two of 128 directions hold ")
        assert sum(len(trace["customdata"]) for trace in drawn["traces"]) == 300


def test_reading_backwards_is_judged_and_can_be_trained_anew():
    app = opened(view="reversal")
    learning, lengths = figures(app)
    assert learning["finding"].startswith("Read backwards, ")
    assert "read forwards" in lengths["finding"]
    assert "Reversal " in said(app)
    assert "reverse_source-yes" in said(app)
    assert "seed-1" in said(app)


def test_one_together_is_the_first_member_alone():
    app = opened(view="ensemble", width=2)
    alone, together = figures(app)[0]["traces"]
    assert alone["customdata"][0].split(": ")[1] == together["customdata"][0].split(": ")[1]
    assert len(together["customdata"]) == 4


@pytest.mark.parametrize("query", [{"view": "keyhole"}, {"longest": "99"}, {"width": "0"}, {"length": "nan"}])
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    assert not app.exception
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert figures(app)


def test_a_run_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr("seqviz.ui.runs.shipped.read_cards", lambda folder: {})
    app = opened()
    assert any("translation-additive" in error.value for error in app.error)


def test_a_network_whose_files_are_gone_is_one_sentence(monkeypatch):
    from seqviz.store import Store

    monkeypatch.setattr(Store, "open", lambda store, run: None)
    app = opened(view="reversal")
    assert not app.exception
    (told,) = [each.value for each in app.error]
    assert told.startswith("The files of the network 'translation-forwards' that comes with the app are missing or damaged; ")
