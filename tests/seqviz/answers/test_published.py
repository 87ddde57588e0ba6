"""Published models of every known family give their own weights; a folder that is unsafe or no model gets one sentence."""

import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from publishedmade import MADE, READERS, WRITERS, make_published

from seqviz.errors import ConfigError, JobError, LimitError, StoreError, TextError, UnsupportedModelError
from seqviz.settings import settings
from seqviz.subjects.published import ReadByPublished

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
    from seqviz.answers.published import answer_published

    return answer_published(ReadByPublished(folder=folder, text=text, target=target))


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


@pytest.fixture(scope="module")
def all_families(tmp_path_factory):
    """A folder of models of the families whose attention is heard as it is computed."""
    folder = tmp_path_factory.mktemp("families")
    for kind in (*WRITERS, *READERS):
        make_published(kind, folder / kind)
    (folder / "own.toml").write_text(f"[store]\npublished = '{folder}'\n[limits]\nhead_tokens = 24\n")
    return folder


@pytest.fixture
def families(all_families, monkeypatch):
    """The same, and settings that name it."""
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(all_families / "own.toml"))
    settings.cache_clear()
    yield all_families
    settings.cache_clear()


@pytest.mark.parametrize("kind", [*WRITERS, *READERS])
def test_families_are_heard_as_they_compute_their_attention(families, kind):
    from transformers import AutoTokenizer

    (record,) = read(kind).attentions
    ids = AutoTokenizer.from_pretrained(families / kind)(TEXT)["input_ids"]
    theirs = np.concatenate([layer.numpy() for layer in eager(families / kind, MADE[kind], input_ids=ids).attentions])
    np.testing.assert_allclose(record.weights, theirs, atol=1e-6)
    assert record.kind == ("masked self" if kind in WRITERS else "self")
    scores = record.queries @ record.keys.transpose(0, 1, 3, 2) / np.sqrt(record.queries.shape[-1])
    np.testing.assert_allclose(scores[:, :, -1], record.scores[:, :, -1], rtol=1e-5, atol=1e-6)


def test_their_tokens_are_shown_as_they_are_read(families):
    assert read("llama").attentions[0].keys_of == ("<s>", *(f" {word}" for word in TEXT.split()))
    assert "".join(read("qwen2").attentions[0].keys_of) == TEXT
    assert "東 1/3" in read("qwen2", "東").attentions[0].keys_of
    assert read("electra").attentions[0].keys_of == ("[CLS]", *TEXT.split(), "[SEP]")


@pytest.mark.parametrize("kind", ["electra", "albert"])
def test_their_pairs_have_segments(families, kind):
    from transformers import AutoTokenizer

    asked = AutoTokenizer.from_pretrained(families / kind)("the cat", "the mat", return_token_type_ids=True)
    told = {name: asked[name] for name in ("input_ids", "token_type_ids")}
    theirs = np.concatenate([layer.numpy() for layer in eager(families / kind, MADE[kind], **told).attentions])
    np.testing.assert_allclose(read(kind, "the cat [SEP] the mat").attentions[0].weights, theirs, atol=1e-6)


def test_any_class_of_tokenizers_may_be_named_where_its_file_says_all(families, tmp_path):
    config = families / "llama" / "tokenizer_config.json"
    expected, before = read("llama").attentions[0].weights, config.read_text()
    config.write_text(json.dumps({**json.loads(before), "tokenizer_class": "LlamaTokenizerOfTheirOwn"}))
    np.testing.assert_array_equal(read("llama").attentions[0].weights, expected)
    config.write_text(before)


def test_tokens_are_shown_as_they_are_read(place):
    assert read("bert").attentions[0].keys_of == ("[CLS]", *TEXT.split(), "[SEP]")
    assert "".join(read("gpt2").attentions[0].keys_of) == TEXT
    assert read("marian").of("self").keys_of == (*(f" {word}" for word in TEXT.split()), "</s>")
    assert "".join(read("gpt2", "<b>x</b>").attentions[0].keys_of) == "<b>x</b>"


