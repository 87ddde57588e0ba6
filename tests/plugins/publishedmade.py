"""Tiny published models, made by the tests themselves: random weights, and tokenizers of a few words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = ["the", "cat", "sat", "on", "mat", "<b>bold</b>", "a", "dog", "saw"]
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
SHARED = {**SMALL, "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 32_768, "head_dim": 4}
SIZES: dict[str, dict[str, Any]] = {
    "bert": {**SMALL, "max_position_embeddings": 32},
    "roberta": {**SMALL, "max_position_embeddings": 34},
    "distilbert": {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 16, "max_position_embeddings": 32},
    "gpt2": {"n_embd": 16, "n_layer": 3, "n_head": 2, "n_positions": 32},
    "marian": {
        "d_model": 16, "encoder_layers": 2, "decoder_layers": 3, "encoder_attention_heads": 2, "decoder_attention_heads": 4,
        "encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "max_position_embeddings": 32, "max_length": 32,
    },
    # four heads share two keys; positions are turned, so that as many of them as there may be take no room
    "llama": SHARED, "mistral": SHARED, "qwen2": SHARED, "qwen3": SHARED,
    "gemma": {**SMALL, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 8, "max_position_embeddings": 64},
    "phi": {**SMALL, "max_position_embeddings": 64}, "gpt_neox": {**SMALL, "max_position_embeddings": 64},
    "opt": {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 16, "word_embed_proj_dim": 16,
            "max_position_embeddings": 32, "pad_token_id": 1},
    "electra": {**SMALL, "embedding_size": 8, "max_position_embeddings": 32},
    "albert": {**SMALL, "embedding_size": 8, "max_position_embeddings": 32},
    "xlm-roberta": {**SMALL, "max_position_embeddings": 34, "pad_token_id": 1},
    "camembert": {**SMALL, "max_position_embeddings": 34, "pad_token_id": 1},
}  # fmt: skip
MADE = {
    "bert": "BertForMaskedLM",
    "roberta": "RobertaModel",
    "distilbert": "DistilBertModel",
    "gpt2": "GPT2LMHeadModel",
    "marian": "MarianMTModel",
    "llama": "LlamaForCausalLM",
    "mistral": "MistralForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
    "gemma": "GemmaForCausalLM",
    "phi": "PhiForCausalLM",
    "gpt_neox": "GPTNeoXForCausalLM",
    "opt": "OPTForCausalLM",
    "electra": "ElectraForPreTraining",
    "albert": "AlbertForMaskedLM",
    "xlm-roberta": "XLMRobertaForMaskedLM",
    "camembert": "CamembertForMaskedLM",
}
WRITERS = ("llama", "mistral", "qwen2", "qwen3", "gemma", "phi", "gpt_neox", "opt")
READERS = ("electra", "albert", "xlm-roberta", "camembert")


def make_published(kind: str, folder: Path, **more: Any) -> Path:
    """Write a model of this ``model_type`` into ``folder`` and return it, all files as save_pretrained writes them."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _TOKENIZERS[kind](folder)
    tokenizer.save_pretrained(folder)
    size = len(tokenizer)
    special = (
        {"pad_token_id": size - 1, "eos_token_id": 0, "decoder_start_token_id": size - 1, "forced_eos_token_id": 0}
        if kind == "marian"
        else {}
    )
    config = transformers.AutoConfig.for_model(kind, vocab_size=size, **{**SIZES[kind], **special, **more})
    torch.manual_seed(0)
    model = getattr(transformers, MADE[kind])(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    model.save_pretrained(folder)
    return folder


def _wordpieces(folder: Path) -> Any:
    from transformers import BertTokenizer

    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, "##s", "<", ">", "/", "b", "bold"]
    return BertTokenizer(vocab={piece: index for index, piece in enumerate(known)}, do_lower_case=True)


def _bytes(name: str, ends: str) -> Callable[[Path], Any]:
    def made(folder: Path) -> Any:
        import transformers
        from tokenizers.pre_tokenizers import ByteLevel

        known = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>", *sorted(ByteLevel.alphabet()), "th"]
        vocab = {symbol: index for index, symbol in enumerate(known)}
        return getattr(transformers, name)(vocab=vocab, merges=[("t", "h")], unk_token=ends)

    return made


def _pieces(folder: Path) -> Any:
    import sentencepiece
    from transformers import MarianTokenizer

    lines = folder / "lines.txt"
    lines.write_text("\n".join(f"{one} {other}" for one in WORDS for other in WORDS), encoding="utf-8")
    for side in ("source", "target"):
        sentencepiece.SentencePieceTrainer.train(
            input=str(lines), model_prefix=str(folder / side), vocab_size=40, hard_vocab_limit=False, minloglevel=2
        )
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        (folder / f"{side}.vocab").unlink()
    lines.unlink()
    model = sentencepiece.SentencePieceProcessor(str(folder / "source.spm"))
    pieces = [model.id_to_piece(index) for index in range(model.get_piece_size())]
    known = ["</s>", "<unk>", *(piece for piece in pieces if piece not in ("<s>", "</s>", "<unk>")), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({piece: index for index, piece in enumerate(known)}), encoding="utf-8")
    files = (str(folder / name) for name in ("source.spm", "target.spm", "vocab.json"))
    return MarianTokenizer(*files, source_lang="en", target_lang="de")


def _words(folder: Path) -> Any:
    """Words with the blank before them, as Llama's pieces have it, and a symbol before each text."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    known = ["<unk>", "<pad>", "<s>", "</s>", *(f"▁{word}" for word in WORDS)]
    one = Tokenizer(models.WordLevel({piece: index for index, piece in enumerate(known)}, unk_token="<unk>"))
    one.pre_tokenizer = pre_tokenizers.Metaspace(split=True)
    one.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 2)])
    return PreTrainedTokenizerFast(tokenizer_object=one, unk_token="<unk>", pad_token="<pad>", bos_token="<s>")


def _split_bytes(folder: Path) -> Any:
    """Bytes, of texts split as Qwen's are."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    from seqviz.models.published.tokenizer import SPLITS

    known = ["<|endoftext|>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "th"]
    one = Tokenizer(models.BPE({symbol: index for index, symbol in enumerate(known)}, [("t", "h")]))
    split = pre_tokenizers.Split(Regex(sorted(SPLITS)[0]), "isolated")
    one.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    one.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=one, eos_token="<|endoftext|>")


def _pairs(folder: Path) -> Any:
    """Words, with symbols around and between sentences."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    known = ["[UNK]", "[PAD]", "[CLS]", "[SEP]", *WORDS]
    one = Tokenizer(models.WordLevel({piece: index for index, piece in enumerate(known)}, unk_token="[UNK]"))
    one.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    one.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=one, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )


_TOKENIZERS: dict[str, Callable[[Path], Any]] = {
    **dict.fromkeys(WRITERS, _words),
    **dict.fromkeys(READERS, _pairs),
    "qwen2": _split_bytes,
    "bert": _wordpieces,
    "roberta": _bytes("RobertaTokenizer", "<unk>"),
    "distilbert": _wordpieces,
    "gpt2": _bytes("GPT2Tokenizer", "<|endoftext|>"),
    "marian": _pieces,
}
