"""How large a published model says that it is: what cannot be, or is not allowed here, is refused before it is made."""

from typing import Any

import torch
from torch import nn

from seqviz.errors import LimitError, StoreError, UnsupportedModelError
from seqviz.models.published.architectures import Architecture
from seqviz.models.published.errors import foreseen
from seqviz.registry import shown
from seqviz.settings import Limits

LAYERS = ("num_hidden_layers", "encoder_layers", "decoder_layers")
HEADS = ("num_attention_heads", "encoder_attention_heads", "decoder_attention_heads")
WIDTHS = ("hidden_size",)
OTHERS = (
    "max_position_embeddings", "vocab_size", "decoder_vocab_size", "type_vocab_size", "intermediate_size", "hidden_dim",
    "n_inner", "encoder_ffn_dim", "decoder_ffn_dim", "ffn_dim", "embedding_size", "word_embed_proj_dim", "num_key_value_heads",
    "head_dim",
)  # fmt: skip
MOST_OTHERS = 10_000_000  # what they come to together is counted in bytes
MOST_IN_POSITIONS = 4_000_000  # numbers; some networks make those of their positions one at a time


def check_sizes(name: str, config: Any, limits: Limits, *, has_table: bool = True) -> None:
    """Refuse a configuration whose sizes are invalid, inconsistent, or over ``limits``.

    Args:
        name: of the model, for the message.
        config: as transformers made it of config.json.
        limits: this server's.
        has_table: whether there is a vector for each position.

    Raises:
        StoreError: a size is none.
        LimitError: one is over its limit.
        UnsupportedModelError: the heads do not divide the width.
    """
    most = {LAYERS: limits.published_layers, HEADS: limits.published_heads, WIDTHS: limits.published_width, OTHERS: MOST_OTHERS}
    for sizes, allowed in most.items():
        for size in sizes:
            _check_size(name, config, size, allowed)
    heads = next((each for each in (getattr(config, size, 1) for size in HEADS) if config.hidden_size % each), None)
    if heads is not None:
        raise UnsupportedModelError(
            f"the heads of the model {name!r} must divide its width, got {heads} heads and a width of {config.hidden_size}"
        )
    if has_table and config.max_position_embeddings * config.hidden_size > MOST_IN_POSITIONS:
        raise LimitError(
            f"the positions of a published model may hold at most {MOST_IN_POSITIONS:,} numbers, got "
            f"{config.max_position_embeddings:,} positions of {config.hidden_size:,}"
        )


def most_sizes(config: Any) -> tuple[int, int, int]:
    """Return how many layers a stack has, how many heads a layer, and how many numbers a query: the most of each."""
    heads = [getattr(config, size) for size in HEADS if hasattr(config, size)]
    layers = [getattr(config, size) for size in LAYERS if hasattr(config, size)]
    return max(layers), max(heads), getattr(config, "head_dim", None) or config.hidden_size // min(heads)


def check_made(name: str, made: type[nn.Module], architecture: Architecture, config: Any, stored: int, most_bytes: int) -> None:
    """Refuse a network that is too large, or that has more weights than are stored, before it takes any memory.

    Args:
        name: of the model, for the message.
        made: the network's class.
        architecture: what it is opened with.
        config: its configuration, its sizes checked already.
        stored: how many numbers its files of weights hold.
        most_bytes: that it may have in float32.

    Raises:
        LimitError: it would have more bytes.
        UnsupportedModelError: it needs more weights than are stored.
        StoreError: no network can be made of its configuration.
    """
    with foreseen(f"the model {name!r} could not be opened"), torch.device("meta"):
        network = made(config, **architecture.options)
    size = sum(each.numel() * each.element_size() for each in (*network.parameters(), *network.buffers()))
    if size > most_bytes:
        raise LimitError(
            f"a published Transformer may have at most {most_bytes:,} bytes in float32 on this server, got {size:,}"
        )
    asked = sum(each.numel() for each in network.parameters() if each.requires_grad)  # others are made, not learned
    if asked > stored:
        raise UnsupportedModelError(
            f"the weights of {name!r} lack what its configuration asks for: {asked:,} numbers, and there are {stored:,}"
        )


def _check_size(name: str, config: Any, size: str, most: int) -> None:
    value = getattr(config, size, None)
    if value is None:  # another family's, or made from the other sizes
        return
    written = config.attribute_map.get(size, size)
    if type(value) is not int or value < 1:
        raise StoreError(f"{written} of the model {name!r} must be a whole number of at least 1, got {shown(value)}")
    if value > most:
        raise LimitError(f"{written} of a published model may be at most {most:,} on this server, got {shown(value)}")
