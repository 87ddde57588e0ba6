"""The families of published Transformers that can be opened: where each keeps its attention, what a folder must hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from seqviz.store.published.files import BYTES, PIECES, SENTENCEPIECES, TOKENIZER

GENERIC_TOKENIZER = "PreTrainedTokenizerFast"  # the class of transformers that does what tokenizer.json says, whichever model's
GENERIC = ("PreTrainedTokenizer", "TokenizersBackend")  # its names in folders


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of attention of an architecture, and where its module keeps it."""

    kind: str  # "self" | "masked self" | "cross"
    modules: Callable[[Any], Sequence[nn.Module]]  # one for each layer
    projections: tuple[str, ...]  # of q, k and v, or one that makes all three
    weights: str  # what the network's answer calls them


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """A family of published models that can be opened."""

    made: str  # the class of transformers
    parts: tuple[Part, ...] = ()
    heard: str = ""  # the kind of its attention, where that is heard as it is computed (see hearing.py) instead of by parts
    tokenizer: str  # the class of transformers that opens its tokenizer
    tokenizers: tuple[tuple[str, ...], ...]  # files that a tokenizer is opened from; any one of these sets is enough
    same_tokenizers: tuple[str, ...] = ()  # other classes that a folder may name, which split a text as that one does
    options: Mapping[str, Any] = field(default_factory=dict)
    segments: bool = False  # it tells the sentences of a pair apart by their segments
    rotates: bool = False  # positions turn q and k: there is no table of them that could be too large
    pads_positions: bool = False  # its positions begin behind that of padding: so many fewer can be read

    @property
    def translates(self) -> bool:
        """Whether it reads one text and writes another."""
        return len(self.parts) > 1

    def positions(self, config: Any) -> int:
        """Return how many tokens it has positions for."""
        reserved = (config.pad_token_id or 0) + 1 if self.pads_positions else 0
        return int(config.max_position_embeddings) - reserved


_ENCODER = (
    Part(
        kind="self", modules=lambda net: [layer.attention.self for layer in net.encoder.layer],
        projections=("query", "key", "value"), weights="attentions",
    ),
)  # fmt: skip
_DISTIL = (
    Part(
        kind="self", modules=lambda net: [layer.attention for layer in net.transformer.layer],
        projections=("q_lin", "k_lin", "v_lin"), weights="attentions",
    ),
)  # fmt: skip
_GPT = (
    Part(
        kind="masked self", modules=lambda net: [layer.attn for layer in net.h], projections=("c_attn",), weights="attentions"
    ),
)  # fmt: skip
_LINEARS = ("q_proj", "k_proj", "v_proj")
_TRANSLATOR = (
    Part(
        kind="self", modules=lambda net: [layer.self_attn for layer in net.model.encoder.layers], projections=_LINEARS,
        weights="encoder_attentions",
    ),
    Part(
        kind="masked self", modules=lambda net: [layer.self_attn for layer in net.model.decoder.layers], projections=_LINEARS,
        weights="decoder_attentions",
    ),
    Part(
        kind="cross", modules=lambda net: [layer.encoder_attn for layer in net.model.decoder.layers], projections=_LINEARS,
        weights="cross_attentions",
    ),
)  # fmt: skip

# Families whose attention is heard as it is computed, and whose tokenizer.json says all about their tokens.
_WRITERS = {
    "llama": "LlamaModel", "mistral": "MistralModel", "qwen2": "Qwen2Model", "qwen3": "Qwen3Model", "gemma": "GemmaModel",
    "phi": "PhiModel", "gpt_neox": "GPTNeoXModel", "opt": "OPTModel",
}  # fmt: skip
_READERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "electra": ("ElectraModel", {"segments": True}),
    "albert": ("AlbertModel", {"segments": True, "options": {"add_pooling_layer": False}}),
    "xlm-roberta": ("XLMRobertaModel", {"pads_positions": True, "options": {"add_pooling_layer": False}}),
    "camembert": ("CamembertModel", {"pads_positions": True, "options": {"add_pooling_layer": False}}),
}


def _heard(made: str, kind: str, **more: Any) -> Architecture:
    return Architecture(made=made, heard=kind, tokenizer=GENERIC_TOKENIZER, tokenizers=((TOKENIZER,),), **more)


ARCHITECTURES: Mapping[str, Architecture] = {
    "bert": Architecture(
        made="BertModel", parts=_ENCODER, tokenizer="BertTokenizer", tokenizers=PIECES,
        options={"add_pooling_layer": False}, segments=True,
    ),
    "roberta": Architecture(
        made="RobertaModel", parts=_ENCODER, tokenizer="RobertaTokenizer", tokenizers=BYTES,
        options={"add_pooling_layer": False}, pads_positions=True,
    ),
    "distilbert": Architecture(
        made="DistilBertModel", parts=_DISTIL, tokenizer="BertTokenizer", tokenizers=PIECES,
        same_tokenizers=("DistilBertTokenizer",),
    ),
    "gpt2": Architecture(
        made="GPT2Model", parts=_GPT, tokenizer="GPT2Tokenizer", tokenizers=BYTES
    ),
    **{kind: _heard(made, "masked self", rotates=kind != "opt") for kind, made in _WRITERS.items()},
    **{kind: _heard(made, "self", **more) for kind, (made, more) in _READERS.items()},
    "marian": Architecture(
        made="MarianMTModel", parts=_TRANSLATOR, tokenizer="MarianTokenizer", tokenizers=SENTENCEPIECES
    ),
}  # fmt: skip
