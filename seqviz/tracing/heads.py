"""What every head of a Transformer does with one text, out of the pass in which the network did it."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from seqviz.errors import UnsupportedModelError
from seqviz.models.multihead import Attended
from seqviz.models.published.model import PublishedPass
from seqviz.models.transformer_layers import StackPass, TransformerPass, causal_mask
from seqviz.records import AttentionHeads
from seqviz.records.heads import CROSS, MASKED, SELF

Tokens = Sequence[str]
CLOSE = 1e-4  # largest difference, in float32, between a published network's reported weights and ours


def attention_heads(did: TransformerPass, source: Tokens, read: Tokens, written: Tokens) -> tuple[AttentionHeads, ...]:
    """Return each kind of attention of a Transformer that read one text, in every layer and head.

    Args:
        did: what the network did; of its batch the first text is taken.
        source: the tokens that the encoder read; unused without an encoder.
        read: those that the decoder read, as many as positions.
        written: the one that the decoder wrote, or was given, at each position.
    """
    masked = heads_of_stack(did.decoder, "self", MASKED, read, read)
    if did.encoder is None:
        return (masked,)
    own = heads_of_stack(did.encoder, "self", SELF, source, source)
    return own, masked, heads_of_stack(did.decoder, "cross", CROSS, written, source)


def heads_of_stack(did: StackPass, sublayer: str, kind: str, asking: Tokens, looked_at: Tokens) -> AttentionHeads:
    """Return the attention of one kind of sublayer in all layers of a stack."""
    attended = [part.attended for layer in did.layers for part in layer if part.kind == sublayer and part.attended is not None]
    return heads_of(attended, kind, asking, looked_at)


def heads_of(attended: Sequence[Attended], kind: str, asking: Tokens, looked_at: Tokens) -> AttentionHeads:
    """Return one layer of heads for each of ``attended``, of the first text of their batch, in float32."""

    def joined(parts: Sequence[Tensor]) -> np.ndarray:
        stacked: np.ndarray = torch.stack([part[0].detach() for part in parts]).to(torch.float32).cpu().numpy()
        return stacked

    return AttentionHeads(
        kind=kind,
        queries_of=tuple(asking),
        keys_of=tuple(looked_at),
        queries=joined([one.queries for one in attended]),
        keys=joined([one.keys for one in attended]),
        values=joined([one.values for one in attended]),
        scores=joined([one.scores for one in attended]),
        weights=joined([one.weights for one in attended]),
    )


def heads_of_published(did: PublishedPass, asking: Tokens, looked_at: Tokens) -> AttentionHeads:
    """Return the heads of a published network, scores and weights by our own arithmetic from its q and k.

    Raises:
        UnsupportedModelError: the network's own weights are others: it does more with q · k than divide it by √width.
    """
    scores = did.queries @ did.keys.transpose(-1, -2) / math.sqrt(did.queries.shape[-1])
    if did.kind == MASKED:
        scores = scores.masked_fill(~causal_mask(scores.shape[-1]), -math.inf)
    weights = scores.softmax(-1)
    apart = float((weights - did.weights).abs().max())
    if not apart <= CLOSE:
        raise UnsupportedModelError(
            f"this network's {did.kind}-attention is not softmax(q · k / √d): its weights differ from that by up to {apart:.2g}"
        )
    kept = {"queries": did.queries, "keys": did.keys, "values": did.values, "scores": scores, "weights": weights}
    arrays = {name: part.to(torch.float32).numpy() for name, part in kept.items()}
    return AttentionHeads(kind=did.kind, queries_of=tuple(asking), keys_of=tuple(looked_at), **arrays)
