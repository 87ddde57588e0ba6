"""Dropout in recurrent networks: between the layers, or on the recurrent path; masks are drawn here and nowhere else.

A mask is 0 where a connection is dropped, and 1/(1 - rate) where it is kept, so that the expected sum stays what it is. It
multiplies what is read along the connection: between layers the state of the layer below, on the recurrent path the state
of the step before as the recurrent matrix reads it (the cell state of an LSTM, and what a GRU's update gate keeps, pass).

Source:
    between layers: Zaremba, Sutskever & Vinyals (2014), https://arxiv.org/abs/1409.2329; one mask at all steps: Gal &
    Ghahramani (2016), https://arxiv.org/abs/1512.05287
"""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models.cells import KINDS, Weights, driven, named_weights

Masks = Float[Tensor, "place time batch unit"]


def draw_masks(where: str, rate: float, shape: Sequence[int], generator: torch.Generator) -> Masks:
    """Return one mask for each place, time step, sequence and unit; ``variational`` masks are the same at all steps.

    Args:
        where: ``layers``, ``recurrent`` or ``variational``.
        rate: the probability of being dropped.
        shape: places, time, batch and units.
        generator: a CPU generator.
    """
    places, time, batch, units = shape
    drawn = torch.empty(places, 1 if where == "variational" else time, batch, units)
    masks: Tensor = drawn.bernoulli_(1 - rate, generator=generator) / (1 - rate)
    return masks.expand(places, time, batch, units)


def places_of(rnn: Any, where: str) -> tuple[int, int]:
    """Return at how many places of ``rnn`` there are masks, and of how many units each."""
    directions = 2 if rnn.bidirectional else 1
    if where == "layers":
        return rnn.num_layers - 1, rnn.hidden_size * directions
    return rnn.num_layers * directions, rnn.hidden_size


def dropped_states(
    rnn: Any, inputs: Float[Tensor, "batch time input"], where: str, rate: float, generator: torch.Generator
) -> Float[Tensor, "batch time state"]:
    """Return the last layer's states, with connections dropped by masks drawn from ``generator``."""
    places, units = places_of(rnn, where=where)
    shape = (places, inputs.shape[1], inputs.shape[0], units)
    masks = draw_masks(where=where, rate=rate, shape=shape, generator=generator)
    return masked_states(rnn, inputs, where=where, masks=masks.to(inputs))


def masked_states(
    rnn: Any, inputs: Float[Tensor, "batch time input"], where: str, masks: Masks
) -> Float[Tensor, "batch time state"]:
    """Return the last layer's states, each connection multiplied by its mask.

    Args:
        rnn: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` or a recurrent module of seqviz, with biases.
        inputs: sequences.
        where: ``layers``: a mask for each layer but the last; otherwise one for each layer and direction.
        masks: time counts the steps in the order in which they are read.
    """
    values = inputs.transpose(0, 1)
    directions = 2 if rnn.bidirectional else 1
    for layer in range(rnn.num_layers):
        if where == "layers" and layer:
            values = values * masks[layer - 1]
        outputs = []
        for place in range(layer * directions, (layer + 1) * directions):
            backward = place > layer * directions
            ordered = values.flip(0) if backward else values
            weights = named_weights(rnn, place)
            states = (
                plain_scan(rnn, ordered, weights)
                if where == "layers"
                else torch.stack(masked_scan(rnn, ordered, weights, masks[place]))
            )
            outputs.append(states.flip(0) if backward else states)
        values = torch.cat(outputs, dim=-1)
    return values.transpose(0, 1)


def plain_scan(rnn: Any, values: Tensor, weights: Weights) -> Tensor:
    """Return the states (time, batch, unit) that one layer goes through, by PyTorch's own kernel where it has one."""
    zeros = values.new_zeros(1, values.shape[1], rnn.hidden_size)
    return KINDS[rnn.mode].layer(values, (zeros,) * KINDS[rnn.mode].states, [weights], train=True)[0]


def masked_scan(rnn: Any, values: Tensor, weights: Weights, masks: Tensor) -> list[Tensor]:
    """Return one layer's state (batch, unit) at each step, where the recurrent matrix reads the masked one before."""
    states = []
    state = (values.new_zeros(values.shape[1], rnn.hidden_size),) * KINDS[rnn.mode].states
    for drive, mask in zip(driven(values, weights), masks, strict=True):
        state = KINDS[rnn.mode].step(drive, state[0] * mask, state, weights)
        states.append(state[0])
    return states
