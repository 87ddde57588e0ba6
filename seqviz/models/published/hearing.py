"""Attention of published models as it is computed: q, k, v and weights, whichever family's code computes them.

transformers lets a model's attention be any function of that name. Ours calls the family's own, and keeps what went in and out:
queries and keys are those that meet, with all that positions have done to them, and heads that share a key each have it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from torch import Tensor

NAME = "seqviz_heard"  # of the function, as configurations ask for it
Heard = tuple[Tensor, Tensor, Tensor, Tensor]  # queries, keys, values (head, token, unit), weights (head, query, key)
_now: ContextVar[list[Heard] | None] = ContextVar("heard", default=None)


def offer_hearing(transformers: Any) -> None:
    """Let configurations ask for attention that is heard."""
    masks = transformers.AttentionMaskInterface
    transformers.AttentionInterface.register(NAME, _attend)
    masks.register(NAME, masks()["eager"])


@contextmanager
def heard() -> Iterator[list[Heard]]:
    """Give a list to which every attention of this thread is added, in the order of its layers."""
    found: list[Heard] = []
    token = _now.set(found)
    try:
        yield found
    finally:
        _now.reset(token)


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scaling: float | None = None, **more: Any
) -> tuple[Tensor, Tensor]:
    own = sys.modules[type(module).__module__].eager_attention_forward
    width = query.shape[-1] ** 0.5
    scaling = 1 / width if scaling is None else scaling
    output, weights = own(module, query, key, value, mask, scaling=scaling, **more)
    found = _now.get()
    if found is not None:
        shared = weights.shape[1] // key.shape[1]
        keys, values = (part.repeat_interleave(shared, dim=1) for part in (key, value))
        # of whatever scale the family uses, the part beyond 1 / √width goes to the queries
        found.append((query[0] * (scaling * width), keys[0], values[0], weights[0]))
    return output, weights
