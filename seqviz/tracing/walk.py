"""Follow one token through a Transformer, and keep every number on its way."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import SOS, SPECIAL
from seqviz.errors import TraceError
from seqviz.models.multihead import Attended
from seqviz.models.transformer import Transformer
from seqviz.models.transformer_layers import Stack, StackPass, SublayerPass
from seqviz.records.walk import Lens, Look, NextWord, SublayerWalk, TokenWalk
from seqviz.tracing.translation import Choice, translate

BEST = 12  # likeliest next words kept by name
PLACES = 64  # positions drawn, more where the sequence is longer


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sentence and what the decoder is given to read: nothing is what it writes itself."""

    sentence: Sequence[str]
    source: WordVocabulary
    target: WordVocabulary
    choice: Choice


@torch.no_grad()
def walk_token(model: Transformer, reading: Reading, side: str, position: int) -> TokenWalk:
    """Return everything on the way of the token at ``position`` of the encoder or of the decoder.

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
    if not 0 <= position < len(symbols[side]):
        count = len(symbols[side])
        raise TraceError(f"the {side} reads {count} tokens here: the position must be 1 to {count}, got {position + 1}")
    did = model.walk(*(torch.from_numpy(symbols[each]).unsqueeze(0) for each in ("encoder", "decoder")))
    assert did.encoder is not None
    stack, passed = (model.encoder, did.encoder) if side == "encoder" else (model.decoder, did.decoder)
    table = model.source_embedding if side == "encoder" else model.target_embedding
    return TokenWalk(
        side=side, position=position, symbol=int(symbols[side][position]), source=tuple(reading.sentence),
        unknown=tuple(word for word in reading.sentence if word not in reading.source),
        read=(SPECIAL[SOS], *written[:-1]), written=written,
        norm=model.config.norm, positions=model.config.positions, heads=model.config.heads, epsilon=_epsilon(stack),
        kept=table.weight[int(symbols[side][position])].numpy(), **_stream(passed, position),
        sublayers=_sublayers(passed, position, did.encoder.result[0]),
        places=_places(stack, len(symbols[side])),
        next=_next(model, passed, position, written[position], reading.target) if side == "decoder" else None,
    )  # fmt: skip


def without_positions(model: Transformer) -> Transformer:
    """Return a Transformer with the same weights that adds no positions."""
    other = copy.deepcopy(model)
    for stack in (other.encoder, other.decoder):
        stack.config, stack.positions = replace(stack.config, positions="none"), None
    other.config = other.encoder.config
    return other


def _stream(passed: StackPass, position: int) -> dict[str, np.ndarray]:
    found = {name: _at(getattr(passed, name), position) for name in ("embedded", "entered", "result")}
    return {**found, "place": passed.positions[position].numpy()}


def _sublayers(passed: StackPass, position: int, source: Tensor) -> tuple[SublayerWalk, ...]:
    return tuple(
        _sublayer(number, one, position, source) for number, layer in enumerate(passed.layers) for one in layer
    )  # fmt: skip


def _sublayer(layer: int, did: SublayerPass, position: int, source: Tensor) -> SublayerWalk:
    states = source if did.kind == "cross" else did.read[0]
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


def _next(model: Transformer, passed: StackPass, position: int, due: str, target: WordVocabulary) -> NextWord:
    """Return what the readout says at the end, and what it would say of the stream on the way there."""
    streams = [passed.entered, *(one.result for layer in passed.layers for one in layer)]
    stages = torch.stack([stream[0, position] for stream in streams])
    last = model.decoder.norm
    chances = model.readout(stages if last is None else last(stages)).softmax(-1)
    most, which = chances.max(-1)
    logits = model.readout(passed.result[0, position])
    best = logits.argsort(descending=True)[:BEST].numpy()
    symbol = SPECIAL.index(due) if due in SPECIAL else int(target.encode([due])[0])
    lens = Lens(due=chances[:, symbol].numpy(), words=target.decode(which.numpy()), likeliest=most.numpy())
    return NextWord(
        due=due, logits=logits.numpy(), chances=logits.softmax(-1).numpy(), best=best, words=target.decode(best), lens=lens
    )  # fmt: skip
