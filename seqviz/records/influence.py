"""How the past acts on the future: what an answer owes to the inputs before it, what a word owes to the words before it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqviz.records.agreement import Agreement
from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class InputInfluence(Record):
    """What a network's answer at the last step owes to the input d = 0, 1, … steps before, sequence by sequence.

    ``jacobians`` are the Frobenius norms ‖∂a_T/∂x_{T-d}‖ of the answer's Jacobian (of logits, where it answers with classes);
    ``gradients`` the L2 norms ‖∂L_T/∂x_{T-d}‖ of the gradient of the last step's loss.
    """

    jacobians: Float[Array, "batch distance"]
    gradients: Float[Array, "batch distance"]
    loss: float  # mean over sequences, at the last step
    agreement: Agreement  # of ∂L_T/∂x, at the last step, with finite differences


@dataclass(frozen=True, kw_only=True, repr=False)
class WordInfluence(Record):
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


@dataclass(frozen=True, kw_only=True, repr=False)
class DependencyAccuracy(Record):
    """How often a language model finds the decided word likelier than every alternative, by distance.

    Held-out sentences of one kind.
    """

    fillers: Int[Array, " filler"]
    distances: Int[Array, " filler"]  # words from the deciding word to the decided one
    right: Int[Array, " filler"]
    of: int  # sentences with each number of fillers
