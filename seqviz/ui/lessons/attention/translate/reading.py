"""Which network translates, and which sentence."""

from dataclasses import dataclass
from functools import cache

import streamlit as st

from seqviz.corpora import CORPORA, Corpus, SentencePair, WordVocabulary, own_corpus
from seqviz.corpora.samples import LOOKED_THROUGH, chosen
from seqviz.experiment import Experiment, Seq2SeqConfig
from seqviz.experiment.task import OWN, TranslationConfig
from seqviz.questions import TRANSLATION
from seqviz.records import Translation
from seqviz.store.sentences import held_out_of
from seqviz.subjects.translation import Sentence
from seqviz.ui.lessons.attention.translate.settings import NETWORKS, SAMPLES
from seqviz.ui.runs.networks import Network, chosen_network, opened, own_networks
from seqviz.ui.runs.shipped import shipped
from seqviz.ui.shell.cache import lab, traced
from seqviz.ui.shell.page import Page

REFUSAL = "only networks that translate can be watched here"


@dataclass(frozen=True, kw_only=True)
class Translator:
    """A network that translates, and what it learned from."""

    run: str
    task: TranslationConfig
    step: int  # training steps done: a run that trains on is another network, which caches must not confuse with this one

    @property
    def recurrent(self) -> bool:
        """Whether it hands a state on, beside what attention finds."""
        experiment = lab().store.experiment(self.run)
        return experiment is not None and isinstance(experiment.model, Seq2SeqConfig)

    @property
    def corpus(self) -> Corpus:
        """What it learned from."""
        if self.task.corpus != OWN:
            return CORPORA[self.task.corpus]
        known = lab().store.word_vocabularies(self.run)
        return own_corpus(known["source"].words, known["target"].words)

    @property
    def target(self) -> WordVocabulary:
        """The words that it writes."""
        return lab().store.word_vocabularies(self.run)["target"]

    def given(self, pair: SentencePair) -> str:
        """Return the right translation as what the decoder is made to write, to its end; words it cannot write are <unk>."""
        return " ".join((*self.target.decode(self.target.encode(pair.target)), "<eos>"))


def chosen_translator(page: Page) -> Translator:
    """Draw the choice of a network and return it.

    Raises:
        StoreError: it is not here.
        ConfigError: it does not translate.
    """
    titles = {**{("network", name): title for name, title in NETWORKS.items()}, **own_networks(translates)}
    named = chosen_network(page, titles, forgets=("looks", "given"))
    assert named is not None, "there is a menu of networks"
    if named[0] == "network":
        named = ("run", shipped(f"translation-{named[1]}").run)
    return translator_of(opened(named, translates, REFUSAL))


def translates(experiment: Experiment) -> bool:
    """Return whether a run of the experiment reads a sentence and writes another."""
    return isinstance(experiment.task, TranslationConfig)


def translator_of(network: Network) -> Translator:
    """Return a network that translates as such."""
    task = network.experiment.task
    assert isinstance(task, TranslationConfig), "it was opened as one that translates"
    return Translator(run=network.run, task=task, step=network.step)


@cache
def samples(task: TranslationConfig) -> list[SentencePair]:
    """Return held-out sentences to choose from, if there are such those whose order changes."""
    return list(chosen(held_out_of(task, lab().store.texts, LOOKED_THROUGH * SAMPLES), SAMPLES))


def chosen_pair(page: Page, translator: Translator) -> tuple[str, SentencePair | None]:
    """Draw the choice of a sentence; return its text, and the pair with the right translation where that is known."""
    pairs, corpus = samples(translator.task), translator.corpus
    titles = {f"s{i + 1}": corpus.written(pair.source) for i, pair in enumerate(pairs)} | {"typed": "what I type"}
    before = page.values["sentence"], page.values["text"]
    name = page.control("sentence", titles=titles)
    typed = page.control("text") if name == "typed" else page.values["text"]
    if (name, typed) != before:  # words and looks were of another sentence
        page["given"] = page["looks"] = ""
    if name == "typed":
        return typed, None
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
        fixed["given"] = translator.given(pair)
    return Sentence(run=translator.run, step=translator.step, text=text, **fixed)


def translated(sentence: Sentence) -> Translation:
    """Return the translation.

    Raises:
        SeqvizError: the sentence cannot be translated so.
    """
    return traced(TRANSLATION, sentence)
