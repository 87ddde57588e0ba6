"""How much of a loss's gradient reaches the stream of a Transformer's states, layer by layer and position by position."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models.transformer_layers import StackPass, TransformerPass


def stream_norms(
    walk: Callable[[], TransformerPass], loss: Callable[[Tensor], Tensor]
) -> Float[np.ndarray, "layer batch time"]:
    """Return ‖∂loss/∂state‖ over units, of what each layer of the lowest stack reads at each position.

    That stack is the encoder, or where there is none the decoder; its first layer reads embeddings with their positions.
    Nothing is carried from one position to the next: a gradient comes to a state through attention, from however far in
    one step, and down its own column.

    Args:
        walk: runs the network, from inputs that need no gradient.
        loss: takes the logits and returns the loss, summed over the sequences.
    """
    with torch.enable_grad():
        did = walk()
        states = [layer[0].inputs for layer in lowest_stack(did).layers]
        found = torch.autograd.grad(loss(did.logits), states)
    return np.stack([torch.linalg.vector_norm(one, dim=-1).cpu().numpy() for one in found])


def lowest_stack(did: TransformerPass) -> StackPass:
    """Return the stack that reads: the encoder, or where there is none the decoder."""
    return did.encoder or did.decoder
