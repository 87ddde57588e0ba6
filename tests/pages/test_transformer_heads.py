"""The page of heads: a finding at once that is true of the weights sent, every kind of attention, bad input in one sentence."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from inprocess import LabInThisProcess, answered_by, open_page
from publishedmade import make_published
from shortruns import short_run

from seqviz.corpora import alignment_error_rate, strongest_links
from seqviz.errors import ConfigError
from seqviz.experiment.task import CharactersConfig, LagConfig, TranslationConfig, WordsConfig
from seqviz.settings import settings

PAGE = "pages/transformer/heads.py"
REVERSAL = TranslationConfig(corpus="reversal", sentences=200, longest=6)


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def opened(**query):
    return open_page(PAGE, {"run": short_run(REVERSAL), **query})


def sent(app):
    """What the browser is sent: the header, and every weight."""
    message = next(each.proto.bytes for each in app.get("bidi_component") if each.proto.bytes)
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    shape = (header["layers"], header["heads"], len(header["queries"]), len(header["keys"]))
    levels = np.frombuffer(message, np.uint8, offset=len(message) - int(np.prod(shape))).reshape(shape)
    return header, (levels / 255.0) ** 2


@pytest.mark.parametrize(
    ("attention", "cross", "masked"), [("cross", True, False), ("self", False, False), ("masked", False, True)]
)
def test_every_kind_of_attention_is_shown_and_its_rows_sum_to_1(attention, cross, masked):
    app = opened(attention=attention)
    header, weights = sent(app)
    assert not app.error
    assert (header["cross"], header["masked"]) == (cross, masked)
    np.testing.assert_allclose(weights.sum(-1), 1, atol=0.02)
    assert not masked or not weights[..., np.triu(np.ones(weights.shape[2:], bool), 1)].any()


def test_the_finding_is_true_of_the_weights():
    header, weights = sent(opened(attention="masked"))
    count = weights.shape[2]
    behind, own = ((range(1, count), range(count - 1)), (range(1, count), range(1, count)))
    before, itself = (
        np.mean([weights[..., q, k] for q, k in zip(*place, strict=True)][off:], axis=0)
        for place, off in ((behind, 0), (own, 0))
    )
    best = max((before.max(), "the token before", before), (itself.max(), "the token itself", itself), key=lambda each: each[0])
    layer, head = np.unravel_index(best[2].argmax(), best[2].shape)
    assert header["title"].startswith(f"Layer {layer + 1}, head {head + 1} gives {best[1]} {100 * best[0]:.0f} %")
    assert (header["chosen"]["layer"], header["chosen"]["head"]) == (layer, head)


def test_the_translator_that_comes_with_the_app_opens_first_and_its_error_rate_is_the_definition():
    header, weights = sent(open_page(PAGE))
    links = {tuple(link) for link in header["gold"]}
    words = len(header["queries"]) - 1
    rates = np.array([[alignment_error_rate(strongest_links(one[:words]), links) for one in layer] for layer in weights])
    layer, head = np.unravel_index(rates.argmin(), rates.shape)
    assert (header["chosen"]["layer"], header["chosen"]["head"]) == (layer, head)
    assert np.argwhere(rates == rates.min()).tolist() == [[1, 0], [1, 1], [1, 3]]
    assert header["title"].startswith("Heads 1, 2 and 4 of layer 2 follow the right alignment best")
    assert float(header["title"].split("error rate of ")[1].split(",")[0]) == pytest.approx(rates.min(), abs=0.006)


def test_teacher_forcing_gives_the_right_links_and_an_error_rate():
    app = opened(reads="right")
    header, _ = sent(app)
    assert header["gold"]
    assert header["queries"][:-1] == header["keys"][::-1]
    assert " the right alignment " in header["title"]
    assert any("Circles on the map" in one.value for one in app.caption)


def test_its_own_wrong_words_have_no_right_links():
    header, _ = sent(opened())
    assert header["gold"] is None
    assert "is the surest" in header["title"]


def test_the_link_names_the_head_and_the_pair():
    header, _ = sent(opened(attention="self", layer="2", head="1", query="3", key="2"))
    place = {"layer": 1, "head": 0, "query": 2, "key": 1, "pinned": True}
    assert {name: header["chosen"][name] for name in place} == place


def test_a_click_in_the_browser_goes_into_the_settings_and_not_into_the_message():
    app = opened(attention="self")
    before, _ = sent(app)
    app.session_state["heads.view"] = {"place": {"layer": 1, "head": 1, "query": 2, "key": 0, "pinned": True, "at": 1}}
    app.run()
    settings = app.session_state["heads.settings"]["values"]
    assert [app.session_state[f"heads.{name}"] for name in ("layer", "head", "query", "key")] == [2, 2, 3, 1], settings
    assert sent(app)[0] == before


def test_another_attention_begins_with_its_own_head():
    app = opened(attention="self", layer="2", head="1", query="3", key="2")
    next(one for one in app.get("button_group") if one.label == "Attention").set_value("masked").run()
    assert not sent(app)[0]["chosen"]["pinned"]


def test_how_many_heads_have_decided_is_predicted_then_seen():
    app = opened(guess="few", attention="self")
    _, weights = sent(app)
    count = int((weights.max(-1).mean(-1) > 0.5).sum())
    fate = {0: "fewer than half", 4: "all of them"}.get(count, "fewer than half" if count < 2 else "half or more, not all")
    answer = next(one.value for one in app.markdown if f" of 4: {fate}" in one.value)
    assert answer.startswith(f"**{count} of 4")
    assert ("You saw that" in answer) == (fate == "fewer than half")


def test_a_language_model_reads_what_is_typed_and_has_one_kind_of_attention():
    run = short_run(CharactersConfig(length=8), name="causal")
    app = open_page(PAGE, {"run": run, "text": "<b>if</b>"})
    header, _ = sent(app)
    assert header["keys"] == list("<b>if</b>")
    assert not app.get("button_group") or all(one.label != "Attention" for one in app.get("button_group"))
    assert sent(open_page(PAGE, {"run": run}))[0]["keys"][:3] == list("def")


def test_a_sequence_of_another_task_is_drawn_by_its_number():
    run = short_run(LagConfig(length=7, lag=2), name="causal")
    one, other = (sent(open_page(PAGE, {"run": run, "seed": seed}))[0]["keys"] for seed in ("1", "2"))
    assert one != other


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sentence": "typed", "text": " "}, "at least one word"),
        ({"sentence": "typed", "text": "a" * 61}, "at most 60 words"),
        ({"sentence": "typed", "text": "abc", "given": "Ω"}, "cannot write 'Ω'"),
        ({"run": "f" * 20}, "there is no run ffffffffffffffffffff on this server"),
        (
            {"run": "", "network": "telepathy"},
            "network must be one of characters-transformer, translation-transformer, words-transformer, got 'telepathy'",
        ),
        ({"run": "", "network": "adding-gru"}, "only Transformers that read"),
    ],
)
def test_bad_input_is_one_sentence(query, said):
    app = opened(**query)
    assert not app.exception
    assert any(said.lower() in error.value.lower() for error in app.error), [error.value for error in app.error]


@pytest.mark.parametrize("query", [{"layer": "3", "head": "1"}, {"head": "99"}, {"query": "400", "key": "1"}])
def test_what_the_network_does_not_have_is_told_and_the_default_shown(query):
    app = opened(attention="self", **query)
    assert any("must be a whole number in [1, " in warning.value for warning in app.warning)
    assert not sent(app)[0]["chosen"]["pinned"]


def test_a_pair_that_a_masked_attention_cannot_see_is_told_and_the_default_shown():
    app = opened(attention="masked", query="1", key="3")
    assert [one.value for one in app.warning] == [
        "Token 1 cannot see token 3, which comes later in a masked attention; the pair that tells most is shown instead."
    ]
    assert not sent(app)[0]["chosen"]["pinned"]


@pytest.mark.parametrize(
    ("task", "text", "named"),
    [
        (REVERSAL, "a*Ω*b", r"“\*” and “ω”"),
        (CharactersConfig(length=8), "if Ω:", "“Ω”"),
        (WordsConfig(sentences=100), "the zebras the zebras", "“zebras”"),
    ],
)
def test_what_the_network_does_not_know_is_named(task, text, named):
    run = short_run(task, name="transformer" if task is REVERSAL else "causal")
    app = open_page(PAGE, {"run": run, "sentence": "typed", "text": text})
    assert any(one.value.startswith(f"The network does not know {named}, and reads") for one in app.caption)
    assert "not know" not in str(opened().caption)


@pytest.mark.parametrize("query", [{"layer": "-1"}, {"attention": "divided"}, {"seed": "1.5"}])
def test_a_broken_link_gives_a_sentence_and_the_default(query):
    app = opened(**query)
    assert not app.exception
    (name,) = query
    assert any(name in warning.value for warning in app.warning)
    assert sent(app)[0]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A folder of two published models, a reader and a translator, which this server's settings name."""
    place = tmp_path_factory.mktemp("published")
    for kind in ("bert", "marian", "gpt2"):
        make_published(kind, place / kind)
    own = place.with_suffix(".toml")
    own.write_text(f"[store]\npublished = '{place}'\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQVIZ_SETTINGS", str(own))
        settings.cache_clear()
        yield place
    settings.cache_clear()


