"""A Transformer written with ``nn.Transformer``: what the lab's is measured against."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bench.plain_translator import CLIP, START
from seqviz.experiment import TransformerConfig


class PlainTransformer(nn.Module):
    """Embeddings with sinusoids, PyTorch's own stack with its fused attention, and a readout."""

    def __init__(self, config: TransformerConfig, source_words: int, target_words: int, longest: int = 64) -> None:
        super().__init__()
        self.width = config.width
        self.source_embedding, self.target_embedding = (
            nn.Embedding(words, config.width) for words in (source_words, target_words)
        )
        sizes = {"d_model": config.width, "nhead": config.heads, "dim_feedforward": config.inner, "dropout": 0.0}
        layer = nn.TransformerEncoderLayer(**sizes, batch_first=True, norm_first=True)
        encoder = nn.TransformerEncoder(layer, config.layers, nn.LayerNorm(config.width), enable_nested_tensor=False)
        self.stack = nn.Transformer(
            **sizes, num_decoder_layers=config.layers, custom_encoder=encoder, batch_first=True, norm_first=True
        )
        self.readout = nn.Linear(config.width, target_words)
        angles = torch.arange(longest).unsqueeze(1) / 10_000 ** (torch.arange(0, config.width, 2) / config.width)
        self.register_buffer("positions", torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1))

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the logits of every word, the right previous words given."""
        read = F.pad(target[:, :-1].clamp(min=0), (1, 0), value=START)
        mask = nn.Transformer.generate_square_subsequent_mask(read.shape[1])
        entered = (self._placed(self.source_embedding(source)), self._placed(self.target_embedding(read)))
        return self.readout(self.stack(*entered, tgt_mask=mask, tgt_is_causal=True))

    def _placed(self, embedded: Tensor) -> Tensor:
        return embedded * math.sqrt(self.width) + self.positions[: embedded.shape[1]]


class PlainTransformerLoop:
    """Training as one writes it, a batch at a time."""

    def __init__(self, model: PlainTransformer, learning_rate: float) -> None:
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)

    def batch(self, source: Tensor, target: Tensor) -> float:
        """Do one step on a batch, and return the loss."""
        loss = F.cross_entropy(self.model(source, target).flatten(0, 1), target.flatten())
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimizer.step()
        return float(loss.detach())
