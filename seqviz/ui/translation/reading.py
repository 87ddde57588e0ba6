"""Which network translates, and which sentence."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from seqviz import corpora
from seqviz.cards import Card, read_cards
from seqviz.corpora import CORPORA, SentencePair, WordVocabulary
from seqviz.errors import StoreError
from seqviz.experiment.subject import Sentence
from seqviz.experiment.task import TranslationConfig
from seqviz.records import Translation
from seqviz.settings import settings
from seqviz.ui.cached import lab, traced
from seqviz.ui.page import Page
from seqviz.ui.translation.settings import NETWORKS, SAMPLES

SHORTEST_SAMPLE, SKIPPED = 6, 5  # held-out sentences that are worth looking at, some way apart


@dataclass(frozen=True, kw_only=True)
class Translator:
    """A network that came with the app, and what it learned from."""

    card: Card
    task: TranslationConfig

    @property
    def language(self) -> str:
        """What it reads."""
        return CORPORA[self.task.corpus].source_language

    def written(self, symbols: np.ndarray) -> tuple[str, ...]:
        """Return the words that it writes by ``symbols``."""
        return WordVocabulary(CORPORA[self.task.corpus].target_words).decode(symbols)


def chosen_translator(page: Page) -> Translator:
    """Draw the choice of a network and return it.

    Raises:
        StoreError: it did not come with the app.
    """
    name = page.control("network")
    card = read_cards(Path(settings().store.pretrained)).get(f"translation-{name}")
    experiment = None if card is None else lab().store.experiment(card.run)
    if card is None or experiment is None or not isinstance(experiment.task, TranslationConfig):
        raise StoreError(
            f"the network with {NETWORKS[name]} that comes with the app is missing; `python -m seqviz pretrain` trains it again"
        )
    return Translator(card=card, task=experiment.task)


@cache
def samples(task: TranslationConfig) -> list[SentencePair]:
    """Return held-out sentences to choose from."""
    found = corpora.held_out(task.corpus, 40 * SAMPLES, task.longest)
    long = [pair for pair in found if len(pair.source) >= SHORTEST_SAMPLE and _crosses(pair)]
    return long[:: max(1, len(long) // SAMPLES)][:SAMPLES]


def _crosses(pair: SentencePair) -> bool:
    order = [source for source, _ in sorted(pair.links, key=lambda link: (link[1], link[0]))]
    return order != sorted(order)


def chosen_pair(page: Page, translator: Translator) -> tuple[str, SentencePair | None]:
    """Draw the choice of a sentence; return its text, and the pair with the right translation where that is known."""
    pairs, corpus = samples(translator.task), CORPORA[translator.task.corpus]
    titles = {f"s{i + 1}": corpus.written(pair.source) for i, pair in enumerate(pairs)} | {"typed": "what I type"}
    key = f"{page.name}.sentence"
    if st.session_state[key] not in titles:
        st.session_state[key] = "typed"
    name = st.selectbox("Sentence (never trained on)", list(titles), format_func=titles.__getitem__, key=key)
    page.values["sentence"] = name
    if name == "typed":
        return page.control("text"), None
    pair = pairs[int(name[1:]) - 1]
    return corpus.written(pair.source), pair


def asked(page: Page, translator: Translator, text: str) -> Sentence:
    """Return what the network is asked, by the page's settings as they are now."""
    fields = ("given", "looks", "temperature", "seed", "width")
    return Sentence(run=translator.card.run, text=text, **{name: page[name] for name in fields})


def translated(sentence: Sentence) -> Translation:
    """Return the translation.

    Raises:
        SeqvizError: the sentence cannot be translated so.
    """
    record: Translation = traced("translation", sentence)
    return record
