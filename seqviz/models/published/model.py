"""Published Transformers from a local folder in Hugging Face format: opened safely, and read with every projection kept.

The optional package transformers opens them, offline and without code of theirs.
"""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.errors import ConfigError, LimitError, StoreError, TextError, UnsupportedModelError
from seqviz.models.published.architectures import ARCHITECTURES, GENERIC_TOKENIZER, Architecture, Part
from seqviz.models.published.errors import foreseen
from seqviz.models.published.folder import check_folder, is_generic, tokenizer_named
from seqviz.models.published.hearing import NAME as HEARD
from seqviz.models.published.hearing import heard, offer_hearing
from seqviz.models.published.sizes import check_made, check_sizes, most_sizes
from seqviz.models.published.spelling import spelt
from seqviz.registry import shown
from seqviz.settings import Limits

MISSING = "opening a published model needs the optional package transformers: `pip install '.[published]'` in the app's folder"

WORD = re.compile(r"\w+|[^\w\s]")  # or one sign


@dataclass(frozen=True, kw_only=True)
class PublishedPass:
    """One kind of attention on one text: q, k and v as the projections gave them, and the weights that the network reports."""

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

    @cached_property
    def spelt_by_bytes(self) -> bool:
        """Whether tokens are bytes in disguise, to be decoded before they are shown."""
        backend = getattr(self.tokenizer, "backend_tokenizer", None)
        return backend is not None and '"ByteLevel"' in json.dumps(json.loads(backend.to_str()).get("decoder"))

    def tokens(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Return tokens as they can be shown."""
        if self.spelt_by_bytes:
            return spelt([str(each) for each in self.tokenizer.convert_ids_to_tokens(list(ids))])
        return tuple(str(each).replace("▁", " ") for each in self.tokenizer.convert_ids_to_tokens(list(ids)))

    def room(self, most: int) -> int:
        """Return how many tokens may be read, where ``most`` are allowed: as many as there are positions for."""
        return min(most, self.architecture.positions(self.network.config))

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Layers of a stack, heads of a layer and numbers in a query, the most of each that it has."""
        return most_sizes(self.network.config)

    def encoded(self, text: str, most: int, *, target: bool = False) -> list[int]:
        """Return a text as the network's symbols.

        Raises:
            TextError: it has no token.
            LimitError: it has more than ``most``, or than the network has positions for.
            StoreError: the tokenizer knows tokens that the network does not.
        """
        if not text.strip():
            raise TextError("a text for the heads to read must have at least one token, got none")
        with foreseen("the tokenizer of this model fails on this text"):
            ids = [int(each) for each in self.tokenizer(**{"text_target" if target else "text": text})["input_ids"]]
        if not ids:
            raise TextError("a text for the heads to read must have at least one token, and this model finds none in it")
        allowed, config = self.room(most), self.network.config
        if len(ids) > allowed:
            raise LimitError(f"heads of this model are looked at for texts of at most {allowed:,} tokens, got {len(ids):,}")
        known = (target and getattr(config, "decoder_vocab_size", None)) or config.vocab_size
        if max(ids) >= known:
            raise StoreError("the tokenizer in this folder knows tokens that its network does not: they are not of one model")
        return ids

    def unknown(self, text: str, ids: Sequence[int]) -> tuple[str, ...]:
        """Return the words and signs of ``text``, each once, that are read as the unknown symbol, whole or in part.

        Args:
            text: as it was typed.
            ids: the symbols that it was encoded to.
        """
        symbol, words = self.tokenizer.unk_token_id, list(dict.fromkeys(WORD.findall(text)))
        if self.spelt_by_bytes or symbol not in ids or not words:
            return ()
        with foreseen("the tokenizer of this model fails on this text"):
            alone = self.tokenizer(words, add_special_tokens=False)["input_ids"]
        return tuple(word for word, read in zip(words, alone, strict=True) if symbol in read)

    @property
    def start(self) -> int:
        """What a translator's decoder reads before its first word.

        Raises:
            UnsupportedModelError: the configuration names no such symbol.
        """
        config = self.network.config
        start, known = config.decoder_start_token_id, getattr(config, "decoder_vocab_size", None) or config.vocab_size
        if type(start) is not int or not 0 <= start < known:
            raise UnsupportedModelError(
                f"decoder_start_token_id of a translator must be a whole number in [0, {known - 1}], got {shown(start)}"
            )
        return start

    @torch.no_grad()
    def written(self, source: Sequence[int], most: int) -> list[int]:
        """Return what the network writes for ``source``, the likeliest token each time, at most so many of them.

        Nothing else that its folder may ask for is done: no beams, no drawing, no words forbidden. Padding is never written.
        """
        config, read, past = self.network.config, [self.start], None
        ends = config.eos_token_id if isinstance(config.eos_token_id, list) else [config.eos_token_id]
        told = "this model could not write a translation"
        with foreseen(told):
            memory = self.network.get_encoder()(torch.tensor([list(source)]), return_dict=True)
        while len(read) <= self.room(most) and (len(read) == 1 or read[-1] not in ends):
            with foreseen(told):
                answer = self.network(
                    encoder_outputs=memory, decoder_input_ids=torch.tensor([read[-1:]]), past_key_values=past, use_cache=True,
                    return_dict=True,
                )  # fmt: skip
            logits, past = answer.logits[0, -1], answer.past_key_values
            logits[[] if config.pad_token_id is None else config.pad_token_id] = -torch.inf
            read.append(int(logits.argmax()))
        return read[1:]

    @torch.no_grad()
    def read(self, ids: Sequence[int], written: Sequence[int] | None = None) -> tuple[PublishedPass, ...]:
        """Return every kind of attention while the network reads ``ids`` and, where it translates, writes ``written``."""
        if self.architecture.heard:
            return (self._heard(ids),)
        kept: dict[str, list[list[Tensor]]] = {}
        hooks = [hook for part in self.architecture.parts for hook in self._watched(part, kept.setdefault(part.kind, []))]
        asked: dict[str, Tensor] = {"input_ids": torch.tensor([list(ids)])} | self._segments(ids)
        if written is not None:
            asked["decoder_input_ids"] = torch.tensor([[self.start, *written[:-1]]])
        try:
            with foreseen("this model could not read the text"):
                answer = self.network(**asked, output_attentions=True, use_cache=False, return_dict=True)
        finally:
            for hook in hooks:
                hook.remove()
        return tuple(_passed(part.kind, kept[part.kind], answer[part.weights]) for part in self.architecture.parts)

    def _heard(self, ids: Sequence[int]) -> PublishedPass:
        asked: dict[str, Tensor] = {"input_ids": torch.tensor([list(ids)])} | self._segments(ids)
        with heard() as layers, foreseen("this model could not read the text"):
            self.network(
                **asked, return_dict=True, **({"use_cache": False} if self.architecture.heard == "masked self" else {})
            )
        queries, keys, values, weights = (torch.stack(parts) for parts in zip(*layers, strict=True))
        return PublishedPass(kind=self.architecture.heard, queries=queries, keys=keys, values=values, weights=weights)

    def _segments(self, ids: Sequence[int]) -> dict[str, Tensor]:
        """Return which sentence of a pair each token is of, as BERT is told in training: the separator ends the first."""
        apart, known = self.tokenizer.sep_token_id, getattr(self.network.config, "type_vocab_size", 1)
        if not self.architecture.segments or apart is None or known < 2:
            return {}
        read = torch.tensor([list(ids)])
        ended = (read == apart).long().cumsum(dim=1) - (read == apart).long()  # separators before each token
        return {"token_type_ids": ended.clamp(max=1)}

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


def open_published(folder: Path, limits: Limits) -> Published:
    """Return the model in ``folder``, in float32 on the CPU, ready to be read with.

    Raises:
        ConfigError: the optional package is not installed.
        SeqvizError: as ``check_folder`` of ``published_folder``, and ``check_sizes`` and ``check_made`` of ``published_sizes``.
    """
    kind, stored = check_folder(folder, ARCHITECTURES, limits.published_bytes)
    architecture, transformers, name = ARCHITECTURES[kind], _transformers(), folder.name
    safely: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    attention = HEARD if architecture.heard else "eager"
    with foreseen(f"the configuration of the model {name!r} is damaged", folder):
        config = transformers.AutoConfig.from_pretrained(str(folder), **safely, return_dict=True, attn_implementation=attention)
    check_sizes(name, config, limits, has_table=not architecture.rotates)
    with foreseen(f"the tokenizer of the model {name!r} is damaged", folder):
        made_by = GENERIC_TOKENIZER if is_generic(folder, tokenizer_named(folder)) else architecture.tokenizer
        tokenizer = getattr(transformers, made_by).from_pretrained(str(folder), **safely)
    made = getattr(transformers, architecture.made)
    check_made(name, made, architecture, config, stored, limits.published_bytes)
    with foreseen(f"the model {name!r} could not be opened", folder):
        network, told = made.from_pretrained(
            str(folder), config=config, **safely, **architecture.options, use_safetensors=True, attn_implementation=attention,
            dtype=torch.float32, output_loading_info=True, ignore_mismatched_sizes=True,
            generation_config=transformers.GenerationConfig(),
        )  # fmt: skip
    lacking = sorted({*told["missing_keys"], *(name for name, *_ in told["mismatched_keys"])})
    if lacking:
        raise UnsupportedModelError(f"the weights of {name!r} lack what its configuration asks for: {lacking[0]}")
    return Published(architecture=architecture, network=network.eval(), tokenizer=tokenizer)


def _transformers() -> Any:
    """Return the optional package, set to contact no other machine.

    Raises:
        ConfigError: it is not installed.
    """
    if find_spec("transformers") is None:
        raise ConfigError(MISSING)
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    offer_hearing(transformers)
    return transformers


def _passed(kind: str, kept: Sequence[Sequence[Tensor]], weights: Sequence[Tensor]) -> PublishedPass:
    told = torch.cat(list(weights))
    vectors = [layer if len(layer) == 3 else layer[0].chunk(3, dim=-1) for layer in kept]
    queries, keys, values = (
        torch.stack([part[0].unflatten(-1, (told.shape[1], -1)).transpose(0, 1) for part in parts])
        for parts in zip(*vectors, strict=True)
    )
    return PublishedPass(kind=kind, queries=queries, keys=keys, values=values, weights=told)
