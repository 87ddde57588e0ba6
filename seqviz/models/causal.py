"""A decoder-only Transformer: each position sees those up to itself, and nothing is carried from one to the next."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.experiment.transformer import TransformerConfig
from seqviz.models.filling import empty, filled
from seqviz.models.transformer_layers import Stack, TransformerPass, causal_mask, initialise_ends


class CausalTransformer(nn.Module):
    """A stack of masked self-attention that answers at the last step, or at every step.

    Source:
        Radford et al. (2018), Improving Language Understanding by Generative Pre-Training
    """

    def __init__(self, config: TransformerConfig, input_size: int, output_size: int, answer: str) -> None:
        super().__init__()
        self.config, self.answer = config, answer
        self.embedding = nn.Linear(input_size, config.width, bias=False)  # of symbols read one-hot, its columns
        self.decoder = Stack(config)
        self.readout = nn.Linear(config.width, output_size)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        self.decoder.initialise(generator)
        initialise_ends([self.embedding], self.readout, generator)

    def forward(self, inputs: Float[Tensor, "batch time input"]) -> Tensor:
        """Return what the network answers: (batch, output) at the last step, (batch, time, output) at every step."""
        answers: Tensor = self.readout(self.answered(self.decoder(*self._read(inputs)).result))
        return answers

    def answered(self, steps: Float[Tensor, "batch time unit"]) -> Tensor:
        """Return what of every step's states or answers is asked for: the last one's, or all."""
        return steps[:, -1] if self.answer == "last" else steps

    def answers(
        self, inputs: Float[Tensor, "batch time input"], targets: Tensor, coins: torch.Generator | None = None
    ) -> Tensor:
        """Return the answers that training judges: those to ``inputs``; no targets are read and no coin is tossed."""
        answers: Tensor = self(inputs)
        return answers

    def walk(self, inputs: Float[Tensor, "batch time input"]) -> TransformerPass:
        """Return every intermediate value from ``inputs`` to the answers at every step."""
        did = self.decoder(*self._read(inputs))
        return TransformerPass(encoder=None, decoder=did, logits=self.readout(did.result))

    def _read(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        embedded = self.embedding(inputs) * math.sqrt(self.config.width)
        return embedded, causal_mask(inputs.shape[1], inputs.device)


def build_causal(
    config: TransformerConfig, *, input_size: int, output_size: int, answer: str, generator: torch.Generator
) -> CausalTransformer:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: layers, heads and sizes.
        input_size: numbers read at each step.
        output_size: numbers answered.
        answer: ``last`` or ``every``: at which steps it answers.
        generator: a CPU generator; the global random state is left alone.
    """
    model = _empty_causal(config, input_size, output_size, answer)
    model.initialise(generator)
    return model


def trained_causal(config: TransformerConfig, weights: Mapping[str, np.ndarray], *, answer: str) -> CausalTransformer:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names.

    How much it reads and answers at each step is read off the weights.
    """
    return filled(
        _empty_causal(config, weights["embedding.weight"].shape[1], weights["readout.weight"].shape[0], answer), weights
    )


def _empty_causal(config: TransformerConfig, input_size: int, output_size: int, answer: str) -> CausalTransformer:
    return empty(lambda: CausalTransformer(config, input_size, output_size, answer))
