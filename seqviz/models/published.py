"""Published Transformers from a local folder in Hugging Face format: opened safely, and read with every projection kept.

The optional package transformers opens them, offline and without code of theirs.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from safetensors import SafetensorError
from torch import Tensor, nn

from seqviz.errors import ConfigError, LimitError, StoreError, TextError, UnsupportedModelError
from seqviz.models.published_folder import checked_config

MISSING = "opening a published model needs the optional package transformers: `pip install 'seqviz[published]'`"


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
    parts: tuple[Part, ...]
    spelt_by_bytes: bool  # tokens are bytes in disguise, to be decoded before they are shown
    options: Mapping[str, Any]

    @property
    def translates(self) -> bool:
        """Whether it reads one text and writes another."""
        return len(self.parts) > 1


def _encoder(made: str, *, bytes_: bool = False) -> Architecture:
    own = Part(
        kind="self", modules=lambda net: [layer.attention.self for layer in net.encoder.layer],
        projections=("query", "key", "value"), weights="attentions",
    )  # fmt: skip
    return Architecture(made=made, parts=(own,), spelt_by_bytes=bytes_, options={"add_pooling_layer": False})


_DISTIL = Part(
    kind="self", modules=lambda net: [layer.attention for layer in net.transformer.layer],
    projections=("q_lin", "k_lin", "v_lin"), weights="attentions",
)  # fmt: skip
_GPT = Part(
    kind="masked self", modules=lambda net: [layer.attn for layer in net.h], projections=("c_attn",), weights="attentions"
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

ARCHITECTURES: Mapping[str, Architecture] = {
    "bert": _encoder("BertModel"),
    "roberta": _encoder("RobertaModel", bytes_=True),
    "distilbert": Architecture(made="DistilBertModel", parts=(_DISTIL,), spelt_by_bytes=False, options={}),
    "gpt2": Architecture(made="GPT2Model", parts=(_GPT,), spelt_by_bytes=True, options={}),
    "marian": Architecture(made="MarianMTModel", parts=_TRANSLATOR, spelt_by_bytes=False, options={}),
}


@dataclass(frozen=True, kw_only=True)
class PublishedPass:
    """One kind of attention on one text: q, k and v as the projections gave them, and the weights as the network told them."""

    kind: str
    queries: Float[Tensor, "layer head query unit"]
    keys: Float[Tensor, "layer head key unit"]
    values: Float[Tensor, "layer head key unit"]
    weights: Float[Tensor, "layer head query key"]


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published Transformer, opened."""

    architecture: Architecture
    network: Any
    tokenizer: Any

    def tokens(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Return tokens as they can be shown."""
        if self.architecture.spelt_by_bytes:
            return tuple(self.tokenizer.decode([each], clean_up_tokenization_spaces=False) for each in ids)
        return tuple(str(each).replace("▁", " ") for each in self.tokenizer.convert_ids_to_tokens(list(ids)))

    def encoded(self, text: str, most: int, *, target: bool = False) -> list[int]:
        """Return a text as the network's symbols.

        Raises:
            TextError: it has no token.
            LimitError: it has more than ``most``, or than the network has positions for.
            StoreError: the tokenizer knows tokens that the network does not.
        """
        if not text.strip():
            raise TextError("a text for the heads to read must have at least one token, got none")
        ids = [int(each) for each in self.tokenizer(**{"text_target" if target else "text": text})["input_ids"]]
        config = self.network.config
        allowed = min(most, int(getattr(config, "max_position_embeddings", most)))
        if len(ids) > allowed:
            raise LimitError(f"heads of this model are looked at for texts of at most {allowed:,} tokens, got {len(ids):,}")
        if max(ids, default=0) >= config.vocab_size:
            raise StoreError("the tokenizer in this folder knows tokens that its network does not: they are not of one model")
        return ids

    @torch.no_grad()
    def written(self, source: Sequence[int], most: int) -> list[int]:
        """Return what the network writes for ``source``, the likeliest token each time, at most so many of them."""
        made = self.network.generate(torch.tensor([list(source)]), num_beams=1, do_sample=False, max_new_tokens=most)
        return [int(each) for each in made[0, 1:]]

    @torch.no_grad()
    def read(self, ids: Sequence[int], written: Sequence[int] | None = None) -> tuple[PublishedPass, ...]:
        """Return every kind of attention while the network reads ``ids`` and, where it translates, writes ``written``."""
        kept: dict[str, list[list[Tensor]]] = {}
        hooks = [hook for part in self.architecture.parts for hook in self._watched(part, kept.setdefault(part.kind, []))]
        asked: dict[str, Tensor] = {"input_ids": torch.tensor([list(ids)])}
        if written is not None:
            asked["decoder_input_ids"] = torch.tensor([[self.network.config.decoder_start_token_id, *written[:-1]]])
        try:
            answer = self.network(**asked, output_attentions=True, use_cache=False)
        finally:
            for hook in hooks:
                hook.remove()
        return tuple(_passed(part.kind, kept[part.kind], answer[part.weights]) for part in self.architecture.parts)

    def _watched(self, part: Part, kept: list[list[Tensor]]) -> list[Any]:
        """Keep what the projections of each layer give."""
        hooks = []
        for module in part.modules(self.network):
            layer: list[Tensor] = []
            kept.append(layer)
            hooks += [
                getattr(module, name).register_forward_hook(lambda _, __, gave, layer=layer: layer.append(gave))
                for name in part.projections
            ]
        return hooks


def open_published(folder: Path, most_bytes: int) -> Published:
    """Return the model in ``folder``, in float32 on the CPU, ready to be read with.

    Raises:
        ConfigError: the optional package is not installed.
        SeqvizError: as :func:`seqviz.models.published_folder.checked_config` does.
    """
    config = checked_config(folder, ARCHITECTURES, most_bytes)
    architecture, transformers = ARCHITECTURES[config["model_type"]], _transformers()
    safely: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        network, told = getattr(transformers, architecture.made).from_pretrained(
            str(folder), **safely, **architecture.options, use_safetensors=True, attn_implementation="eager",
            dtype=torch.float32, output_loading_info=True,
        )  # fmt: skip
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **safely)
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError, SafetensorError) as error:
        first = str(error).strip().splitlines()[:1] or [type(error).__name__]
        raise StoreError(f"the model {folder.name!r} could not be opened: {first[0][:200]}") from error
    lacking = sorted({*told["missing_keys"], *(name for name, *_ in told["mismatched_keys"])})
    if lacking:
        raise UnsupportedModelError(f"the weights of {folder.name!r} lack what its configuration asks for: {lacking[0]}")
    return Published(architecture=architecture, network=network.eval(), tokenizer=tokenizer)


def _transformers() -> Any:
    """Return the optional package, told to ask no other machine for anything.

    Raises:
        ConfigError: it is not installed.
    """
    if find_spec("transformers") is None:
        raise ConfigError(MISSING)
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return transformers


def _passed(kind: str, kept: Sequence[Sequence[Tensor]], weights: Sequence[Tensor]) -> PublishedPass:
    told = torch.cat(list(weights))
    vectors = [layer if len(layer) == 3 else layer[0].chunk(3, dim=-1) for layer in kept]
    queries, keys, values = (
        torch.stack([part[0].unflatten(-1, (told.shape[1], -1)).transpose(0, 1) for part in parts])
        for parts in zip(*vectors, strict=True)
    )
    return PublishedPass(kind=kind, queries=queries, keys=keys, values=values, weights=told)