def test_a_character_that_several_tokens_share_says_which_part_each_is(place):
    record = read("gpt2", "東京 é!").attentions[0]
    assert "".join(record.keys_of).replace(" 1/3", "").count("東") >= 1
    assert not [token for token in record.keys_of if "\ufffd" in token]
    assert {"東 1/3", "東 2/3", "東 3/3", "京 1/3"} <= set(record.keys_of)


@pytest.mark.parametrize("kind", ["gpt2", "bert"])
@pytest.mark.parametrize("named", ["PreTrainedTokenizerFast", "TokenizersBackend"])
def test_a_tokenizer_of_a_generic_class_is_opened_from_its_file(place, kind, named):
    from transformers import AutoTokenizer

    AutoTokenizer.from_pretrained(place / kind).save_pretrained(place / kind)
    expected = read(kind).attentions[0]
    config = json.loads((place / kind / "tokenizer_config.json").read_text())
    (place / kind / "tokenizer_config.json").write_text(json.dumps({**config, "tokenizer_class": named}))
    for file in ("vocab.json", "merges.txt", "vocab.txt"):
        (place / kind / file).unlink(missing_ok=True)
    found = read(kind).attentions[0]
    assert found.keys_of == expected.keys_of
    np.testing.assert_array_equal(found.weights, expected.weights)


def test_a_pair_of_sentences_is_read_with_its_segments(place):
    from transformers import AutoTokenizer

    asked = AutoTokenizer.from_pretrained(place / "bert")("the cat", "the mat")
    theirs = eager(place / "bert", "BertModel", input_ids=asked["input_ids"], token_type_ids=asked["token_type_ids"])
    found = read("bert", "the cat [SEP] the mat").attentions[0]
    assert len(found.keys_of) == len(asked["input_ids"])
    weights = np.concatenate([layer.numpy() for layer in theirs.attentions])
    np.testing.assert_allclose(found.weights, weights, atol=1e-6)
    without = eager(place / "bert", "BertModel", input_ids=asked["input_ids"])
    assert np.abs(weights - np.concatenate([layer.numpy() for layer in without.attentions])).max() > 1e-4


def test_a_part_of_a_model_is_not_offered(place):
    from seqviz.store.published.offered import offered

    part = place / "bert" / "1_Pooling"
    part.mkdir()
    (part / "config.json").write_text('{"word_embedding_dimension": 384}')
    assert "bert" in offered()
    assert "bert/1_Pooling" not in offered()


def test_what_a_folder_ordinarily_holds_besides_is_neither_refused_nor_kept(made, place, own_store):
    files = {file.name: file.read_bytes() for file in (made / "bert").iterdir()}
    besides = ("README.md", ".gitattributes", "pytorch_model.bin", "LICENSE", "training_args.bin", "onnx-model.onnx", "a.png")
    name = keep_upload({**files, **dict.fromkeys(besides, b"more")})
    assert not {file.name for file in (own_store / "uploads" / name).iterdir()} & set(besides)
    assert name == keep_upload(files)


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


def test_what_is_written_is_the_likeliest_token_each_time_whatever_the_folder_asks_for(place):
    import torch
    import transformers

    folder = place / "marian"
    (folder / "generation_config.json").write_text(
        json.dumps({"return_dict_in_generate": True, "num_beams": 4, "max_length": 3})
    )
    model = transformers.MarianMTModel.from_pretrained(folder, generation_config=transformers.GenerationConfig()).eval()
    source = transformers.AutoTokenizer.from_pretrained(folder)(TEXT)["input_ids"]
    pad, told = model.config.pad_token_id, [model.config.decoder_start_token_id]
    with torch.no_grad():  # all that was written so far is read anew each time
        while len(told) <= 24 and told[-1] != model.config.eos_token_id:
            logits = model(input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([told])).logits[0, -1]
            told.append(int(logits.masked_fill(torch.arange(len(logits)) == pad, -torch.inf).argmax()))
    names = transformers.AutoTokenizer.from_pretrained(folder).convert_ids_to_tokens(told[1:])
    assert read("marian").written == tuple(name.replace("▁", " ") for name in names)
    assert len(names) > 3


