"""What an encoder-decoder returns."""

from dataclasses import dataclass

from jaxtyping import Bool, Float, Int
from torch import Tensor

from seqviz.models.stacks import State


@dataclass(frozen=True, kw_only=True)
class Encoded:
    """A batch of sentences as the decoder sees them; positions are those of the sentences as given, also when reversed."""

    states: Float[Tensor, "batch source state"]
    keys: Float[Tensor, "batch source unit"]  # what queries are compared with; the states where nothing is
    state: State  # the decoder's first: hidden, and for an LSTM cell, each (layer, batch, unit)
    mask: Bool[Tensor, "batch source"]  # true where there is a word
    is_padded: bool  # whether it may be false anywhere

    def rows(self, index: Int[Tensor, " row"]) -> "Encoded":
        """Return the sentences at ``index``, each as often as it is named."""
        state = tuple(part[:, index] for part in self.state)
        return Encoded(
            states=self.states[index], keys=self.keys[index], state=state, mask=self.mask[index], is_padded=self.is_padded
        )


@dataclass(frozen=True, kw_only=True)
class DecoderStep:
    """One word's decoding; scores, weights and context are None without attention, scores where several heads look too."""

    scores: Float[Tensor, "batch source"] | None
    weights: Float[Tensor, "batch source"] | None
    context: Float[Tensor, "batch state"] | None
    attentional: Float[Tensor, "batch unit"]  # tanh(W [context; state]); without attention the state itself
    logits: Float[Tensor, "batch word"]
    state: State  # after the update


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """What the decoder did at every step of a target; None is as in :class:`DecoderStep`."""

    logits: Float[Tensor, "batch target word"]
    scores: Float[Tensor, "batch target source"] | None
    weights: Float[Tensor, "batch target source"] | None
    contexts: Float[Tensor, "batch target state"] | None
    attentional: Float[Tensor, "batch target unit"]
    hidden: Float[Tensor, "batch target unit"]  # the top layer's states after each update
    read: Int[Tensor, "batch target"]  # the previous words, as the decoder read them


@dataclass(frozen=True, kw_only=True)
class Look:
    """One or more looks at the source: every query's scores, weights and context; all None without attention."""

    scores: Tensor | None = None
    weights: Tensor | None = None
    context: Tensor | None = None
