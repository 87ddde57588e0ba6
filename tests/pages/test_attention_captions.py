"""The captions page: a finding at once, what is erased or forced is followed, bad input in one sentence. Traces are real."""

import json

import numpy as np
import pytest
from inprocess import ROOT, LabInThisProcess, answered_by, open_page

from seqviz.cards import read_cards
from seqviz.scenes import captions, is_held_out
from seqviz.ui.lessons.attention.captions.reading import samples, whole

PAGE = "pages/attention/captions.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    return open_page(PAGE, {name.replace("_", "."): value for name, value in query.items()}, timeout=120)


def sent(app):
    """What the browser is sent: the picture with its caption, and the figure."""
    parts = [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component")]
    return next((each for each in parts if "written" in each), None), next((each for each in parts if "traces" in each), None)


def test_opens_with_a_true_caption_and_says_what_a_word_looks_at():
    app = opened()
    assert not app.error
    assert not app.exception
    picture, figure = sent(app)
    assert picture["title"].startswith("True: ")
    assert "times chance" in picture["title"]
    np.testing.assert_allclose(np.sum(picture["weights"], axis=(1, 2)), 1, atol=1e-9)
    said = float(picture["title"].split("“")[2].split("”, ")[1].split(" %")[0])
    assert said == pytest.approx(100 * picture["inside"][picture["begin"]], abs=0.51)
    assert figure["finding"].startswith("At a word for a colour or a shape, ")


def test_how_good_both_networks_are_stands_on_the_page_as_on_their_cards():
    cards, told = read_cards(ROOT / "pretrained"), [one.value for one in opened().caption]
    for name in ("captions", "captions-transformer"):
        assert any(f"it captions {100 * cards[name].exact:.1f} % truly. {cards[name].model}" in one for one in told)


def test_a_transformers_heat_is_the_mean_of_its_heads_and_says_so():
    app = opened(network="captions-transformer")
    assert not app.error
    picture, figure = sent(app)
    np.testing.assert_allclose(picture["weights"], np.mean(picture["heads"], axis=1), atol=1e-4)
    np.testing.assert_allclose(np.sum(picture["weights"], axis=(1, 2)), 1, atol=1e-9)
    assert (picture["whose"], picture["scores"]) == ("the mean attention of its 4 heads", None)
    assert "% of the mean attention of its 4 heads is on what it names" in picture["title"]
    assert "The heads are those of the decoder's last layer" in picture["key"]
    assert figure["finding"].startswith("At a word for a colour or a shape, ")
    assert any("where it is (sinusoids of row and column)" in one.value for one in app.markdown)
    assert any("Vaswani et al. 2017" in one.value for one in app.caption)


def test_one_head_is_shown_in_the_place_of_the_mean():
    every, _ = sent(opened(network="captions-transformer"))
    picture, figure = sent(opened(network="captions-transformer", head="2"))
    assert "of head 2's looks are strongest" in figure["finding"]
    np.testing.assert_allclose(picture["weights"], np.array(every["heads"])[:, 1], atol=1e-4)
    assert "% of head 2's attention is on what it names" in picture["title"]


def test_how_good_a_run_of_ones_own_is_is_told_of_the_pictures_of_the_pointing_game(monkeypatch):
    monkeypatch.setattr("seqviz.ui.lessons.attention.captions.views.came_along", dict)
    app = opened(run=read_cards(ROOT / "pretrained")["captions-transformer"].run)
    assert sent(app)[0]["whose"] == "the mean attention of its 4 heads"
    (told,) = (one.value for one in app.caption if "held-out pictures" in one.value)
    share = float(told.removeprefix("Of these 200 held-out pictures it captions ").removesuffix(" % truly."))
    assert 70 < share < 85


def test_another_network_forgets_the_head_and_what_was_forced():
    app = opened(network="captions-transformer", head="2", given="three")
    app.selectbox(key="captions.offered").set_value(("network", "captions")).run()
    assert not app.error
    picture, _ = sent(app)
    assert (picture["whose"], picture["heads"]) == ("its attention", None)
    assert not any(picture["forced"])


def test_every_sample_is_held_out_and_its_title_is_true_of_it():
    assert len(samples()) == 12
    for shown in samples():
        assert is_held_out(shown[0])
        assert shown[0].words in captions(whole(shown))


def test_what_is_erased_is_gone_and_the_caption_follows():
    picture, _ = sent(opened(erased="0"))
    every, _ = sent(opened())
    assert picture["picture"] != every["picture"]
    assert [thing["number"] for thing in picture["things"]] == [thing["number"] for thing in every["things"]][1:]
    assert picture["written"] != every["written"]


def test_what_is_forced_is_written_and_there_is_a_way_back():
    app = opened(given="three small")
    picture, _ = sent(app)
    assert picture["written"][:2] == ["three", "small"]
    assert picture["forced"][:3] == [True, True, False]
    next(button for button in app.button if button.label == "Let it write freely again").click().run()
    assert not any(sent(app)[0]["forced"])


def test_ones_own_scene_is_in_the_link():
    app = opened(scene="own", one_shape="star", one_colour="pink", one_count="3", relation="left", two_count="1")
    assert sent(app)[0]["described"] in (
        "A picture of three large pink stars left of a small blue square.",
        "A picture of a small blue square right of three large pink stars.",
    )
    alone = opened(scene="own", relation="none")
    assert sent(alone)[0]["described"] == "A picture of a large orange circle."


def test_another_scene_forgets_what_was_erased_and_forced():
    app = opened(erased="0", given="three")
    app.selectbox(key="captions.scene").set_value("s2").run()
    picture, _ = sent(app)
    assert not any(picture["forced"])
    assert picture["things"][0]["number"] == 0


def test_a_guess_is_answered_with_numbers():
    app = opened(guess="both")
    said = next(one.value for one in app.markdown if one.value.startswith("**On average"))
    shares = [float(part.split(" %")[0].split()[-1]) for part in said.split(", ")]
    assert sum(shares) == pytest.approx(100, abs=1.6)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"scene": "own", "two_shape": "circle", "two_colour": "orange"}, "must differ in shape or colour"),
        ({"given": "zebra"}, "cannot write 'zebra'"),
        ({"scene": "own", "relation": "none", "erased": "0"}, "at least one thing"),
        ({"erased": "9"}, "this picture has the things 0 to"),
        ({"head": "1"}, "one look at a time and no heads, got head 1"),
        ({"network": "captions-transformer", "head": "5"}, "has the heads 1 to 4, got head 5"),
        ({"run": "f" * 20}, "there is no run"),
        ({"run": read_cards(ROOT / "pretrained")["adding-gru"].run}, "only networks that caption can be shown a picture"),
    ],
)
def test_bad_input_is_one_sentence(query, said):
    app = opened(**query)
    assert not app.exception
    assert any(said.lower() in error.value.lower() for error in app.error), [error.value for error in app.error]


@pytest.mark.parametrize(
    "query", [{"scene": "s99"}, {"erased": "<b>"}, {"given": "A;B"}, {"arrangement": "-1"}, {"relation": "in"}, {"head": "17"}]
)
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    assert not app.exception
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert sent(app)[0] is not None
