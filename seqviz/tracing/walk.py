"""Follow one token through a Transformer, and keep every number on its way."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import SOS, SPECIAL
from seqviz.errors import TraceError
from seqviz.models.causal import CausalTransformer
from seqviz.models.multihead import Attended
from seqviz.models.transformer import Transformer
from seqviz.models.transformer_layers import Stack, StackPass, SublayerPass
from seqviz.records.walk import Lens, Look, NextWord, SublayerWalk, TokenWalk
from seqviz.tracing.translation import Choice, translate

Walked = TypeVar("Walked", Transformer, CausalTransformer)

BEST = 12  # likeliest next words kept by name
PLACES = 64  # positions drawn, more where the sequence is longer


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sentence and what the decoder is given to read: nothing is what it writes itself."""

    sentence: Sequence[str]
    source: WordVocabulary
    target: WordVocabulary
    choice: Choice


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text, and its symbols for a decoder without an encoder."""

    tokens: tuple[str, ...]
    symbols: Int[np.ndarray, " time"]
    known: tuple[str, ...]  # the token of each of the network's symbols
    noun: str  # what a token is called

    @property
    def unknown(self) -> tuple[str, ...]:
        """The tokens whose symbol is shared with others."""
        return tuple(token for token, symbol in zip(self.tokens, self.symbols, strict=True) if self.known[symbol] != token)


@torch.no_grad()
def walk_token(model: Transformer, reading: Reading, side: str, position: int) -> TokenWalk:
    """Return every intermediate number for the token at ``position`` of the encoder or of the decoder.

    Args:
        model: a Transformer that translates, in float64.
        reading: what it reads on both sides.
        side: "encoder" or "decoder".
        position: from 0; the decoder's first token is <sos>.

    Raises:
        TraceError: there is no such position, no word at all, or a given word that the network does not know.
    """
    written = translate(model, reading.sentence, reading.source, reading.target, reading.choice).written
    symbols = {
        "encoder": reading.source.encode(reading.sentence),
        "decoder": np.array([SOS, *reading.target.encode(written[:-1])]),
    }
    _check(side, position, len(symbols[side]))
    did = model.walk(*(torch.from_numpy(symbols[each]).unsqueeze(0) for each in ("encoder", "decoder")))
    assert did.encoder is not None
    stack, passed = (model.encoder, did.encoder) if side == "encoder" else (model.decoder, did.decoder)
    kind, symbol = ("source" if side == "encoder" else "target"), int(symbols[side][position])
    due = _symbol(written[position], reading.target)
    return TokenWalk(
        side=side, position=position, noun="word", source=tuple(reading.sentence),
        unknown=tuple(word for word in reading.sentence if word not in reading.source),
        read=(SPECIAL[SOS], *written[:-1]), written=written, table=f"row {symbol + 1} of {kind}_embedding.weight",
        kept=getattr(model, f"{kind}_embedding").weight[symbol].numpy(), **_way(stack, passed, position, did.encoder.result[0]),
        next=_next(model, passed, position, due, reading.target.decode) if side == "decoder" else None,
    )  # fmt: skip


@torch.no_grad()
def walk_text(model: CausalTransformer, text: Text, position: int) -> TokenWalk:
    """Return every intermediate number for the token at ``position`` of a text.

    Args:
        model: a decoder-only Transformer that reads symbols, in float64.
        text: what it reads.
        position: from 0.

    Raises:
        TraceError: there is no such position.
    """
    _check("decoder", position, len(text.tokens))
    inputs = F.one_hot(torch.from_numpy(text.symbols), len(text.known)).unsqueeze(0)
    did = model.walk(inputs.to(model.embedding.weight))
    symbol, follow = int(text.symbols[position]), [*text.symbols[1:].tolist(), int(did.logits[0, -1].argmax())]
    return TokenWalk(
        side="decoder", position=position, noun=text.noun, source=(), unknown=text.unknown, read=text.tokens,
        written=tuple(text.known[each] for each in follow), table=f"column {symbol + 1} of embedding.weight",
        kept=model.embedding.weight[:, symbol].numpy(), **_way(model.decoder, did.decoder, position),
        next=_next(model, did.decoder, position, follow[position], lambda symbols: tuple(text.known[each] for each in symbols)),
    )  # fmt: skip


def without_positions(model: Walked) -> Walked:
    """Return a Transformer with the same weights that adds no positions."""
    other = copy.deepcopy(model)
    for stack in (each for each in other.children() if isinstance(each, Stack)):
        stack.config, stack.positions = replace(stack.config, positions="none"), None
    other.config = other.decoder.config
    return other


def _check(side: str, position: int, count: int) -> None:
    if not 0 <= position < count:
        raise TraceError(f"the {side} reads {count} tokens here: the position must be 1 to {count}, got {position + 1}")


def _symbol(word: str, known: WordVocabulary) -> int:
    return SPECIAL.index(word) if word in SPECIAL else int(known.encode([word])[0])


def _way(stack: Stack, passed: StackPass, position: int, source: Tensor | None = None) -> dict[str, Any]:
    """Return what the stack did to the token, the states of ``source`` before it where it crosses to them."""
    return {
        "norm": stack.config.norm, "positions": stack.config.positions, "heads": stack.config.heads,
        "epsilon": _epsilon(stack), **_stream(passed, position), "sublayers": _sublayers(passed, position, source),
        "places": _places(stack, passed.entered.shape[1]),
    }  # fmt: skip


def _stream(passed: StackPass, position: int) -> dict[str, np.ndarray]:
    found = {name: _at(getattr(passed, name), position) for name in ("embedded", "entered", "result")}
    return {**found, "place": passed.positions[position].numpy()}


def _sublayers(passed: StackPass, position: int, source: Tensor | None) -> tuple[SublayerWalk, ...]:
    return tuple(
        _sublayer(number, one, position, source) for number, layer in enumerate(passed.layers) for one in layer
    )  # fmt: skip


def _sublayer(layer: int, did: SublayerPass, position: int, source: Tensor | None) -> SublayerWalk:
    states = did.read[0] if source is None or did.kind != "cross" else source
    streams = {name: _at(getattr(did, name), position) for name in ("inputs", "read", "output", "added", "result")}
    return SublayerWalk(
        layer=layer, kind=did.kind, **streams,
        look=None if did.attended is None else _look(did.attended, position, states),
        inner=None if did.inner is None else _at(did.inner, position),
    )  # fmt: skip


def _look(attended: Attended, position: int, states: Tensor) -> Look:
    own = {name: getattr(attended, name)[0, :, position].numpy() for name in ("queries", "scores", "weights", "mixed")}
    return Look(**own, keys=attended.keys[0].numpy(), values=attended.values[0].numpy(), states=states.numpy())


def _at(states: Tensor, position: int) -> np.ndarray:
    return states[0, position].numpy()


def _places(stack: Stack, count: int) -> np.ndarray:
    """Return what is added at the first positions, as many as are drawn; none beyond those that were learned."""
    drawn = max(PLACES, count)
    if stack.config.positions == "learned":
        drawn = min(drawn, stack.config.learned_positions)
    return stack.placed(0, drawn).detach().numpy()


def _epsilon(stack: Stack) -> float:
    return float(next(module.eps for module in stack.modules() if isinstance(module, torch.nn.LayerNorm)))


def _next(
    model: Transformer | CausalTransformer, passed: StackPass, position: int, due: int,
    decode: Callable[[np.ndarray], tuple[str, ...]],
) -> NextWord:  # fmt: skip
    """Return what the readout says at the end, and what it would say of the stream before each block."""
    streams = [passed.entered, *(one.result for layer in passed.layers for one in layer)]
    stages = torch.stack([stream[0, position] for stream in streams])
    last = model.decoder.norm
    chances = model.readout(stages if last is None else last(stages)).softmax(-1)
    most, which = chances.max(-1)
    logits = model.readout(passed.result[0, position])
    best = logits.argsort(descending=True)[:BEST].numpy()
    lens = Lens(due=chances[:, due].numpy(), words=decode(which.numpy()), likeliest=most.numpy())
    return NextWord(
        due=decode(np.array([due]))[0], logits=logits.numpy(), chances=logits.softmax(-1).numpy(), best=best,
        words=decode(best), lens=lens,
    )  # fmt: skip
