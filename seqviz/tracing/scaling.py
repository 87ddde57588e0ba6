"""What dividing attention's scores by √d_k does to its weights and to the gradient that comes back through them."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from seqviz.records import ScaledAttention


def scaled_attention(queries: Tensor, keys: Tensor, values: Tensor, arriving: Tensor) -> ScaledAttention:
    """Return what attention does with the scores as they are, and divided by √d_k.

    Args:
        queries: (sequence, query, width).
        keys: (sequence, key, width).
        values: (sequence, key, value width).
        arriving: (sequence, query, value width), the gradient at what attention gives out.

    Source:
        Vaswani et al. (2017), section 3.2.1, https://arxiv.org/abs/1706.03762
    """
    width = queries.shape[-1]
    factors = (1.0, width**-0.5)
    with torch.no_grad():
        scores = queries @ keys.mT
        weights = torch.stack([torch.softmax(scores * factor, dim=-1) for factor in factors])
        at_queries = [_at_queries(*each, keys, values, arriving) for each in zip(weights, factors, strict=True)]
        theirs = [F.scaled_dot_product_attention(queries, keys, values, scale=factor) for factor in factors]
        apart = max(float((each @ values - other).abs().max()) for each, other in zip(weights, theirs, strict=True))
    return ScaledAttention(
        width=width,
        scores=_numpy(scores),
        largest=_numpy(weights.amax(dim=-1)),
        entropy=_numpy(torch.special.entr(weights).sum(dim=-1) / np.log(2)),
        softmax_gradients=_numpy(softmax_gradient_norms(weights)),
        query_gradients=_numpy(torch.linalg.vector_norm(torch.stack(at_queries), dim=-1)),
        disagreement=apart,
    )


def softmax_gradient_norms(weights: Tensor) -> Tensor:
    """Return ‖diag(p) - ppᵀ‖ (Frobenius) of the softmax at each p of ``weights`` (…, key), exact for one-hot p too.

    An entry on the diagonal is p_i·Σ_{j≠i} p_j; no 1 - p_i is taken, of which nothing would be left.
    """
    ordered = weights.sort(dim=-1, descending=True).values
    squares = ordered.square()
    return (squares * (_others(ordered).square() + _others(squares))).sum(dim=-1).sqrt()


def _others(ordered: Tensor) -> Tensor:
    """Return for each number of a descending row the sum of the row's others."""
    others = ordered.sum(dim=-1, keepdim=True) - ordered
    others[..., 0] = ordered[..., 1:].sum(dim=-1)
    return others


def _at_queries(weights: Tensor, factor: float, keys: Tensor, values: Tensor, arriving: Tensor) -> Tensor:
    """Return the gradient at the queries, whose scores were multiplied by ``factor``."""
    at_weights = arriving @ values.mT
    at_scores = weights * (at_weights - (weights * at_weights).sum(dim=-1, keepdim=True))
    return at_scores @ keys * factor


def _numpy(values: Tensor) -> np.ndarray:
    return np.asarray(values.cpu().numpy())