def test_a_published_model_is_read_with_what_is_typed(published):
    app = open_page(PAGE, {"folder": "bert", "text": "<b>bold</b> cat"})
    header, weights = sent(app)
    assert not app.error
    assert header["keys"][0] == "[CLS]"
    assert "<" in header["keys"]
    np.testing.assert_allclose(weights.sum(-1), 1, atol=0.02)
    network = next(one for one in app.selectbox if one.label == "Network")
    assert {"published: bert", "published: marian"} <= set(network.options)


@pytest.mark.parametrize(
    ("folder", "text", "named"),
    [
        ("bert", "the Zebra, a <b>dog</b> Zebra", "“Zebra” and “,”"),
        ("marian", "the caΩt sat", "“caΩt”"),
        ("gpt2", "Ω <|endoftext|>", None),
    ],
)
def test_what_a_published_model_does_not_know_is_named_as_it_was_typed(published, folder, text, named):
    app = open_page(PAGE, {"folder": folder, "text": text})
    assert not app.error
    said = [one.value for one in app.caption if one.value.startswith("The network does not know")]
    assert [each.split(", and reads")[0] for each in said] == ([f"The network does not know {named}"] if named else [])


def test_a_model_that_reads_little_opens_with_a_text_that_it_can_read(published):
    app = open_page(PAGE, {"folder": "gpt2"})
    assert not app.error
    assert "".join(sent(app)[0]["keys"]) == "The animal was too tired."


