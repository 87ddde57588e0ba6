"""Several encoder-decoders that write one sentence together: at each step, the mean of their probabilities."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from jaxtyping import Int
from torch import Tensor

from seqviz.errors import ConfigError
from seqviz.models.decoded import DecoderStep, Encoded
from seqviz.models.encoder_decoder import EncoderDecoder
from seqviz.models.stacks import State


@dataclass(frozen=True, kw_only=True)
class EncodedByEach(Encoded):
    """A batch of sentences as every member sees them; ``state`` is all of theirs behind each other, the rest the first's."""

    members: tuple[Encoded, ...]

    @classmethod
    def of(cls, members: Sequence[Encoded]) -> "EncodedByEach":
        """Return what ``members`` see, together."""
        first = members[0]
        state = tuple(part for one in members for part in one.state)
        return cls(
            states=first.states, keys=first.keys, state=state, mask=first.mask, is_padded=first.is_padded,
            members=tuple(members),
        )  # fmt: skip

    def rows(self, index: Int[Tensor, " row"]) -> "EncodedByEach":
        """Return the sentences at ``index``, each as often as it is named."""
        return EncodedByEach.of([one.rows(index) for one in self.members])


class Ensemble:
    """Networks that know the same words and write as one: each step's probability of a word is the mean of theirs.

    Source:
        Sutskever, Vinyals & Le (2014), section 3.6, https://arxiv.org/abs/1409.3215, whose best scores come from five together.

    Raises:
        ConfigError: there is no member, or they do not know equally many words.
    """

    def __init__(self, members: Sequence[EncoderDecoder]) -> None:
        known = {(one.source_embedding.num_embeddings, one.readout.out_features) for one in members}
        if len(known) != 1:
            raise ConfigError(
                f"networks that write together must be at least one and know the same words, got {len(members)} that know "
                f"{' and '.join(f'{source} and {target}' for source, target in sorted(known)) or 'none'}"
            )
        self.members = tuple(members)

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None) -> EncodedByEach:
        """Return the sentences as every member sees them; None: they are all full."""
        return EncodedByEach.of([one.encode(source, lengths) for one in self.members])

    def step(self, encoded: Encoded, state: State, token: Int[Tensor, " batch"]) -> DecoderStep:
        """Return what comes next after ``token``: the logits are the logarithms of the mean probabilities.

        There is no one attention; scores, weights and context are None.
        """
        assert isinstance(encoded, EncodedByEach), "an ensemble reads what it encoded itself"
        parts = iter(state)
        states = [tuple(islice(parts, len(seen.state))) for seen in encoded.members]
        steps = [one.step(seen, own, token) for one, seen, own in zip(self.members, encoded.members, states, strict=True)]
        chances = torch.stack([step.logits.log_softmax(-1) for step in steps])
        return DecoderStep(
            scores=None, weights=None, context=None, attentional=steps[0].attentional,
            logits=chances.logsumexp(0) - math.log(len(steps)), state=tuple(part for step in steps for part in step.state),
        )  # fmt: skip


Writer = EncoderDecoder | Ensemble
