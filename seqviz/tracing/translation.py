"""Write one sentence with an encoder-decoder, and keep all that each word was read off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from seqviz.corpora import WordVocabulary
from seqviz.corpora.vocabulary import EOS, SOS, SPECIAL, UNK
from seqviz.errors import TraceError
from seqviz.models.decoded import DecoderStep
from seqviz.models.encoder_decoder import EncoderDecoder
from seqviz.records import Translation

END, UNKNOWN = SPECIAL[EOS], SPECIAL[UNK]
ALTERNATIVES = 6  # likeliest next words kept at each step


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How words are chosen, and what a person makes the network do instead.

    ``given``: what the sentence begins with, words or <unk> or <eos>; ``looks``: target position → the source position that
    all attention goes to there; ``temperature`` 0 takes the likeliest word, above 0 words are drawn by
    probability^(1/temperature).
    """

    most: int = 60  # words after which a sentence is cut off
    given: Sequence[str] = ()
    looks: Mapping[int, int] = field(default_factory=dict)
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Read:
    """What is known of a sentence once it is read, and of how it is looked back at; as in ``Translation``."""

    source: tuple[str, ...]
    known: np.ndarray
    handed: int
    bidirectional: bool
    looks_before: bool
    heads: int


@torch.no_grad()
def translate(
    model: EncoderDecoder, sentence: Sequence[str], source: WordVocabulary, target: WordVocabulary, choice: Choice | None = None
) -> Translation:
    """Return what ``model`` writes for ``sentence``, with scores, weights, context and the words it might have written.

    Args:
        model: an encoder-decoder.
        sentence: words; those that ``source`` does not know are read as <unk>.
        source: the words of the sentences that it reads.
        target: the words of those that it writes.
        choice: None takes the likeliest word each time.

    Raises:
        TraceError: there is no word, a given word is not in ``target``, or a look is not at a word of the sentence.
    """
    choice = choice or Choice()
    _check(model, sentence, target, choice)
    encoded = model.encode(torch.from_numpy(source.encode(sentence)).unsqueeze(0))
    given = [EOS if word == END else int(target.encode([word])[0]) for word in choice.given]
    generator = torch.Generator().manual_seed(choice.seed)
    state, token = encoded.state, SOS
    steps: list[DecoderStep] = []
    tokens: list[int] = []
    while len(tokens) < choice.most and token != EOS:
        at = len(tokens)
        forced = _only(choice.looks[at], len(sentence), encoded.states) if at in choice.looks else None
        step = model.step(encoded, state, torch.tensor([token]), forced)
        token = given[at] if at < len(given) else _chosen(step.logits[0], choice.temperature, generator)
        steps.append(step)
        tokens.append(token)
        state = step.state
    read = Read(
        source=tuple(sentence),
        known=np.array([word in source for word in sentence]),
        handed=sum(part.numel() for part in encoded.state),
        bidirectional=model.config.bidirectional,
        looks_before=model.looks_before,
        heads=model.heads,
    )
    return _record(read, steps, tokens, target, choice)


def _check(model: EncoderDecoder, sentence: Sequence[str], target: WordVocabulary, choice: Choice) -> None:
    if not sentence:
        raise TraceError("a sentence to translate must have at least one word, got none")
    unknown = [word for word in choice.given if word not in target and word not in (END, UNKNOWN)]
    if unknown:
        raise TraceError(
            f"the network cannot write {unknown[0]!r}: it is none of the {len(target.words):,} words that it knows"
        )
    if choice.looks and not model.attends:
        raise TraceError("this network has no attention that could be moved")
    beyond = [place for place in choice.looks.values() if not 0 <= place < len(sentence)]
    if beyond:
        raise TraceError(f"attention can be moved to a word at 0 to {len(sentence) - 1}, got {beyond[0]}")


def _only(place: int, length: int, like: Tensor) -> Tensor:
    weights = like.new_zeros(1, length)
    weights[0, place] = 1
    return weights


def _chosen(logits: Tensor, temperature: float, generator: torch.Generator) -> int:
    if temperature == 0:
        return int(logits.argmax())
    return int(torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator))


def _record(read: Read, steps: list[DecoderStep], tokens: list[int], target: WordVocabulary, choice: Choice) -> Translation:
    chances = torch.cat([step.logits for step in steps]).log_softmax(-1)
    best = chances.topk(min(ALTERNATIVES, chances.shape[1]))
    alternatives = tuple(
        tuple(zip(target.decode(words.numpy()), row.exp().tolist(), strict=True))
        for words, row in zip(best.indices, best.values, strict=True)
    )
    return Translation(
        **vars(read),
        written=target.decode(np.array(tokens)),
        given=np.arange(len(tokens)) < len(choice.given),
        moved=np.isin(np.arange(len(tokens)), list(choice.looks)),
        log_probabilities=chances.gather(1, torch.tensor(tokens).unsqueeze(1)).squeeze(1).numpy(),
        scores=_joined([step.scores for step in steps]),
        weights=_joined([step.weights for step in steps]),
        contexts=_joined([step.context for step in steps]),
        combined=torch.cat([step.attentional for step in steps]).numpy(),
        alternatives=alternatives,
    )


def _joined(parts: Sequence[Tensor | None]) -> np.ndarray | None:
    present = [part for part in parts if part is not None]
    return torch.cat(present).numpy() if present else None