@pytest.mark.parametrize(
    ("kind", "change", "text", "said"),
    [
        (
            "marian",
            {"decoder_start_token_id": 29},
            TEXT,
            r"decoder_start_token_id .* must be a whole number in \[0, 28\], got 29",
        ),
        ("roberta", {}, "x" * 32, "at most 22 tokens, got 34"),  # two of its 24 positions are for padding
        ("gpt2", {}, "x" * 33, "at most 24 tokens, got 33"),
    ],
)
def test_what_a_configuration_leaves_out_or_has_no_room_for_is_one_sentence(place, kind, change, text, said):
    if kind == "roberta":
        make_published("roberta", place / kind, max_position_embeddings=24)
    spoil(place / kind, "config.json", with_setting(**change))
    with pytest.raises((LimitError, UnsupportedModelError), match=said):
        read(kind, text)


def test_as_many_tokens_as_there_are_positions_can_be_read_and_written(place):
    make_published("roberta", place / "roberta", max_position_embeddings=24)
    assert len(read("roberta", "x" * 20).attentions[0].keys_of) == 22
    make_published("marian", place / "marian", max_position_embeddings=7)
    assert len(read("marian").written) <= 7


def test_a_file_that_is_changed_makes_another_model(place):
    from seqviz.store.published.offered import state_of

    first, state = read("gpt2"), state_of("gpt2")
    newest = max(file.stat().st_mtime_ns for file in (place / "gpt2").iterdir())
    make_published("gpt2", place / "other", n_layer=1)
    for file in ("config.json", "model.safetensors"):
        shutil.copy2(place / "other" / file, place / "gpt2" / file)
        os.utime(place / "gpt2" / file, ns=(newest, newest))
    assert state_of("gpt2") != state
    assert read("gpt2").attentions[0].layers < first.attentions[0].layers


@pytest.mark.parametrize(
    ("name", "again"), [(f"uploaded-{'a' * 20}", "upload its files again"), ("bert", "whether its folder")]
)
def test_files_that_vanish_while_they_are_looked_at_are_one_sentence_without_their_place(tmp_path, name, again):
    from seqviz.store.published.offered import files_state

    (tmp_path / name).mkdir()
    (tmp_path / name / "config.json").symlink_to(tmp_path / "gone")  # listed, and not there
    for _ in range(2):
        with pytest.raises(StoreError, match=again) as told:
            files_state(tmp_path / name)
        assert str(tmp_path) not in str(told.value)
        shutil.rmtree(tmp_path / name, ignore_errors=True)


@pytest.mark.parametrize("written", ["[" * 10**5, '{"is_encoder_decoder": true}' + " " * 10**6, "[true]", '{"model_type": 5}'])
def test_a_configuration_that_is_damaged_or_endless_says_nothing_to_the_menu(place, written):
    from seqviz.store.published.offered import kind_of, translates

    assert (translates("marian"), kind_of("marian")) == (True, "marian")
    (place / "marian" / "config.json").write_text(written)
    assert (translates("marian"), kind_of("marian")) == (False, "")
    assert (translates("../marian"), kind_of("gone")) == (False, "")


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


def vocabulary(**more):
    def change(held):
        written = json.loads(held)
        written["model"]["vocab"] |= more
        return json.dumps(written).encode()

    return spoilt("tokenizer.json", change)


def adding(name, text):
    return lambda folder: (folder / name).write_text(text)


def in_turn(*steps, of="normalizers"):
    return {"type": "Sequence", of: list(steps)}


