"""How strongly a translation's loss depends on each state of the encoder, by every path and by the decoder's first state."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.errors import TraceError
from seqviz.models import Seq2Seq
from seqviz.records import Agreement
from seqviz.tracing.agreement import agreement
from seqviz.tracing.gradient_flow import gradient_flow


class EncoderLosses:
    """The losses of sentences of one length, as functions of what their encoder returned; in the network's own precision."""

    def __init__(self, model: Seq2Seq, source: Int[Tensor, "sentence source"], targets: Int[Tensor, "sentence target"]) -> None:
        if not len(source):
            raise TraceError("a gradient needs at least one sentence, got none")
        self._model, self._targets = model, targets
        self._inputs = model.embed(source).detach()
        ends = (targets >= 0).sum(1) - 1  # where <eos> is due
        self._last = F.one_hot((ends - 1).clamp(min=0), targets.shape[1]).bool()

    def norms(self, *, of_last: bool, chain: bool, direction: int = 0) -> np.ndarray:
        """Return ‖∂L/∂h‖ of each sentence at each of its words, (sentence, source), by their places as written.

        Args:
            of_last: of the last word's loss; else of all words' together.
            chain: only by way of the decoder's first state; else by every path.
            direction: 1 for the states of the encoder that reads backwards.
        """
        flow = gradient_flow(self._model.encoder, self._inputs, self._loss(of_last=of_last, chain=chain))
        norms: np.ndarray = flow.hidden_norms[-1, direction]
        return norms[:, ::-1].copy() if self._model.config.reverse_source else norms

    def agreement(self, direction: int = 0) -> Agreement:
        """Return how the gradient of the whole loss at the first word, by every path, agrees with finite differences."""
        layer, time = self._model.config.layers - 1, 0
        if self._model.config.reverse_source:
            time = self._inputs.shape[1] - 1
        return agreement(self._model.encoder, self._inputs, self._loss(of_last=False, chain=False), layer, direction, time)

    def _loss(self, *, of_last: bool, chain: bool) -> Callable[[Tensor, Tensor | tuple[Tensor, Tensor]], Tensor]:
        def loss(output: Tensor, final: Tensor | tuple[Tensor, Tensor]) -> Tensor:
            encoded = self._model.encoded(output.detach() if chain else output, final)
            logits = self._model.decode(encoded, self._targets).logits
            losses = F.cross_entropy(logits.transpose(1, 2), self._targets, reduction="none")  # 0 behind the end
            return losses[self._last].sum() if of_last else losses.sum()

        return loss
