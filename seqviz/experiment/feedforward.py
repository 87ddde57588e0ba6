"""Feed-forward networks: how their layers are joined, how deep they are, how their weights begin, without torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from seqviz.experiment.activation import ACTIVATIONS
from seqviz.experiment.fields import Config, choice, integer, real

CONNECTIONS: Mapping[str, str] = {
    "plain": "plain network",
    "residual": "residual network",
    "dense": "dense network",
    "highway": "highway network",
}

NORMALISATIONS: Mapping[str, str] = {"none": "none", "batch": "batch", "layer": "layer"}

WEIGHTS: Mapping[str, str] = {
    "default": "PyTorch's: U(±1/√n)",
    "xavier": "Xavier × scale",
    "he": "He × scale",
    "orthogonal": "orthogonal × scale",
    "small": "Gaussian, σ = 0.01 scale",
}


@dataclass(frozen=True, kw_only=True)
class FeedforwardConfig(Config):
    """Layers on top of each other, each F(v) = φ(norm(W v + b)), and a linear readout; ``name`` says how they are joined.

    With h₁ = F(x): plain hₗ = F(hₗ₋₁); residual hₗ = hₗ₋₁ + F(hₗ₋₁); highway hₗ = g·F(hₗ₋₁) + (1 - g)·hₗ₋₁ with the gate
    g = σ(W_g hₗ₋₁ + b_g); dense hₗ = F([x, h₁, …, hₗ₋₁]), and its readout reads all of them too.

    ``initialisation`` is of every W; ``scale`` multiplies what it draws, except for ``default``.

    Source:
        residual: He et al. (2016), https://arxiv.org/abs/1512.03385; dense: Huang et al. (2017),
        https://arxiv.org/abs/1608.06993; highway: Srivastava, Greff & Schmidhuber (2015), https://arxiv.org/abs/1505.00387
    """

    kind: ClassVar[str] = "model"
    bidirectional: ClassVar[bool] = False  # there is no sequence to read
    layers: ClassVar[int] = 1  # in time; how many lie on top of each other is the depth

    name: str = choice("plain", CONNECTIONS, "connections")
    depth: int = integer(20, 1, 100, "depth", note="hidden layers")
    hidden_size: int = integer(16, 1, 1024, "width", note="units of each layer", short="H = {}")
    activation: str = choice("relu", ACTIVATIONS, "activation", short="{}")
    normalisation: str = choice(
        "none", NORMALISATIONS, "normalisation",
        note="of W v + b, before the activation: over the batch, always with the batch's own mean and variance, or over the "
        "layer's units",
        short="{} norm",
    )  # fmt: skip
    initialisation: str = choice(
        "default", WEIGHTS, "initialisation of the weights",
        note="n is how many numbers a unit reads; Xavier is uniform (Glorot), He is Gaussian with σ = √(2/n)",
        short="{} init",
    )  # fmt: skip
    scale: float = real(1.0, 0.0, 100.0, "scale of the weights", applies=lambda model: model.initialisation != "default")
    gate_bias: float = real(
        -2.0, -20.0, 20.0, "gate bias of the highway", applies=lambda model: model.name == "highway",
        note="below 0 a layer begins by letting most of what it reads pass",
        short="gate bias {}",
    )  # fmt: skip

    @property
    def joining_weights(self) -> int:
        """How many weights join its layers: those of gates too, none of the inputs or of the readout."""
        pairs = self.depth * (self.depth - 1) // 2 if self.name == "dense" else self.depth - 1
        return pairs * self.hidden_size**2 * (2 if self.name == "highway" else 1)
