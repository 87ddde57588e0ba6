"""Published models of every family that is known give their own weights; what is no model, or unsafe, is one sentence."""

import json
import shutil

import numpy as np
import pytest
from publishedmade import make_published

from seqviz.errors import ConfigError, LimitError, StoreError, TextError, UnsupportedModelError
from seqviz.experiment.heads import ReadByPublished
from seqviz.settings import settings

TEXT = "the cat sat on the mat"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of published models, one of each family."""
    place = tmp_path_factory.mktemp("published")
    for kind in ("bert", "roberta", "distilbert", "gpt2", "marian"):
        make_published(kind, place / kind)
    return place


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """The folder that this server's settings name; its models are copies that a test may spoil."""
    folder = tmp_path / "published"
    shutil.copytree(made, folder)
    own = tmp_path / "own.toml"
    own.write_text(f"[store]\npublished = '{folder}'\n[limits]\nhead_tokens = 24\n")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(own))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


def read(folder, text=TEXT, target=""):
    from seqviz.lab.published import read_by_published

    return read_by_published(ReadByPublished(folder=folder, text=text, target=target))


def eager(folder, made, **ids):
    """What the model itself answers, without anything of ours."""
    import torch
    import transformers

    model = getattr(transformers, made).from_pretrained(folder, attn_implementation="eager", use_safetensors=True).eval()
    with torch.no_grad():
        return model(**{name: torch.tensor([each]) for name, each in ids.items()}, output_attentions=True)


FAMILIES = {"bert": "BertModel", "gpt2": "GPT2LMHeadModel", "distilbert": "DistilBertModel", "roberta": "RobertaModel"}


@pytest.mark.parametrize("kind", FAMILIES)
def test_weights_are_those_that_the_model_gives_for_the_same_tokens(place, kind):
    from transformers import AutoTokenizer

    (record,) = read(kind).attentions
    ids = AutoTokenizer.from_pretrained(place / kind)(TEXT)["input_ids"]
    theirs = np.concatenate([layer.numpy() for layer in eager(place / kind, FAMILIES[kind], input_ids=ids).attentions])
    np.testing.assert_allclose(record.weights, theirs, atol=1e-6)
    assert record.kind == ("masked self" if kind == "gpt2" else "self")
    assert len(record.keys_of) == len(ids)
    np.testing.assert_allclose(record.weights.sum(-1), 1, atol=1e-6)
    assert (record.weights[..., ~record.visible] == 0).all()


def test_tokens_are_shown_as_they_are_read(place):
    assert read("bert").attentions[0].keys_of == ("[CLS]", *TEXT.split(), "[SEP]")
    assert "".join(read("gpt2").attentions[0].keys_of) == TEXT
    assert read("marian").of("self").keys_of == (*(f" {word}" for word in TEXT.split()), "</s>")
    assert "".join(read("gpt2", "<b>x</b>").attentions[0].keys_of) == "<b>x</b>"


def test_a_translators_three_kinds_are_its_own_for_what_it_writes_and_for_what_is_typed(place):
    from transformers import AutoTokenizer

    trace = read("marian", target="a dog saw")
    tokenizer = AutoTokenizer.from_pretrained(place / "marian")
    source, written = tokenizer(TEXT)["input_ids"], tokenizer(text_target="a dog saw")["input_ids"]
    start = json.loads((place / "marian" / "config.json").read_text())["decoder_start_token_id"]
    theirs = eager(place / "marian", "MarianMTModel", input_ids=source, decoder_input_ids=[start, *written[:-1]])
    for kind, name in (("self", "encoder"), ("masked self", "decoder"), ("cross", "cross")):
        weights = np.concatenate([layer.numpy() for layer in theirs[f"{name}_attentions"]])
        np.testing.assert_allclose(trace.of(kind).weights, weights, atol=1e-6)
    assert trace.given
    assert trace.of("cross").queries_of == (" a", " dog", " saw", "</s>")
    own = read("marian")
    assert own.of("cross").queries_of == own.written
    assert not own.given


def test_a_network_that_does_more_than_divide_by_the_root_is_refused(place):
    config = json.loads((place / "gpt2" / "config.json").read_text())
    (place / "gpt2" / "config.json").write_text(json.dumps({**config, "scale_attn_by_inverse_layer_idx": True}))
    with pytest.raises(UnsupportedModelError, match="is not softmax"):
        read("gpt2")


def spoil(folder, file, change):
    held = folder / file
    held.write_bytes(change(held.read_bytes()))


def with_setting(**more):
    return lambda held: json.dumps({**json.loads(held), **more}).encode()


def without(*files):
    return lambda folder: [(folder / file).unlink() for file in files]


def pickle(folder):
    (folder / WHOLE).rename(folder / "pytorch_model.bin")


def lead_away(folder):
    (folder / WHOLE).unlink()
    (folder / f"{WHOLE}.index.json").write_text(json.dumps({"weight_map": {"a": f"../gpt2/{WHOLE}"}}))


def spoilt(file, change):
    return lambda folder: spoil(folder, file, change)


def asking(file="config.json", **more):
    return lambda folder: spoil(folder, file, with_setting(**more))


def adding(name, text):
    return lambda folder: (folder / name).write_text(text)


