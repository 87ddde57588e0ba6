"""Sequences of different lengths in one batch: where each ends, how a direction reads them, and how they are packed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from seqviz.errors import TraceError

GivenLengths = Sequence[int] | Tensor | np.ndarray


@dataclass(frozen=True, eq=False)
class Lengths:
    """How many steps each sequence of a batch has."""

    each: tuple[int, ...]
    steps: int  # of the batch: as many as its longest sequence, or more
    device: torch.device

    @cached_property
    def beyond(self) -> Tensor:
        """True (time, batch) where a sequence has ended."""
        return self._time >= self._ends

    @cached_property
    def last(self) -> tuple[Tensor, Tensor]:
        """The index of every sequence's last step, for values (time, batch, ...)."""
        return self._ends - 1, torch.arange(len(self.each), device=self.device)

    def turned(self, values: Tensor) -> Tensor:
        """Return ``values`` (time, batch, ...) with each sequence back to front, within its own length."""
        back = torch.where(self.beyond, self._time, self._ends - 1 - self._time)
        return values.gather(0, back.view(*back.shape, *[1] * (values.dim() - 2)).expand_as(values))

    def cut(self, values: Tensor, fill: float = 0.0) -> Tensor:
        """Return ``values`` (time, batch, ...) with ``fill`` after each sequence's end."""
        return values.masked_fill(self.beyond.view(*self.beyond.shape, *[1] * (values.dim() - 2)).to(values.device), fill)

    def end(self, values: Tensor, fill: float) -> None:
        """Put ``fill`` into ``values`` (time, batch, ...) after each sequence's end."""
        values.masked_fill_(self.beyond.view(*self.beyond.shape, *[1] * (values.dim() - 2)).to(values.device), fill)

    def padding(self, given: Tensor, batch_first: bool) -> Tensor:
        """Return where ``given``, laid out as a module takes it, is padding."""
        beyond = self.beyond.transpose(0, 1) if batch_first else self.beyond
        return beyond.to(given.device).unsqueeze(-1)

    @cached_property
    def _time(self) -> Tensor:
        return torch.arange(self.steps, device=self.device).unsqueeze(1)

    @cached_property
    def _ends(self) -> Tensor:
        return torch.tensor(self.each, device=self.device)


@dataclass(frozen=True, eq=False)
class Packing:
    """How a batch was packed."""

    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None

    def pack(self, output: Tensor, lengths: Lengths) -> PackedSequence:
        """Return ``output`` (time, batch, unit) packed as the input was."""
        order, ends = self.sorted_indices, torch.tensor(lengths.each)
        if order is not None:
            output, ends = output.index_select(1, order), ends[order.cpu()]
        data = pack_padded_sequence(output, ends).data
        return PackedSequence(data, self.batch_sizes, order, self.unsorted_indices)


def pack(values: Tensor, lengths: Lengths) -> PackedSequence:
    """Return ``values`` (time, batch, ...) packed, the longest sequence first."""
    return pack_padded_sequence(values, torch.tensor(lengths.each), enforce_sorted=False)


def packing_of(packed: PackedSequence) -> Packing:
    """Return how ``packed`` was packed."""
    return Packing(packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)


def unpacked(packed: PackedSequence, batch_first: bool) -> tuple[Tensor, tuple[int, ...]]:
    """Return what is packed as a padded batch in the order of its sequences, and their lengths.

    Raises:
        TraceError: it holds no rows of numbers.
    """
    if packed.data.dim() != 2:
        shape = tuple(packed.data.shape)
        raise TraceError(f"packed inputs must hold one row of features for each step, got data of shape {shape}")
    padded, lengths = pad_packed_sequence(packed, batch_first=batch_first)
    return padded, tuple(lengths.tolist())


def read_lengths(given: object, inputs: object, batch_first: bool) -> Lengths:
    """Return the lengths of the sequences of a padded batch.

    Raises:
        TraceError: they are not one whole number for each sequence, from 1 to the number of steps.
    """
    if not isinstance(inputs, Tensor) or inputs.dim() != 3:
        raise TraceError("lengths belong to a padded batch, (time, batch, input) or with batch_first (batch, time, input)")
    steps, batch = (inputs.shape[1], inputs.shape[0]) if batch_first else inputs.shape[:2]
    listed = given.tolist() if isinstance(given, Tensor | np.ndarray) else given
    each = [one for one in listed if isinstance(one, int) and 1 <= one <= steps] if isinstance(listed, Sequence) else []
    if not isinstance(listed, Sequence) or len(each) != len(listed) or len(each) != batch:
        raise TraceError(f"lengths must be {batch} whole numbers from 1 to {steps}, one for each sequence, got {listed}")
    return Lengths(tuple(each), steps, inputs.device)