TENFOLD = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 10}
BYTES = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
TEXT_ITSELF = {"Sequence": {"id": "A", "type_id": 0}}
LONG = [
    ("makes a text long", {"normalizer": in_turn(*[TENFOLD] * 12)}, "the normalizer of the model 'bert' may be made of"),
    ("searches for ever", {"normalizer": {**TENFOLD, "pattern": {"Regex": "(a+)+b"}, "content": ""}}, "the normalizer of"),
    ("is of one more step", {"normalizer": {"type": "Nmt"}}, "the normalizer of"),
    ("puts much before", {"normalizer": {"type": "Prepend", "prepend": "a" * 100}}, "the normalizer of"),
    (
        "splits by an endless search",
        {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a+)+b"}, "behavior": "Isolated", "invert": False}},
        "the pre_tokenizer of",
    ),
    ("is nested", {"normalizer": in_turn(in_turn())}, "the normalizer of"),
    ("is none", {"normalizer": 5}, "the normalizer of .* got 5"),
    ("doubles bytes", {"pre_tokenizer": in_turn(BYTES, BYTES, of="pretokenizers")}, "the pre_tokenizer of"),
    (
        "repeats a text",
        {"post_processor": {"type": "TemplateProcessing", "single": [TEXT_ITSELF] * 99, "pair": [], "special_tokens": {}}},
        "the post_processor of",
    ),
]
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
        asking(transformers_weights="adapter_model.bin"), UnsupportedModelError, r"other files .* \(transformers_weights\)"
    ),
    "quantised": (asking(quantization_config={}), UnsupportedModelError, "quantization_config"),
    "with other weights beside": (adding("adapter_config.json", "{}"), UnsupportedModelError, "would stand in for its weights"),
    "with a shard beside": (
        adding("shard-00001-model-00001-of-00001.safetensors", ""), UnsupportedModelError, "would stand in for its weights"
    ),
    "of two kinds": (asking(model_type=["bert"]), UnsupportedModelError, "cannot be looked into; known: bert"),
    "a list": (adding("config.json", "[]"), StoreError, "must hold a JSON object"),
    "a tokenizer with code": (asking("tokenizer_config.json", auto_map={"AutoTokenizer": "a.T"}), UnsupportedModelError, CODE),
    "too deep": (asking(num_hidden_layers=10**9), LimitError, "num_hidden_layers of a published model may be at most 48"),
    "of other sizes": (asking(hidden_size=8), UnsupportedModelError, "lack what its configuration asks for"),
    "enormous": (asking(vocab_size=10**7, hidden_size=4096), LimitError, "may have at most 1,000,000,000 bytes in float32"),
    "larger than its weights": (asking(vocab_size=10**6), UnsupportedModelError, "16,00.* numbers, and there are 4,"),
    "of more layers": (asking(num_hidden_layers=3), UnsupportedModelError, "lack what its configuration asks for"),
    "an index that leads away": (lead_away, StoreError, "must name files beside it"),
    "a tokenizer of another": (vocabulary(sat2=40), StoreError, "tokens that its network does not"),
    "without a tokenizer": (without("tokenizer.json"), StoreError, "no tokenizer: it needs tokenizer.json, or vocab.txt"),
    "a damaged tokenizer": (asking("tokenizer.json", model=[]), StoreError, r"tokenizer of the model 'bert' is damaged"),
    "a tokenizer that is cut": (spoilt("tokenizer.json", lambda held: held[:99]), StoreError, "tokenizer.json .* is damaged"),
    "a tokenizer from elsewhere": (
        asking("tokenizer_config.json", init_inputs=["/etc/passwd"]), UnsupportedModelError, "other files than those in its"
    ),
    "a tokenizer of another class": (
        asking("tokenizer_config.json", tokenizer_class="LlamaTokenizer"),
        UnsupportedModelError, "must be a BertTokenizer, and tokenizer_config.json asks for 'LlamaTokenizer'",
    ),
    "a tokenizer of another kind": (asking(tokenizer_class=["a"]), UnsupportedModelError, "must be a BertTokenizer"),
    "sentence pieces of elsewhere": (
        asking("tokenizer_config.json", sp_model_kwargs={"model_file": "/etc/passwd"}), UnsupportedModelError, "sp_model_kwargs"
    ),
    "a vocabulary from elsewhere": (
        asking("tokenizer_config.json", vocab="/etc/passwd"), UnsupportedModelError, r"other files .* \(vocab\)"
    ),
    "special tokens that are a file": (
        adding("special_tokens_map.json", '{"vocab_file": "/etc/passwd"}'), UnsupportedModelError, "must name special tokens"
    ),
    **{f"a tokenizer that {what}": (asking("tokenizer.json", **how), UnsupportedModelError, said) for what, how, said in LONG},
    "of another type": (asking(hidden_act=[]), StoreError, r"configuration .* \(\"Field 'hidden_act' expected str, got list"),
    "of padding beyond its words": (asking(pad_token_id=10**6), StoreError, "Padding_idx must be within num_embeddings"),
    "without heads": (asking(num_attention_heads=0), StoreError, "num_attention_heads .* at least 1, got 0"),
    "of heads that do not divide": (asking(num_attention_heads=3), UnsupportedModelError, "must divide its width, got 3 heads"),
    "of too many heads": (asking(num_attention_heads=33), LimitError, "num_attention_heads .* may be at most 32"),
    "too wide": (asking(hidden_size=10**7), LimitError, "hidden_size of a published model may be at most 4,096"),
    "too long": (asking(max_position_embeddings=10**6), LimitError, "positions of a published model may hold at most"),
    "of endless labels": (asking(num_labels=10**9), LimitError, "num_labels of a published model may be at most 100,000"),
    "of endless nesting": (adding("config.json", "[" * 10**5), StoreError, "is damaged: it holds no JSON"),
    "of an endless configuration": (adding("config.json", " " * 10**6 + "{}"), StoreError, "may have at most 1,000,000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SPOILT)
def test_what_is_no_whole_known_and_harmless_model_is_one_sentence(place, kind):
    change, error, said = SPOILT[kind]
    change(place / "bert")
    with pytest.raises(error, match=said):
        read("bert", "sat2" if "of another" in kind else TEXT)


def test_a_fault_of_ours_is_not_told_as_one_of_the_files(place, monkeypatch):
    def fails(*_, **__):
        raise AttributeError("our own fault")

    for ours in ("check_sizes", "check_made"):
        with monkeypatch.context() as patch:
            patch.setattr(f"seqviz.models.published.model.{ours}", fails)
            spoil(place / "bert", "config.json", with_setting(ours=ours))
            with pytest.raises(AttributeError, match="our own fault"):
                read("bert")


def test_what_files_have_transformers_say_is_quoted():
    from seqviz.models.published.errors import foreseen

    with pytest.raises(StoreError) as told, foreseen("it is damaged"):
        raise ValueError("no **such** thing")
    assert str(told.value) == "it is damaged ('no **such** thing')", "as pages show what somebody else wrote: not as Markdown"


def test_steps_that_keep_a_text_as_short_as_it_is_are_taken(place):
    blanks = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    steps = in_turn({"type": "NFKC"}, blanks, blanks, {"type": "Lowercase"})
    asking("tokenizer.json", normalizer=steps, pre_tokenizer=BYTES)(place / "bert")
    assert read("bert").attentions


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
    from seqviz.store.published.offered import offered

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
    monkeypatch.setattr("seqviz.models.published.model.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install '\.\[published\]'"):
        read("bert")


def test_no_other_machine_is_asked(place, monkeypatch):
    import socket

    def refused(*_):
        raise AssertionError("a published model was asked for over the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert read("marian").attentions


def keep_upload(files, tried=lambda name: None):
    from seqviz.store.published import uploaded

    return uploaded.keep_upload(files, tried)


def test_uploaded_files_are_kept_under_a_name_of_their_content_and_opened_like_any_folder(made, place, own_store):
    files = {file.name: file.read_bytes() for file in (made / "bert").iterdir()}
    name = keep_upload(files)
    assert re.fullmatch("uploaded-[0-9a-f]{20}", name)
    np.testing.assert_array_equal(read(name).attentions[0].weights, read("bert").attentions[0].weights)
    assert keep_upload(dict(reversed(files.items()))) == name
    assert keep_upload({**files, "config.json": files["config.json"] + b" "}) != name
    assert sorted(file.name for file in (own_store / "uploads" / name).iterdir()) == sorted(files)
    with pytest.raises(StoreError, match="upload its files again"):
        read(f"uploaded-{'0' * 20}")


def test_weights_in_several_files_are_those_of_one(made, place, own_store):
    import transformers

    model = transformers.BertForMaskedLM.from_pretrained(made / "bert")
    (place / "bert" / WHOLE).unlink()
    model.save_pretrained(place / "bert", max_shard_size="8KB")
    name = keep_upload({file.name: file.read_bytes() for file in (place / "bert").iterdir()})
    assert len(list((own_store / "uploads" / name).glob("model-*-of-*.safetensors"))) > 1
    theirs = eager(made / "bert", "BertModel", input_ids=[2, 5, 6, 3]).attentions
    np.testing.assert_allclose(read(name, "the cat").attentions[0].weights, np.concatenate(theirs), atol=1e-6)


@pytest.fixture
def uploads(own_store, monkeypatch, tmp_path):
    """Where uploads are kept, of which this server keeps two."""
    own = tmp_path / "few.toml"
    own.write_text("[limits]\npublished_uploads = 2\n")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(own))
    settings.cache_clear()
    return own_store / "uploads"


def small(letter):
    """The files of something that could be a model."""
    return {"config.json": letter.encode(), "model.safetensors": b""}


def test_the_newest_uploads_are_kept_and_the_oldest_give_way(uploads):
    from seqviz.store.published.uploaded import upload_folder

    names = []
    for age, letter in enumerate("abc"):
        names.append(keep_upload(small(letter)))
        os.utime(uploads / names[-1], (10**9 + age,) * 2)
    assert {folder.name for folder in uploads.iterdir()} == set(names[1:])
    assert keep_upload(small("b")) == names[1], "it comes again, and is the newest now"
    names.append(keep_upload(small("d")))
    assert {folder.name for folder in uploads.iterdir()} == {names[1], names[3]}
    for name in (names[1], names[3]):
        os.utime(upload_folder(name), (2 * 10**10,) * 2)  # a clock that was wrong
    names.append(keep_upload(small("e")))
    assert upload_folder(names[-1]).is_dir()


@pytest.mark.parametrize(
    ("error", "kept_new"),
    [
        (UnsupportedModelError, False), (StoreError, False), (LimitError, False), (TextError, False),
        (JobError, True), (ConfigError, True),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_upload_costs_nobody_a_model(uploads, error, kept_new):
    def fails(name):
        raise error("it fails")

    first = keep_upload(small("a"))
    with pytest.raises(error, match="it fails"):
        keep_upload(small("b"), fails)
    assert len(list(uploads.iterdir())) == 1 + kept_new, "one that nobody could try stays while there is room"
    second = keep_upload(small("c"))
    for letter in "bd":  # none of these takes the place of one that was read with
        with pytest.raises(error):
            keep_upload(small(letter), fails)
    assert {folder.name for folder in uploads.iterdir()} == {first, second}
    with pytest.raises(error):
        keep_upload(small("a"), fails)
    assert {folder.name for folder in uploads.iterdir()} == {first, second}, "what was here before stays, whoever sends it"


def test_a_model_that_is_removed_while_it_comes_again_can_be_uploaded_once_more(uploads, monkeypatch):
    from seqviz.store.published.uploaded import upload_folder

    name = keep_upload(small("a"))
    with monkeypatch.context() as patch:  # there when it is looked for, and gone right then
        patch.setattr(Path, "is_dir", lambda folder: shutil.rmtree(folder, ignore_errors=True) or True)
        keep_upload(small("a"))
    assert not (uploads / name).exists()
    (uploads / name).touch()  # what earlier versions left
    assert keep_upload(small("a")) == name
    assert sorted(file.name for file in upload_folder(name).iterdir()) == sorted(small("a"))


@pytest.mark.parametrize(
    ("files", "limit", "error", "said"),
    [
        ({"config.json": b"{}", "../x.json": b""}, 10, ConfigError, "'../x.json' is no file that a published model is opened"),
        ({"config.json": b"{}", "pytorch_model.bin": b""}, 10, ConfigError, "is pickled, and opening it could run code"),
        ({"model.safetensors": b""}, 10, ConfigError, "must have config.json among them"),
        ({"config.json": b"{}", "vocab.txt": b""}, 10, ConfigError, "must have its weights among them"),
        (
            {"config.json": b"x", "model.safetensors": b"x" * 10},
            10,
            LimitError,
            "may have at most 10 bytes together on this server, got 11",
        ),
        ({"config.json": b"{}"}, 0, ConfigError, "this server takes no uploaded models"),
    ],
)
def test_files_that_are_no_models_or_too_large_are_one_sentence(own_store, monkeypatch, tmp_path, files, limit, error, said):
    own = tmp_path / "own.toml"
    own.write_text(f"[limits]\npublished_upload_bytes = {limit}\n")
    monkeypatch.setenv("SEQVIZ_SETTINGS", str(own))
    settings.cache_clear()
    with pytest.raises(error, match=said):
        keep_upload(files)
    assert not (own_store / "uploads").exists()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            [("config.json", 1), ("model.safetensors", 1), ("config.json", 1)],
            "each of its files once, got 'config.json' more often",
        ),
        ([(f"model-{part:05}-of-00101.safetensors", 0) for part in range(101)], "may be at most 100, got 101"),
        (
            [("config.json", 10**8), ("model.safetensors", 1)],
            "at most 100,000,000 bytes together on this server, got 100,000,001",
        ),
    ],
)
def test_files_are_refused_by_their_names_and_sizes_before_they_are_read(files, said):
    from seqviz.store.published.uploaded import check_upload

    with pytest.raises(ConfigError, match=said):
        check_upload(files)


