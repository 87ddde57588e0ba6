"""How the past acts on the future: what a nudge changes, what an answer owes to inputs before it, what a word owes to words."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.records.tracing import Agreement

Array = np.ndarray

ROUNDED = 1e-13  # a smaller change of a state, whose numbers are of size 1, may be rounding of float64 by more than a hundredth
MUCH = 10  # times what could be measured: so much foretold is held against what is too small to measure


@dataclass(frozen=True, kw_only=True)
class Nudge:
    """What nudging one input along a direction of length 1 does to the state, n = 0, 1, … steps later.

    ``changes`` are ‖h_{t+n}(x_t + ε·d) - h_{t+n}(x_t)‖, computed by reading the sequence again; ``predicted`` are ‖J·d‖ with
    J = ∂h_{t+n}/∂x_t, so that the gradient foretells a change of ε·‖J·d‖; ``errors`` are the norms of what lies between,
    ‖h_{t+n}(x_t + ε·d) - h_{t+n}(x_t) - ε·J·d‖.
    """

    time: int  # t
    sizes: Float[Array, " size"]  # ε
    changes: Float[Array, "size later"]
    predicted: Float[Array, " later"]
    errors: Float[Array, "size later"]
    agreement: Agreement  # of J·d at the last step with finite differences

    @property
    def measurable(self) -> Bool[Array, "size later"]:
        """Where the change is large enough for float64 to tell it from rounding."""
        large: Array = self.changes > ROUNDED
        return large

    @property
    def relative_errors(self) -> Float[Array, "size later"]:
        """The errors as shares of the change measured, which counts as at least ``ROUNDED``.

        NaN where it is too small to be told from rounding, and the gradient foretells none that is much larger.
        """
        return self._per_change(self.errors)

    @property
    def ratios(self) -> Float[Array, "size later"]:
        """The change foretold ÷ the change measured; NaN as for the errors."""
        return self._per_change(self._foretold)

    @property
    def _foretold(self) -> Float[Array, "size later"]:
        foretold: Array = self.sizes[:, None] * self.predicted
        return foretold

    def _per_change(self, values: Float[Array, "size later"]) -> Float[Array, "size later"]:
        told = self.measurable | (self._foretold > MUCH * ROUNDED)
        shares: Array = np.where(told, values / np.maximum(self.changes, ROUNDED), np.nan)
        return shares


@dataclass(frozen=True, kw_only=True)
class InputInfluence:
    """What a network's answer at the last step owes to the input d = 0, 1, … steps before, sequence by sequence.

    ``jacobians`` are the Frobenius norms ‖∂a_T/∂x_{T-d}‖ of the answer's Jacobian (of logits, where it answers with classes);
    ``gradients`` the L2 norms ‖∂L_T/∂x_{T-d}‖ of the gradient of the last step's loss.
    """

    jacobians: Float[Array, "batch distance"]
    gradients: Float[Array, "batch distance"]
    loss: float  # mean over sequences, at the last step
    agreement: Agreement  # of ∂L_T/∂x, at the last step, with finite differences


@dataclass(frozen=True, kw_only=True)
class WordInfluence:
    """What each word that a language model predicts owes to each word before it; the rows are read off the same sentence.

    Row s is of the word after position s: the next one of the sentence, at last the word ``asked`` for. Column t is of the word
    at position t; beyond the row's own position all is 0. ``products`` are ∂ log p/∂x_t · x_t (gradient × input, nats);
    ``changes`` are log p less the mean of log p where the word at t is replaced by each other word of its class (nats).
    """

    words: tuple[str, ...]
    known: Bool[Array, " time"]
    asked: str
    likeliest: tuple[tuple[str, float], ...]  # the words that the network would write next, with their probabilities
    log_probabilities: Float[Array, " row"]
    products: Float[Array, "row time"]
    changes: Float[Array, "row time"]
    agreement: Agreement  # of the largest product of the last row with finite differences

    @property
    def probability(self) -> float:
        """Of the word asked for."""
        return float(np.exp(self.log_probabilities[-1]))

    def measured(self, measure: str) -> Float[Array, "row time"]:
        """Return the influence by ``measure``: "gradient" or "replaced"."""
        return self.products if measure == "gradient" else self.changes


@dataclass(frozen=True, kw_only=True)
class DependencyAccuracy:
    """How often a language model finds the decided word likelier than every other that might stand there, by distance.

    Held-out sentences of one kind.
    """

    fillers: Int[Array, " filler"]
    distances: Int[Array, " filler"]  # words from the deciding word to the decided one
    right: Int[Array, " filler"]
    of: int  # sentences with each number of fillers
