"""The page of one token's way: a finding at once, any token of a sentence, bad input in one sentence. Traces are real."""

import json
from pathlib import Path

import numpy as np
import pytest
from inprocess import LabInThisProcess, answered_by, open_page
from shortruns import short_run

from seqviz.cards import read_cards
from seqviz.experiment.task import LagConfig, TranslationConfig

PAGE = "pages/transformer/walk.py"
RECURRENT = read_cards(Path(__file__).parents[2] / "pretrained")["translation-dot"].run
REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    return open_page(PAGE, query)


def sent(app):
    """What the browser is sent: the header, and the float64 arrays by name."""
    message = next(each.proto.bytes for each in app.get("bidi_component") if each.proto.bytes)
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    arrays = {
        name: np.frombuffer(message, "<f8", rows * columns, 4 + length + at).reshape(rows, columns)
        for name, rows, columns, wide, at in header["arrays"] if wide == 8
    }  # fmt: skip
    return header, arrays


def figures(app):
    return [json.loads(each.proto.mixed.json or each.proto.json) for each in app.get("bidi_component") if not each.proto.bytes]


def test_it_opens_with_the_shipped_transformer_and_a_finding_that_is_true_of_the_numbers_sent():
    app = opened()
    header, arrays = sent(app)
    assert not app.exception
    assert not app.error
    due = header["written"][header["position"]]
    assert header["title"].startswith(f"After “{header['read'][header['position']]}”, “{due}” ")
    assert header["due"] == due == header["words"][0]  # the network is right here
    assert header["lens"][-1] == pytest.approx(arrays["chances"][0, 0])
    logits = arrays["logits"][0]
    np.testing.assert_allclose(arrays["chances"][0], (np.exp(logits) / np.exp(logits).sum())[header["best"]], atol=1e-12)
    stages = next(each for each in figures(app) if " the probability of " in each.get("finding", ""))
    named = stages["finding"].split(" raises ")[0].lower()
    assert named in header["title"]  # the block that decides is the one that changes most


@pytest.mark.parametrize(("token", "side", "position"), [("e1", "encoder", 0), ("d1", "decoder", 0), ("e3", "encoder", 2)])
def test_any_token_is_walked(token, side, position):
    header, arrays = sent(opened(token=token))
    assert (header["side"], header["position"]) == (side, position)
    assert ("logits" in arrays) == (side == "decoder")
    np.testing.assert_allclose(arrays["embedded"] + arrays["place"], arrays["entered"], atol=1e-12)
    for block in header["blocks"]:
        if block["kind"] == "sum":
            np.testing.assert_allclose(arrays[block["out"]], sum(arrays[name] for name in block["from"]), atol=1e-12)
        if block["kind"] == "self":
            np.testing.assert_allclose(arrays[f"{block['look']}.weights"].sum(1), 1, atol=1e-12)
            later = arrays[f"{block['look']}.weights"][:, position + 1 :]
            assert side == "encoder" or not later.any()  # exactly 0 where nothing may be seen


def test_the_next_word_is_the_right_one_where_it_is_known_and_the_networks_own_where_not():
    held, _ = sent(opened())
    typed, _ = sent(opened(sentence="typed", text=" ".join(held["source"])))
    assert held["written"][-1] == typed["written"][-1] == "<eos>"
    assert typed["read"] == ["<sos>", *typed["written"][:-1]]
    untrained, _ = sent(opened(run=short_run(REVERSAL)))  # that would write something else
    assert untrained["written"][:-1] == untrained["source"][::-1]


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"positions": "none"}, "adds no positions"), ({"positions": "learned"}, "has a vector that was learned")],
)
def test_other_positions_are_told_of(settings, said):
    app = opened(run=short_run(REVERSAL, norm="post", **settings))
    assert not app.error
    assert any(said in one.value for one in app.markdown)
    assert any("Behind each sum stands a norm" in one.value for one in app.markdown)
    assert ("position" in [block["kind"] for block in sent(app)[0]["blocks"]]) == (settings["positions"] != "none")
    assert any("Predict, then see" in one.value for one in app.markdown) == (settings["positions"] != "none")