def test_git_leaves_the_place_of_published_models_alone():
    root = Path(__file__).parents[2]
    place = tomllib.loads((root / "seqviz" / "settings.toml").read_text(encoding="utf-8"))["store"]["published"]
    assert f"/{place}/" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_page_says_where_published_models_are_put(published):
    assert any(f"lies in `{published}`" in one.value for one in open_page(PAGE).markdown)


def test_a_published_translator_has_three_kinds_of_attention(published):
    app = open_page(PAGE, {"folder": "marian", "text": "the cat", "target": "a dog"})
    header, _ = sent(app)
    assert header["cross"]
    assert next(one for one in app.text_input if one.label == "What the decoder reads").placeholder.startswith("empty: what")
    assert (header["queries"], header["keys"]) == ([" a", " dog", "</s>"], [" the", " cat", "</s>"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"folder": "../bert"}, "named by its folder below"),
        ({"folder": "gone"}, "no published model 'gone'"),
        ({"folder": "bert", "text": "cat " * 200}, "tokens"),
        ({"folder": "bert", "text": " "}, "at least one token"),
    ],
)
def test_a_folder_or_text_that_cannot_be_read_is_one_sentence(published, query, said):
    app = open_page(PAGE, query)
    assert not app.exception
    assert any(said in error.value for error in app.error), [error.value for error in app.error]


def test_without_the_package_the_page_says_how_to_get_it(published, monkeypatch):
    monkeypatch.setattr("seqviz.models.published.model.find_spec", lambda name: None)
    from seqviz.answers.published import _opened

    _opened.cache_clear()
    app = open_page(PAGE, {"folder": "marian", "text": "cat"})
    assert any("pip install '.[published]'" in error.value for error in app.error)


def chosen(app, folder, *without):
    """The page once this folder's files were chosen and sent, some left out."""
    files = [(file.name, file.read_bytes(), "") for file in sorted(folder.iterdir()) if file.name not in without]
    app.file_uploader[0].set_value(files)
    return next(one for one in app.button if one.label == "Open this model").click().run()


def test_a_models_files_are_uploaded_and_its_heads_looked_at(published, own_store):
    app = chosen(open_page(PAGE, {"layer": "2", "head": "1"}), published / "bert", "tokenizer.json", "README.md")
    assert ["no tokenizer" in one.value for one in app.error] == [True]
    assert not list((own_store / "uploads").iterdir())
    assert sent(app)[0]["gold"], "what was looked at before is still there"
    network = next(one for one in app.selectbox if one.label == "Network")
    app = network.set_value(("network", "characters-transformer")).run()
    assert not app.error, "another network is looked at, and what was wrong with those files said before"
    app = chosen(app, published / "bert")
    assert not app.error
    assert sent(app)[0]["keys"][0] == "[CLS]"
    (name,) = [folder.name for folder in (own_store / "uploads").iterdir()]
    assert name in app.query_params["folder"]
    assert "layer" not in app.query_params
    assert next(one for one in app.selectbox if one.label == "Network").options[-1] == f"{name[:17]}: bert"


def test_a_server_may_take_no_uploads(published, tmp_path, monkeypatch):
    own = tmp_path / "shared.toml"
    own.write_text("[limits]\npublished_upload_bytes = 0\n")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(own))
    settings.cache_clear()
    assert not open_page(PAGE).file_uploader
    settings.cache_clear()


def test_files_that_are_refused_are_never_read(own_store):
    from seqviz.ui.lessons.transformer.heads.bringing import _kept

    class Chosen:
        """A file that is larger than it may be, and must not be copied to find that out."""

        name, size = "config.json", 10**9

    with pytest.raises(ConfigError, match=r"'config.json' more often"):
        _kept([Chosen(), Chosen()])


def test_on_ones_own_laptop_a_folder_is_typed(published, tmp_path, monkeypatch):
    own = tmp_path / "laptop.toml"
    own.write_text("[store]\npublished = ''\npublished_paths = 'anywhere'\n")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(own))
    settings.cache_clear()
    app = open_page(PAGE)
    next(one for one in app.selectbox if one.label == "Network").set_value(("folder", "")).run()
    assert any("Type the whole path" in one.value for one in app.info)
    next(one for one in app.text_input if one.label == "Folder").set_value(str(published / "bert")).run()
    assert sent(app)[0]["keys"][0] == "[CLS]"
    monkeypatch.undo()
    settings.cache_clear()
