"""Backpropagation by hand: a chain of scalars, and a network of one unit; the axes are those of :mod:`seqviz.records`."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqviz.records.record import Record

Array = np.ndarray


@dataclass(frozen=True, kw_only=True, repr=False)
class ScalarChain(Record):
    """A chain of scalar factors x_t = w_t · x_{t-1}: values forward, derivatives backward.

    ``log10_sizes[t]`` = log10 |∂x_T/∂x_t| is exact also where ``derivatives[t]`` has over- or underflowed.
    """

    factors: Float[Array, " time"]
    values: Float[Array, " time_and_start"]
    derivatives: Float[Array, " time_and_start"]  # ∂x_T/∂x_t
    log10_sizes: Float[Array, " time_and_start"]


@dataclass(frozen=True, kw_only=True, repr=False)
class ScalarUnroll(Record):
    """A one-unit RNN unrolled, h_t = φ(w·h_{t-1} + u·x_t + b), with every value and derivative of its graph.

    ``to_*`` are total derivatives ∂L/∂·; ``local_*`` are the factors on the edges into h_t.
    """

    inputs: Float[Array, " time"]
    preactivations: Float[Array, " time"]
    hidden: Float[Array, " time_and_start"]  # hidden[0] is the initial state
    loss: float
    target: float
    to_hidden: Float[Array, " time_and_start"]
    to_preactivation: Float[Array, " time"]
    local_activation: Float[Array, " time"]  # φ'(a_t)
    local_recurrent: Float[Array, " time"]  # ∂h_t/∂h_{t-1} = φ'(a_t)·w
    weight_terms: Float[Array, " time"]  # the part of ∂L/∂w that was used at t
