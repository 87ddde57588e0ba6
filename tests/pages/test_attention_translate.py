"""The translation page: a finding at once, every network, bad input in one sentence. Traces are real, in this process."""

import json

import numpy as np
import pytest
from inprocess import ROOT, LabInThisProcess, answered_by, open_page

from seqviz.corpora import alignment_error_rate, strongest_links

PAGE = "pages/attention/translate.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    return open_page(PAGE, query)


def sent(app):
    """What the browser is sent: the alignment, and the tree."""
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return next((each for each in parts if "written" in each), None), next((each for each in parts if "traces" in each), None)


@pytest.mark.parametrize("network", ["additive", "dot", "general", "scaled"])
def test_rows_of_the_alignment_sum_to_1_for_every_score(network):
    app = opened(network=network)
    assert not app.error
    alignment, _ = sent(app)
    np.testing.assert_allclose(np.sum(alignment["weights"], axis=1), 1, atol=1e-9)


def test_opens_with_a_right_translation_whose_order_changes():
    alignment, tree = sent(opened())
    assert alignment["title"].startswith("Right: ")
    assert "Attention goes back" in alignment["title"]
    assert alignment["gold"]
    assert tree["finding"].startswith("The best of 4: ")


def test_alignment_error_rate_on_the_page_is_its_definition():
    app = opened(network="dot")
    alignment, _ = sent(app)
    found = strongest_links(np.array(alignment["weights"][:-1]))
    rate = alignment_error_rate(found, {tuple(link) for link in alignment["gold"]})
    said = next(one.value for one in app.caption if "Alignment error rate" in one.value)
    assert float(said.split("against them: ")[1].split(";")[0]) == pytest.approx(rate, abs=0.006)


def test_unknown_words_are_named_under_the_picture():
    app = opened(sentence="typed", text="le * hippogriffe dort")
    assert any("In dotted italics: \\* and hippogriffe, unknown to the network" in one.value for one in app.caption)


def test_a_search_that_does_not_know_what_was_made_up_above_says_so():
    assert any("made to begin with “the dog”; the search below is free" in one.value for one in opened(given="the dog").caption)
    assert any("this search: it is free" in one.value for one in opened(looks="0:1").caption)


def test_without_attention_there_is_nothing_to_look_at():
    alignment, _ = sent(opened(network="none"))
    assert alignment["weights"] is None
    assert "It has no attention" in alignment["title"]


def test_what_is_forced_is_written():
    alignment, _ = sent(opened(given="the dog"))
    assert alignment["written"][:2] == ["the", "dog"]
    assert alignment["forced"][:3] == [True, True, False]


def test_teacher_forcing_makes_it_read_the_right_words_and_says_what_it_would_have_chosen():
    names = (f"s{number}" for number in range(1, 13))
    wrong = next(name for name in names if "right would be" in sent(opened(network="none", sentence=name))[0]["title"])
    alignment, _ = sent(opened(network="none", sentence=wrong, reads="right"))
    assert all(alignment["forced"])
    own = sum(offered[0][0] == word for offered, word in zip(alignment["alternatives"], alignment["written"], strict=True))
    assert f": {own} of the {len(alignment['written'])} words" in alignment["title"]
    assert own < len(alignment["written"])


def test_attention_that_never_leaves_the_first_word_is_predicted_then_seen():
    app = opened(guess="same")
    answer = next(one.value for one in app.markdown if one.value.startswith("**It writes "))
    stuck, _ = sent(opened(looks=",".join(f"{word}:0" for word in range(100))))
    assert f"“{' '.join(stuck['written'][:12])} …”" in answer
    assert "one word again and again" in answer
    assert "You saw that" not in answer
    assert any("You saw that" in one.value for one in opened(guess="stuck").markdown)


@pytest.mark.parametrize(("network", "corpus"), [("dates", "dates"), ("reversal", "reversal"), ("sorting", "sorting")])
def test_other_tasks_are_watched_too(network, corpus):
    app = opened(network=network)
    alignment, _ = sent(app)
    assert not app.error
    assert alignment["title"].startswith("Right: ")
    if network == "sorting":
        assert alignment["written"][:-1] == sorted(alignment["source"])
    if network == "reversal":
        assert alignment["written"][:-1] == alignment["source"][::-1]


def test_a_run_of_this_server_is_watched_by_its_link():
    run = json.loads((ROOT / "pretrained/cards/translation-dot.json").read_text())["run"]
    alignment, _ = sent(opened(run=run))
    dot, _ = sent(opened(network="dot"))
    assert alignment["weights"] == dot["weights"]


def test_the_words_of_a_sample_can_be_changed():
    app = opened()
    before, _ = sent(app)
    next(button for button in app.button if button.label == "Change its words").click().run()
    assert sent(app)[0]["source"] == before["source"]
    assert next(each for each in app.text_input if each.label == "Sentence").value.split()[0] == before["source"][0]


def test_nearest_sentences_are_listed_with_their_translations():
    app = opened()
    assert any("leaves the encoder most alike" in one.value for one in app.markdown)
    table = app.dataframe[0].value
    assert list(table["cosine"]) == sorted(table["cosine"], reverse=True)


def test_a_typed_sentence_is_in_the_link_and_unknown_words_are_marked():
    alignment, _ = sent(opened(sentence="typed", text="le hippogriffe <b>dort</b>"))
    assert alignment["known"][0]
    assert not alignment["known"][1]
    assert "hippogriffe" in alignment["source"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sentence": "typed", "text": " "}, "at least one word"),
        ({"sentence": "typed", "text": "le " * 500}, "at most 60 words"),
        ({"given": "flibbertigibbet"}, "cannot write 'flibbertigibbet'"),
        ({"looks": "0:59"}, "Attention can be moved to a word at 0 to"),
        ({"run": "f" * 20}, "there is no run ffffffffffffffffffff on this server"),
        ({"run": json.loads((ROOT / "pretrained/cards/adding-gru.json").read_text())["run"]}, "only networks that translate"),
    ],
)
def test_bad_input_is_one_sentence(query, said):
    app = opened(**query)
    assert not app.exception
    assert any(said.lower() in error.value.lower() for error in app.error), [error.value for error in app.error]


@pytest.mark.parametrize("query", [{"width": "0"}, {"width": "1000"}, {"temperature": "nan"}, {"network": "telepathy"}])
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    assert not app.exception
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert sent(app)[0] is not None