@pytest.mark.parametrize("network", ["words-transformer", "characters-transformer"])
def test_a_language_model_opens_with_a_text_and_a_finding_that_is_true_of_the_numbers_sent(network):
    app = opened(network=network, guess="other")
    header, arrays = sent(app)
    assert not app.error
    assert header["source"] == []
    assert header["position"] == len(header["read"]) - 1
    assert header["written"][:-1] == header["read"][1:]
    assert header["written"][-1] == header["due"] == header["words"][0]  # behind the text, what the network finds likeliest
    assert header["title"].startswith(
        f"After “{header['read'][-1]}”, “{header['due']}” becomes the likeliest next {header['noun']}"
    )
    assert header["lens"][-1] == pytest.approx(arrays["chances"][0, 0])
    stream = arrays["entered"] + sum(
        arrays[block["out"]] for block in header["blocks"] if block["kind"] in ("self", "feedforward")
    )
    np.testing.assert_allclose(stream, arrays[header["blocks"][-4]["out"]], atol=1e-12)  # what the last norm reads
    answer = next(one.value for one in app.markdown if one.value.startswith("**It is "))
    assert f"“{header['due']}”, {arrays['chances'][0, 0]:.2g}" in answer
    assert ("You saw that" in answer) == answer.startswith("**It is another ")


def test_another_network_is_chosen_with_a_text_of_its_own():
    app = opened(token="e2")
    networks = {"words-transformer": "word", "characters-transformer": "character", "translation-transformer": "word"}
    for name, noun in networks.items():
        next(one for one in app.selectbox if one.label == "Network").set_value(("network", name)).run()
        header, _ = sent(app)
        assert not app.error
        assert not app.warning
        assert (header["noun"], bool(header["source"])) == (noun, name == "translation-transformer")
        assert header["unknown"] == []
        assert name in app.query_params["network"]


def test_of_a_language_model_unknown_words_are_named_and_there_is_no_encoder():
    app = opened(network="words-transformer", text="the <b>zebra</b> sees", token="e2")
    assert sent(app)[0]["unknown"][:3] == ["<", "b", ">"]
    assert any("“zebra”" in one.value and "does not know them" in one.value for one in app.caption)
    assert any("no encoder" in one.value for one in app.warning)


def test_without_positions_it_is_predicted_then_seen():
    app = opened(guess="same")
    answer = next(one.value for one in app.markdown if one.value.startswith("**It writes "))
    own = " ".join(sent(app)[0]["written"])
    assert f"with positions it writes “{own}”".replace("<eos>", "\\<eos\\>") in answer
    assert "other words" in answer or "another order" in answer
    assert "You saw that" not in answer


def test_unknown_words_html_and_emoji_are_read_as_unknown():
    app = opened(sentence="typed", text="le <b>chat</b> 🐈 dort")
    header, _ = sent(app)
    assert not app.error
    assert "🐈" in header["unknown"]
    assert "le" not in header["unknown"]
    assert any("🐈" in one.value and "does not know" in one.value for one in app.caption)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sentence": "typed", "text": " "}, "at least one word"),
        ({"sentence": "typed", "text": "le " * 2000}, "at most 60 words"),
        ({"network": "characters-transformer", "text": "x" * 129}, "at most 128 characters on this server, got 129"),
        ({"network": "words-transformer", "text": " "}, "must have at least one word, got none"),
        ({"run": "f" * 20}, "there is no run ffffffffffffffffffff on this server"),
        ({"run": RECURRENT}, "only Transformers that read a text are walked through here"),
        (
            {"network": "telepathy"},
            "words-transformer, got 'telepathy'",
        ),
    ],
)
def test_bad_input_is_one_sentence(query, said):
    app = opened(**query)
    assert not app.exception
    assert any(said.lower() in error.value.lower() for error in app.error), [error.value for error in app.error]


def test_a_transformer_that_reads_no_text_is_one_sentence():
    app = opened(run=short_run(LagConfig(), name="causal"))
    assert any("Only Transformers that read a text" in error.value for error in app.error)


@pytest.mark.parametrize(
    ("words", "most"), [(8, "has learned 7 positions and can read no more, got 8"), (200, "at most 60 words")]
)
def test_more_words_than_can_be_read_are_one_sentence(words, most):
    app = opened(run=short_run(REVERSAL, positions="learned", learned_positions=7), sentence="typed", text="a" * words)
    (error,) = app.error
    assert most in error.value


def test_a_token_beyond_the_sentence_is_one_sentence_and_the_last_is_shown():
    app = opened(sentence="typed", text="le chat dort", token="e40")
    assert any("reads 3 tokens here: the position must be 1 to 3, got 40" in one.value for one in app.warning)
    assert sent(app)[0]["position"] == 2


@pytest.mark.parametrize("query", [{"token": "z9"}, {"token": "e0"}, {"sentence": "s99"}])
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert sent(app)[0]["side"] == "decoder"