@pytest.mark.parametrize(("url", "takes"), [("s3://bucket/runs", False), ("data", True), ("file:///tmp/data", True)])
def test_uploads_are_taken_only_where_a_folder_keeps_them(monkeypatch, url, takes):
    from seqviz.store.published.uploaded import takes_uploads

    monkeypatch.setenv("SEQVIZ_STORE", url)
    settings.cache_clear()
    try:
        assert takes_uploads() is takes
    finally:
        settings.cache_clear()


def test_a_browser_is_never_sent_more_than_the_limit():
    from seqviz.answers.heads import most_tokens
    from seqviz.records import AttentionHeads
    from seqviz.ui.components.head_view import Place, packed

    for layers, heads, width, at_least in ((12, 12, 64, 75), (24, 16, 64, 48), (4, 8, 32, 128), (48, 32, 128, 22)):
        count = most_tokens(layers, heads, width)
        assert count >= at_least
        vectors = np.zeros((layers, heads, count, width), np.float32)
        weights = np.zeros((layers, heads, count, count), np.float32)
        names = tuple(f"‘token’{each}" for each in range(count))
        record = AttentionHeads(
            kind="self", queries_of=names, keys_of=names, queries=vectors, keys=vectors, values=vectors,
            scores=weights, weights=weights,
        )  # fmt: skip
        labels = [[("the token before", "looks at the token before it")] * heads] * layers
        place = Place(layer=0, head=0, query=0, key=0, pinned=False)
        assert len(packed(record, place, {"labels": labels})) <= settings().limits.head_bytes
