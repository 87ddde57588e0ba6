"""Which network translates, and which sentence."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from seqviz.cards import read_cards
from seqviz.corpora import CORPORA, Corpus, SentencePair, WordVocabulary, own_corpus
from seqviz.corpora.samples import LOOKED_THROUGH, chosen
from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import Experiment, Seq2SeqConfig
from seqviz.experiment.model import ATTENTIONS
from seqviz.experiment.subject import Sentence
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.experiment.title import subject_of
from seqviz.records import Translation
from seqviz.settings import settings
from seqviz.store.sentences import held_out_of
from seqviz.ui.cached import lab, traced
from seqviz.ui.page import Page
from seqviz.ui.person import known_person
from seqviz.ui.translation.settings import NAME, NETWORKS, SAMPLES

MOST_OWN = 8  # runs of the person's offered, the newest


@dataclass(frozen=True, kw_only=True)
class Translator:
    """A network that translates, and what it learned from."""

    run: str
    task: TranslationConfig

    @property
    def corpus(self) -> Corpus:
        """What it learned from."""
        if self.task.corpus != OWN:
            return CORPORA[self.task.corpus]
        known = json.loads(lab().store.vocabulary(self.run) or "{}")
        return own_corpus(known["source"], known["target"])

    def written(self, symbols: np.ndarray) -> tuple[str, ...]:
        """Return the words that it writes by ``symbols``."""
        known = json.loads(lab().store.vocabulary(self.run) or "{}")
        return WordVocabulary(tuple(known["target"])).decode(symbols)


def chosen_translator(page: Page) -> Translator:
    """Draw the choice of a network and return it.

    Raises:
        StoreError: it is not here.
        ConfigError: it does not translate.
    """
    own = _own_runs()
    if page["run"]:
        own.setdefault(page["run"], f"run {page['run'][:8]}")
    titles, key = {**NETWORKS, **own}, f"{NAME}.translator"
    st.session_state[key] = page["run"] or page["network"]
    st.selectbox("Network", list(titles), format_func=titles.__getitem__, key=key, on_change=_take, args=(page, key))
    return _translator(page["run"] or _shipped(page["network"]))


def _take(page: Page, key: str) -> None:
    name = st.session_state[key]
    page["run"], page["looks"], page["given"] = "" if name in NETWORKS else name, "", ""
    if name in NETWORKS:
        page["network"] = name


def _own_runs() -> dict[str, str]:
    found: dict[str, str] = {}
    who = known_person()
    for handle, run in lab().runs(who) if who else []:
        if run.steps_done and isinstance(run.experiment.task, TranslationConfig) and len(found) < MOST_OWN:
            found[run.id] = f"my run: {handle.name or _learned(run.experiment)}"
    return found


def _learned(experiment: Experiment) -> str:
    task, model = experiment.task, experiment.model
    assert isinstance(task, TranslationConfig)
    assert isinstance(model, Seq2SeqConfig)
    return f"{subject_of(task)}, {ATTENTIONS[model.attention].split(':')[0]} attention"


def _shipped(name: str) -> str:
    card = read_cards(Path(settings().store.pretrained)).get(f"translation-{name}")
    if card is None:
        again = "`python -m seqviz pretrain` trains it again"
        raise StoreError(f"the network for {NETWORKS[name]} that comes with the app is missing; {again}")
    return card.run


def _translator(run: str) -> Translator:
    experiment = lab().store.experiment(run)
    if experiment is None:
        raise StoreError(f"there is no run {run} on this server")
    if not isinstance(experiment.task, TranslationConfig):
        raise ConfigError(f"only networks that translate can be watched here; run {run} does not")
    return Translator(run=run, task=experiment.task)


@cache
def samples(task: TranslationConfig) -> list[SentencePair]:
    """Return held-out sentences to choose from, if there are such those whose order changes."""
    return list(chosen(held_out_of(task, lab().store.texts, LOOKED_THROUGH * SAMPLES), SAMPLES))


def chosen_pair(page: Page, translator: Translator) -> tuple[str, SentencePair | None]:
    """Draw the choice of a sentence; return its text, and the pair with the right translation where that is known."""
    pairs, corpus = samples(translator.task), translator.corpus
    titles = {f"s{i + 1}": corpus.written(pair.source) for i, pair in enumerate(pairs)} | {"typed": "what I type"}
    key = f"{page.name}.sentence"
    if st.session_state[key] not in titles:
        st.session_state[key] = "typed"
    name = st.selectbox("Held-out sentence", list(titles), format_func=titles.__getitem__, key=key)
    page.values["sentence"] = name
    if name == "typed":
        return page.control("text"), None
    pair = pairs[int(name[1:]) - 1]
    text = corpus.written(pair.source)
    st.button("Change its words", icon=":material/edit:", on_click=_type, args=(page, text))
    return text, pair


def _type(page: Page, text: str) -> None:
    page["text"], page["sentence"], page["reads"], page["looks"], page["given"] = text, "typed", "own", "", ""


def asked(page: Page, translator: Translator, text: str, pair: SentencePair | None) -> Sentence:
    """Return what the network is asked, by the page's settings as they are now."""
    fixed = {name: page[name] for name in ("given", "looks", "temperature", "seed", "width")}
    if pair is not None and page["reads"] == "right":
        fixed["given"] = given(pair)
    return Sentence(run=translator.run, text=text, **fixed)


def given(pair: SentencePair) -> str:
    """Return the right translation as what the decoder is made to write, to its end."""
    return " ".join((*pair.target, "<eos>"))


def translated(sentence: Sentence) -> Translation:
    """Return the translation.

    Raises:
        SeqvizError: the sentence cannot be translated so.
    """
    record: Translation = traced("translation", sentence)
    return record
