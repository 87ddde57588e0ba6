"""The Transformer: an encoder that reads a sentence all at once, and a decoder that writes another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from seqviz.experiment.transformer import TransformerConfig
from seqviz.models.decoded import Decoded, DecoderStep, Encoded
from seqviz.models.filling import empty, filled
from seqviz.models.multihead import Attended, Seen
from seqviz.models.seq2seq import PAD, START
from seqviz.models.stacks import State
from seqviz.models.transformer_layers import LayerPass, Memory, Stack, StackPass, TransformerPass, causal_mask, initialise_ends


@dataclass(frozen=True, kw_only=True)
class EncodedForLayers(Encoded):
    """A batch of sentences as every layer of the decoder sees them; ``state`` is what it has read itself: nothing yet."""

    seen: tuple[Seen, ...]

    def rows(self, index: Int[Tensor, " row"]) -> "EncodedForLayers":
        """Return the sentences at ``index``, each as often as it is named."""
        seen = tuple((keys[index], values[index]) for keys, values in self.seen)
        return EncodedForLayers(**vars(super().rows(index)), seen=seen)


class Transformer(nn.Module):
    """An encoder-decoder without recurrence; :class:`seqviz.experiment.TransformerConfig` says what its settings mean.

    It answers to whatever a :class:`seqviz.models.Seq2Seq` does. What that calls its weights is here the mean over the
    heads of the cross-attention of the decoder's last layer, which has no scores of its own; :meth:`walk` returns each
    head's. A decoder's state is the keys and values of what it has read, (layer, batch, head, time, head_width).
    """

    attends, looks_before, reads_backwards = True, False, False

    @property
    def heads(self) -> int:
        """How many look at once."""
        return self.config.heads

    def __init__(self, config: TransformerConfig, source_words: int, target_words: int) -> None:
        super().__init__()
        self.config = config
        self.source_embedding = nn.Embedding(source_words, config.width)
        self.target_embedding = nn.Embedding(target_words, config.width)
        self.encoder, self.decoder = Stack(config), Stack(config, crossing=True)
        self.readout = nn.Linear(config.width, target_words)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        self.encoder.initialise(generator)
        self.decoder.initialise(generator)
        initialise_ends([self.source_embedding, self.target_embedding], self.readout, generator)

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"] | None,
        targets: Int[Tensor, "batch target"],
        *,
        forced_weights: Float[Tensor, "batch target source"] | None = None,
    ) -> Decoded:
        """Return everything the decoder computes while it reads ``targets``.

        Args:
            source: sentences; padding after their lengths is never attended to.
            lengths: words in each sentence; None: they are all full.
            targets: what should be written, with -100 behind the end.
            forced_weights: cross-attention that every head of every layer uses instead of its own.
        """
        return self.decode(self.encode(source, lengths), targets, forced_weights=forced_weights)

    def decode(
        self,
        encoded: Encoded,
        targets: Int[Tensor, "batch target"],
        *,
        forced_weights: Float[Tensor, "batch target source"] | None = None,
    ) -> Decoded:
        """Return everything the decoder computes while it reads ``targets``; :meth:`forward` says what the arguments mean."""
        read = read_for(targets)
        did = self._write(encoded, read, forced_weights)
        looked = last_look(did.layers[-1])
        return Decoded(
            logits=self.readout(did.result), scores=None, weights=looked.weights.mean(1),
            contexts=looked.output, attentional=did.result, hidden=did.result, read=read,
        )  # fmt: skip

    def answers(
        self, inputs: Int[Tensor, "batch source"], targets: Int[Tensor, "batch target"], coins: torch.Generator | None = None
    ) -> Float[Tensor, "batch target word"]:
        """Return the logits that training judges: ``inputs`` are full sentences of one length; no coin is tossed."""
        logits: Tensor = self.readout(self._write(self.encode(inputs), read_for(targets)).result)
        return logits

    def walk(self, source: Int[Tensor, "batch source"], read: Int[Tensor, "batch target"]) -> TransformerPass:
        """Return every intermediate value from full sentences and the words ``read`` after <sos> to the next word's logits."""
        encoder = self.encoder(self.embed(source))
        decoder = self._write(self._encoded(encoder), read)
        return TransformerPass(encoder=encoder, decoder=decoder, logits=self.readout(decoder.result))

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None) -> EncodedForLayers:
        """Return the sentences as the decoder sees them; None: they are all full."""
        mask = None
        if lengths is not None:
            mask = torch.arange(source.shape[1], device=source.device) < lengths.to(source.device).unsqueeze(1)
        did = self.encoder(self.embed(source), None if mask is None else mask[:, None, None])
        return self._encoded(did, mask)

    def embed(self, source: Int[Tensor, "batch source"]) -> Float[Tensor, "batch source width"]:
        """Return the words' embeddings, √width times as large as they are kept; positions are added to them later."""
        return self._embedded(self.source_embedding, source)

    def encode_embedded(self, embedded: Float[Tensor, "batch source width"]) -> EncodedForLayers:
        """Return full sentences as the decoder sees them, from what :meth:`embed` returned."""
        return self._encoded(self.encoder(embedded))

    def step(
        self,
        encoded: Encoded,
        state: State,
        token: Int[Tensor, " batch"],
        forced_weights: Float[Tensor, "batch source"] | None = None,
    ) -> DecoderStep:
        """Return what the decoder does when it reads ``token`` behind what ``state`` has kept of the words before."""
        forced = None if forced_weights is None else forced_weights[:, None, None]
        before = list(zip(*state, strict=True))
        did = self.decoder(
            self._embedded(self.target_embedding, token.unsqueeze(1)),
            first=state[0].shape[3], before=before, memory=_memory(encoded, forced),
        )  # fmt: skip
        looked, result = last_look(did.layers[-1]), did.result[:, 0]
        return DecoderStep(
            scores=None, weights=looked.weights.mean(1)[:, 0], context=looked.output[:, 0],
            attentional=result, logits=self.readout(result), state=read_so_far(did),
        )  # fmt: skip

    def _embedded(self, table: nn.Module, symbols: Tensor) -> Tensor:
        embedded: Tensor = table(symbols) * math.sqrt(self.config.width)
        return embedded

    def _encoded(self, did: StackPass, mask: Tensor | None = None) -> EncodedForLayers:
        states, heads = did.result, self.config.heads
        nothing = states.new_empty(self.config.layers, len(states), heads, 0, self.config.width // heads)
        return EncodedForLayers(
            states=states, keys=states, state=(nothing, nothing),
            mask=states.new_ones(states.shape[:2], dtype=torch.bool) if mask is None else mask,
            is_padded=mask is not None,
            seen=self.decoder.look(states),
        )  # fmt: skip

    def _write(self, encoded: Encoded, read: Tensor, forced_weights: Tensor | None = None) -> StackPass:
        embedded = self._embedded(self.target_embedding, read)
        forced = None if forced_weights is None else forced_weights.unsqueeze(1)
        did: StackPass = self.decoder(
            embedded, causal_mask(read.shape[1], read.device), memory=_memory(encoded, forced)
        )  # fmt: skip
        return did


def build_transformer(
    config: TransformerConfig, *, source_words: int, target_words: int, generator: torch.Generator
) -> Transformer:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: layers, heads and sizes.
        source_words: how many symbols the encoder knows.
        target_words: how many symbols the decoder knows.
        generator: a CPU generator; the global random state is left alone.
    """
    model = _empty_transformer(config, source_words, target_words)
    model.initialise(generator)
    return model


def trained_transformer(config: TransformerConfig, weights: Mapping[str, np.ndarray]) -> Transformer:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names."""
    words = (weights[f"{side}_embedding.weight"].shape[0] for side in ("source", "target"))
    return filled(_empty_transformer(config, *words), weights)


def read_for(targets: Int[Tensor, "batch target"]) -> Int[Tensor, "batch target"]:
    """Return what a decoder reads for ``targets``: <sos>, and each right word before the next."""
    return F.pad(targets[:, :-1].clamp(min=PAD), (1, 0), value=START)


def _empty_transformer(config: TransformerConfig, source_words: int, target_words: int) -> Transformer:
    return empty(lambda: Transformer(config, source_words, target_words))


def _memory(encoded: Encoded, forced: Tensor | None) -> Memory:
    assert isinstance(encoded, EncodedForLayers), "a Transformer reads what it encoded itself"
    return Memory(seen=encoded.seen, mask=encoded.mask[:, None, None] if encoded.is_padded else None, forced=forced)


def last_look(layer: LayerPass) -> Attended:
    """Return what the cross-attention of a decoder's layer did."""
    (crossing,) = (one.attended for one in layer if one.kind == "cross")
    assert crossing is not None, "attention is what a layer crosses by"
    return crossing


def read_so_far(did: StackPass) -> State:
    """Return the keys and values of all that a decoder has read: what it needs to read on."""
    attended = [layer[0].attended for layer in did.layers]
    return tuple(torch.stack([getattr(one, name) for one in attended]) for name in ("keys", "values"))
