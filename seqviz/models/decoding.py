"""Writing a sentence: the likeliest word each time, a drawn one, or the best of many hypotheses held side by side."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models.ensemble import Writer
from seqviz.models.seq2seq import END, NOTHING_ASKED, START

Choose = Callable[[Float[Tensor, "batch word"]], Int[Tensor, " batch"]]


@dataclass(frozen=True, kw_only=True)
class Written:
    """One sentence written for each source; behind its end, tokens are -100 and everything else is 0."""

    tokens: Int[Tensor, "batch step"]
    log_probabilities: Float[Tensor, "batch step"]  # of each token, given those before it
    weights: Float[Tensor, "batch step source"] | None


def greedy(
    model: Writer,
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"] | None = None,
    *,
    most: int,
    prefix: Int[Tensor, "batch prefix"] | None = None,
) -> Written:
    """Return what ``model`` writes when it takes the likeliest word each time.

    Args:
        model: the network, or several together.
        source: sentences.
        lengths: words in each sentence; None: they are all full.
        most: words after which a sentence is cut off.
        prefix: words that every sentence begins with, whatever their probability.
    """
    return _write(model, source, lengths, most, prefix, lambda log_probabilities: log_probabilities.argmax(-1))


def sample(
    model: Writer,
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"] | None = None,
    *,
    most: int,
    generator: torch.Generator,
    temperature: float = 1.0,
    prefix: Int[Tensor, "batch prefix"] | None = None,
) -> Written:
    """Return what ``model`` writes when each word is drawn by its probability, raised to 1/``temperature``.

    The log-probabilities returned are the model's own, at temperature 1. :func:`greedy` says what the others mean.
    """

    def choose(log_probabilities: Tensor) -> Tensor:
        shares = (log_probabilities / temperature).softmax(-1)
        return torch.multinomial(shares.cpu(), 1, generator=generator).squeeze(1).to(shares.device)

    return _write(model, source, lengths, most, prefix, choose)


@torch.no_grad()
def _write(model: Writer, source: Tensor, lengths: Tensor | None, most: int, prefix: Tensor | None, choose: Choose) -> Written:
    encoded = model.encode(source, lengths)
    state, token = encoded.state, torch.full((len(source),), START, device=source.device)
    over = torch.zeros(len(source), dtype=torch.bool, device=source.device)
    tokens, chances, looks = [], [], []
    for time in range(most):
        step = model.step(encoded, state, token)
        log_probabilities = step.logits.log_softmax(-1)
        given = prefix is not None and time < prefix.shape[1]
        token = prefix[:, time] if prefix is not None and given else choose(log_probabilities)
        chances.append(log_probabilities.gather(1, token.unsqueeze(1)).squeeze(1).masked_fill(over, 0))
        tokens.append(token.masked_fill(over, NOTHING_ASKED))
        if step.weights is not None:
            looks.append(step.weights.masked_fill(over.unsqueeze(1), 0))
        state, over = step.state, over | (token == END)
        if bool(over.all()):
            break
    return Written(
        tokens=torch.stack(tokens, dim=1),
        log_probabilities=torch.stack(chances, dim=1),
        weights=torch.stack(looks, dim=1) if looks else None,
    )
