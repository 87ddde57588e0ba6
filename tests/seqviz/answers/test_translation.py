"""A run's translation is what its network writes; what cannot be translated gets one sentence."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqviz.answers.translation import AMONG, NEAREST, answer_translation_neighbours
from seqviz.cards import read_cards
from seqviz.corpora import CORPORA, WordVocabulary, held_out, learned
from seqviz.errors import ConfigError, LimitError, StoreError, TextError
from seqviz.subjects.translation import Sentence

CARDS = read_cards(Path(__file__).parents[3] / "pretrained")
RUN = CARDS["translation-dot"].run


def translate(**asked):
    from seqviz.answers.translation import answer_translation

    return answer_translation(Sentence(**{"run": RUN, **asked}))


def test_a_held_out_sentence_comes_out_right():
    pair = held_out("fr-en", 40, 12)[-1]
    record = translate(text=CORPORA["fr-en"].written(pair.source))
    assert record.source == pair.source
    assert record.written[:-1] == pair.target
    assert record.probability > 0.5


def test_running_product_is_the_probability_of_the_whole_sentence():
    """The right translation, forced word by word, is as probable as the network's forward pass says."""
    import torch

    from seqviz.corpora import WordVocabulary
    from seqviz.models import trained_network
    from seqviz.store import open_store

    pair = held_out("fr-en", 5, 12)[-1]
    record = translate(text=CORPORA["fr-en"].written(pair.source), given=" ".join((*pair.target, "<eos>")))
    model = trained_network(open_store().experiment(RUN).model, open_store().weights(RUN)).double().requires_grad_(False)
    corpus = CORPORA["fr-en"]
    source = WordVocabulary(corpus.source_words).encode(pair.source)
    target = np.append(WordVocabulary(corpus.target_words).encode(pair.target), 2)
    logits = model(torch.from_numpy(source)[None], None, torch.from_numpy(target)[None]).logits[0]
    loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(target), reduction="sum")
    assert record.probability == pytest.approx(float(torch.exp(-loss)), rel=1e-9)


def test_a_beam_of_one_writes_what_greedy_search_writes():
    from seqviz.answers.translation import answer_translation_search
    from seqviz.corpora import WordVocabulary

    text = "le chat ne voit pas la maison"
    tree = answer_translation_search(Sentence(run=RUN, text=text, width=1))
    symbols = tree.token[tree.path(int(tree.found[0]))]
    assert WordVocabulary(CORPORA["fr-en"].target_words).decode(symbols) == translate(text=text).written


def test_moved_attention_is_read_from_the_link():
    record = translate(text="le chat dort", looks="0:2,1:1")
    assert record.weights[0].tolist() == [0, 0, 1]
    assert record.weights[1].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"text": "   "}, TextError, "at least one word, got none"),
        ({"text": "le " * 500}, LimitError, "at most 60 words on this server, got 500"),
        ({"text": "le chat", "run": "0" * 20}, StoreError, "no run"),
        ({"text": "le chat", "run": CARDS["adding-gru"].run}, ConfigError, "only networks that translate"),
    ],
)
def test_what_cannot_be_translated_is_one_sentence(asked, error, said):
    with pytest.raises(error, match=said):
        translate(**asked)


PLAIN = read_cards(Path(__file__).parents[3] / "pretrained")["translation-none"].run
TEXT = "le chat ne voit pas la maison"


@torch.no_grad()
def last_state(words):
    """What the decoder begins in, one sentence at a time."""
    from seqviz.models import trained_network
    from seqviz.store import open_store

    model = trained_network(open_store().experiment(PLAIN).model, open_store().weights(PLAIN)).double()
    symbols = WordVocabulary(CORPORA["fr-en"].source_words).encode(words)
    return model.encode(torch.from_numpy(symbols)[None]).state[0].numpy().ravel()


def cosine(one, other):
    return one @ other / np.sqrt(one @ one * (other @ other))


def test_similarity_is_the_cosine_of_the_two_states_and_nothing_nearer_is_left_out():
    record = answer_translation_neighbours(Sentence(run=PLAIN, text=TEXT))
    own = last_state(tuple(TEXT.split()))
    assert record.similarity == pytest.approx([cosine(own, last_state(words)) for words in record.sources], abs=1e-12)
    assert len(record.sources) == NEAREST
    assert record.among == AMONG
    others = [pair for pair in learned("fr-en", 60, 12) if pair.source not in record.sources]
    assert max(cosine(own, last_state(pair.source)) for pair in others) <= record.similarity[-1]


def test_a_sentence_that_was_learned_from_is_not_its_own_neighbour():
    pair = learned("fr-en", 1, 12)[0]
    record = answer_translation_neighbours(Sentence(run=PLAIN, text=" ".join(pair.source)))
    assert pair.source not in record.sources
    assert record.typical < record.similarity[-1]


def test_neighbours_are_sentences_with_their_translations():
    record = answer_translation_neighbours(Sentence(run=PLAIN, text=TEXT))
    known = {pair.source: pair.target for pair in learned("fr-en", AMONG, 12)}
    assert [known[source] for source in record.sources] == list(record.targets)


def test_no_sentence_has_no_neighbours():
    with pytest.raises(TextError, match="at least one word"):
        answer_translation_neighbours(Sentence(run=PLAIN, text=" "))
