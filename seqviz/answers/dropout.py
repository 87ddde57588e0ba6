"""The masks that a training step of a recurrent network drops connections by."""

import numpy as np
import torch

from seqviz.errors import LimitError
from seqviz.models.dropout import draw_masks
from seqviz.records import DropoutMasks
from seqviz.settings import settings
from seqviz.subjects.dropout import DropoutSteps
from seqviz.training.seeds import COINS, data_seed


def answer_dropout(subject: DropoutSteps) -> DropoutMasks:
    """Return which connections of the first sequence of the batch are kept in a training step.

    Raises:
        LimitError: the network or the batch is larger than this server allows.
    """
    _check(subject)
    layers, time, units = subject.layers, subject.length, subject.hidden_size
    upward, onward = np.ones((layers - 1, time, units), bool), np.ones((layers, time, units), bool)
    if subject.training and subject.dropout != "none":
        places = layers - 1 if subject.dropout == "layers" else layers
        coins = torch.Generator().manual_seed(data_seed(subject.seed, subject.step - 1, COINS))
        shape = (places, time, subject.batch_size, units)
        kept = draw_masks(subject.dropout, subject.dropout_rate, shape, coins)[:, :, 0].numpy() > 0
        upward, onward = (kept, onward) if subject.dropout == "layers" else (upward, kept)
    return DropoutMasks(upward=upward, onward=onward)


def _check(subject: DropoutSteps) -> None:
    limits = settings().limits
    limits.check(**{name: getattr(subject, name) for name in ("layers", "hidden_size", "length", "batch_size")})
    drawn = subject.layers * subject.length * subject.batch_size * subject.hidden_size
    if drawn > limits.traced_values:
        raise LimitError(f"a step draws at most {limits.traced_values:,} masks on this server, got {drawn:,}")
