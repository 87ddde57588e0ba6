"""What each word of a translation owes to each word read: its attention, gradient × input, and what other attention gives."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import EOS, SPECIAL
from seqviz.errors import TraceError
from seqviz.models.decoded import Encoded
from seqviz.models.encoder_decoder import EncoderDecoder
from seqviz.records import Attribution, ForcedAttention

DRAWS = 100  # orders that each word's weights are put in, as many as Jain & Wallace draw
END = SPECIAL[EOS]


def attribute(
    model: EncoderDecoder,
    sentence: Sequence[str],
    written: Sequence[str],
    source: WordVocabulary,
    target: WordVocabulary,
    *,
    seed: int = 0,
) -> Attribution:
    """Return what the words ``written`` owe to those of ``sentence``, and what the network says of them under other attention.

    Forced weights replace those of all words at once, and every word follows the words ``written`` before it.

    Args:
        model: an encoder-decoder with attention; its parameters and their ``.grad`` are left alone.
        sentence: the words read.
        written: a translation, with <eos> where it ends.
        source: the words of the sentences that it reads.
        target: the words of those that it writes.
        seed: draws the orders of the permuted weights.

    Raises:
        TraceError: the network has no attention, or a sentence has no word.

    Source:
        Jain & Wallace (2019), sections 4.1 and 4.2, https://arxiv.org/abs/1902.10186;
        Wiegreffe & Pinter (2019), section 3.2, https://arxiv.org/abs/1908.04626
    """
    if not model.attends:
        raise TraceError("this network has no attention that gradients could be held against")
    if not sentence or not written:
        raise TraceError("both sentences must have at least one word")
    read = torch.from_numpy(source.encode(sentence)).unsqueeze(0)
    asked = torch.tensor([[EOS if word == END else int(target.encode([word])[0]) for word in written]])
    products = gradient_times_input(model, read, asked)
    with torch.no_grad():
        encoded = model.encode(read)
        own = model.decode(encoded, asked)
        assert own.weights is not None
        even = torch.full_like(own.weights, 1 / len(sentence))
        return Attribution(
            source=tuple(sentence),
            written=tuple(written),
            weights=own.weights[0].numpy(),
            products=products.numpy(),
            log_probabilities=_of_words(own.logits, asked)[0].numpy(),
            uniform=_forced(model, encoded, asked, own.logits, even),
            permuted=_forced(model, encoded, asked, own.logits, permuted_weights(own.weights, DRAWS, seed)),
        )


def gradient_times_input(
    model: EncoderDecoder, read: Int[Tensor, "1 source"], asked: Int[Tensor, "1 target"]
) -> Float[Tensor, "target source"]:
    """Return ∂ log p(word) / ∂e · e for the embedding e of each word read, through attention and states alike.

    The sentence is read once for each word asked for, so that one backward pass gives all rows.
    """
    words = asked.shape[1]
    with torch.enable_grad():
        embedded = model.embed(read).detach().repeat(words, 1, 1).requires_grad_()
        logits = model.decode(model.encode_embedded(embedded), asked.expand(words, -1)).logits
        each = torch.arange(words)
        chosen = logits.log_softmax(-1)[each, each, asked[0]]
        (gradient,) = torch.autograd.grad(chosen.sum(), embedded)
    products = (gradient * embedded.detach()).sum(-1)
    return products.flip(1) if model.reads_backwards else products


def permuted_weights(weights: Float[Tensor, "1 target source"], draws: int, seed: int) -> Float[Tensor, "draw target source"]:
    """Return the weights ``draws`` times, each word's in an order of its own."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.rand(draws, *weights.shape[1:], generator=generator).argsort(-1)
    return weights.expand(draws, -1, -1).gather(-1, order)


def _forced(
    model: EncoderDecoder, encoded: Encoded, asked: Tensor, own: Tensor, weights: Float[Tensor, "draw target source"]
) -> ForcedAttention:
    draws = len(weights)
    many = encoded.rows(torch.zeros(draws, dtype=torch.int64))
    logits = model.decode(many, asked.expand(draws, -1), forced_weights=weights).logits
    distances = (logits.softmax(-1) - own.softmax(-1)).abs().sum(-1) / 2
    return ForcedAttention(
        distances=distances.numpy(), log_probabilities=_of_words(logits, asked.expand(draws, -1)).numpy()
    )  # fmt: skip


def _of_words(logits: Float[Tensor, "draw target word"], asked: Int[Tensor, "draw target"]) -> Float[Tensor, "draw target"]:
    return logits.log_softmax(-1).gather(2, asked.unsqueeze(2)).squeeze(2)
