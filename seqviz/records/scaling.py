"""What attention does with its scores, divided by √d_k and not."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray

PLAIN, SCALED = 0, 1  # the way axis: scores as they are, and divided by √d_k


@dataclass(frozen=True, kw_only=True, repr=False)
class ScaledAttention(Record):
    """Attention of ``width`` = d_k among the tokens of some sequences, its scores taken as they are and divided by √d_k.

    ``scores`` = q·k, not divided. ``largest`` is each query's largest weight, ``entropy`` that of its weights in bits;
    ``softmax_gradients`` = ‖diag(p) - ppᵀ‖ (Frobenius) of its weights p; ``query_gradients`` = ‖∂L/∂q‖ where a gradient of
    norm 1 and random direction arrives at what attention gives out for that query. ``disagreement`` is the largest
    difference of any output from PyTorch's ``scaled_dot_product_attention``, both ways.
    """

    width: int
    scores: Float[Array, "sequence query key"]
    largest: Float[Array, "way sequence query"]
    entropy: Float[Array, "way sequence query"]
    softmax_gradients: Float[Array, "way sequence query"]
    query_gradients: Float[Array, "way sequence query"]
    disagreement: float

    @property
    def keys(self) -> int:
        """How many keys each query attends to."""
        return int(self.scores.shape[2])

    @property
    def variances(self) -> Float[Array, " way"]:
        """The mean square of the scores, as they are and divided.

        Of random queries and keys, whose products have mean 0 by symmetry, it estimates the variance; of a trained head,
        whose products have a mean of their own, it is more than that.
        """
        measured = float(np.mean(np.square(self.scores)))
        return np.array([measured, measured / self.width])

    @property
    def standard_error(self) -> float:
        """The standard deviation of ``variances[PLAIN]`` over draws, for independent normal entries of mean 0 and variance 1.

        Two squared scores of one query, or of one key, are correlated: Cov = Var(|q|²) = 2·d_k; one has Var = 2·d_k² + 6·d_k.
        """
        sequences, queries, keys = self.scores.shape
        spread = 2 * self.width**2 + 6 * self.width + 2 * self.width * (queries + keys - 2)
        return float(np.sqrt(spread / (sequences * queries * keys)))


@dataclass(frozen=True, kw_only=True, repr=False)
class HeadScaling(Record):
    """The same of every head of a trained encoder, reading some sentences; one tuple of heads for each layer."""

    layers: tuple[tuple[ScaledAttention, ...], ...]

    @property
    def heads(self) -> dict[str, ScaledAttention]:
        """Every head by its place, numbered from 1: "1.1" is the first of the first layer."""
        return {f"{row}.{at}": head for row, layer in enumerate(self.layers, 1) for at, head in enumerate(layer, 1)}
