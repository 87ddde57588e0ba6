"""How widely attention looks: the entropy of each head's weights."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn


def entropies(module: nn.MultiheadAttention, given: tuple[Any, ...], named: Mapping[str, Any]) -> Tensor:
    """Return the entropy of each head's attention in one call, in nats, mean over sequences and queries: (head,).

    The weights are computed again, without dropout; random state and module stay as they are.
    """
    arguments = dict(zip(("query", "key", "value"), given, strict=False)) | dict(named)
    arguments |= {"need_weights": True, "average_attn_weights": False}
    rate = module.dropout
    with torch.no_grad(), torch.random.fork_rng(_devices()):
        module.dropout = 0.0
        try:
            _, weights = type(module).forward(module, **arguments)
        finally:
            module.dropout = rate
    assert weights is not None
    weights = weights.float() if weights.dim() == 4 else weights.float().unsqueeze(0)  # (batch, head, query, key)
    each = torch.special.entr(weights).sum(dim=-1)
    known = each.isfinite()  # a query that may see no key has no weights
    found: Tensor = torch.where(known, each, 0.0).sum(dim=(0, 2)) / known.sum(dim=(0, 2)).clamp(min=1)
    return found


def _devices() -> list[int]:
    return [torch.cuda.current_device()] if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