WHOLE, CODE = "model.safetensors", r"code of its own \(auto_map\), which is never run"
SPOILT = {
    "no model": (without("config.json"), StoreError, "is no model in Hugging Face format: it has no config.json"),
    "damaged": (spoilt("config.json", lambda held: held[:20]), StoreError, "config.json .* is damaged"),
    "truncated": (spoilt(WHOLE, lambda held: held[:-100]), StoreError, "are truncated"),
    "cut in its header": (spoilt(WHOLE, lambda held: held[:50]), StoreError, "are truncated"),
    "pickled": (pickle, UnsupportedModelError, r"are pickled \(pytorch_model.bin\), and opening them could run code"),
    "without weights": (without(WHOLE), StoreError, "has no weights"),
    "unknown": (asking(model_type="mamba"), UnsupportedModelError, "'mamba' cannot be looked into; known: bert"),
    "with code": (asking(auto_map={"AutoModel": "evil.Model"}), UnsupportedModelError, CODE),
    "with pickled weights elsewhere": (
        asking(transformers_weights="adapter_model.bin"), UnsupportedModelError, r"other weights .* \(transformers_weights\)"
    ),
    "quantised": (asking(quantization_config={}), UnsupportedModelError, "quantization_config"),
    "with other weights beside": (adding("adapter_config.json", "{}"), UnsupportedModelError, "would stand in for its weights"),
    "with a shard beside": (
        adding("shard-00001-model-00001-of-00001.safetensors", ""), UnsupportedModelError, "would stand in for its weights"
    ),
    "of two kinds": (asking(model_type=["bert"]), UnsupportedModelError, "cannot be looked into; known: bert"),
    "a list": (adding("config.json", "[]"), StoreError, "must hold a JSON object"),
    "a tokenizer with code": (asking("tokenizer_config.json", auto_map={"AutoTokenizer": "a.T"}), UnsupportedModelError, CODE),
    "too deep": (asking(num_hidden_layers=10**9), LimitError, "num_hidden_layers of a model may be at most 200"),
    "of other sizes": (asking(hidden_size=8), (StoreError, UnsupportedModelError), "could not be opened|lack what"),
    "enormous": (asking(hidden_size=10**7), (StoreError, UnsupportedModelError), "could not be opened|lack what"),
    "of more layers": (asking(num_hidden_layers=3), UnsupportedModelError, "lack what its configuration asks for"),
    "an index that leads away": (lead_away, StoreError, "must name files beside it"),
    "a tokenizer of another": (spoilt("vocab.txt", lambda held: held + b"one\ntwo\nsat2\n"), StoreError, "tokens that its"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SPOILT)
def test_what_is_no_whole_known_and_harmless_model_is_one_sentence(place, kind):
    change, error, said = SPOILT[kind]
    change(place / "bert")
    with pytest.raises(error, match=said):
        read("bert", "sat2" if "of another" in kind else TEXT)


@pytest.mark.parametrize("name", ["", ".", "..", "../published/bert", "bert/../../x", "/etc", "bert\n", "x" * 400])
def test_a_name_that_leads_elsewhere_is_refused(place, name):
    with pytest.raises((ConfigError, StoreError), match=r"named by its folder|no published model|must be of the form"):
        read(name)


def test_files_that_are_not_read_may_hold_any_json(place):
    (place / "bert" / "modules.json").write_text("[1, 2]")
    assert read("bert", TEXT).attentions


def test_links_that_lead_outside_are_refused(place, tmp_path, made):
    (place / "away").symlink_to(made / "gpt2")
    with pytest.raises(ConfigError, match="named by its folder"):
        read("away")
    (place / "bert" / "model.safetensors").unlink()
    (place / "bert" / "model.safetensors").symlink_to(made / "bert" / "model.safetensors")
    with pytest.raises(ConfigError, match="leads to a file outside"):
        read("bert")


def test_offered_are_the_models_there_and_nothing_that_leads_outside(place, made):
    from seqviz.lab.offered import offered

    (place / "away").symlink_to(made / "gpt2")
    (place / "notes").mkdir()
    assert offered() == ["bert", "distilbert", "gpt2", "marian", "roberta"]


def test_a_path_of_ones_own_is_opened_only_where_the_settings_say_so(place, made, tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match="named by its folder"):
        read(str(made / "bert"))
    own = tmp_path / "laptop.toml"
    own.write_text("[store]\npublished_paths = 'anywhere'\n")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(own))
    settings.cache_clear()
    assert read(str(made / "bert")).attentions


@pytest.mark.parametrize(
    ("folder", "text", "error", "said"),
    [
        ("bert", " ", TextError, "at least one token, got none"),
        ("bert", "cat " * 40, LimitError, "at most 24 tokens, got 42"),
        ("missing", TEXT, StoreError, "no published model 'missing'"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(place, folder, text, error, said):
    with pytest.raises(error, match=said):
        read(folder, text)


def test_without_the_package_it_is_said_how_to_get_it(place, monkeypatch):
    monkeypatch.setattr("seqviz.models.published.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'seqviz\[published\]'"):
        read("bert")


def test_no_other_machine_is_asked(place, monkeypatch):
    import socket

    def refused(*_):
        raise AssertionError("a published model was asked for over the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert read("marian").attentions
