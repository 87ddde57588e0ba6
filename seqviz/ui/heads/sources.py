"""Which Transformers can be looked into: those that came with the app, and a person's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import streamlit as st

from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import Experiment, TransformerConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.ui.cached import lab
from seqviz.ui.heads.settings import NAME
from seqviz.ui.page import Page
from seqviz.ui.person import known_person
from seqviz.ui.shipped import shipped, shipped_cards

MOST_OWN = 8  # runs of the person's offered, the newest
OF_TEXT = ("text", "given", "seed", "layer", "head", "query", "key")  # settings that mean something else to another network


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A run's Transformer."""

    run: str
    experiment: Experiment
    step: int  # training steps done: a run that trains on is another network, which caches must not confuse with this one

    @property
    def translates(self) -> bool:
        """Whether it reads a sentence and writes another."""
        return isinstance(self.experiment.task, TranslationConfig)


def chosen_source(page: Page) -> str:
    """Draw the choice of a Transformer, and return the run; empty where there is none to choose."""
    titles = {**_shipped(), **_own()}
    if page["run"]:
        titles.setdefault(page["run"], f"run {page['run'][:8]}")
    if page["network"]:
        titles.setdefault(page["network"], page["network"])
    if not titles:
        return ""
    key = f"{NAME}.source"
    st.session_state[key] = page["run"] or page["network"] or next(iter(titles))
    st.selectbox("Network", list(titles), format_func=titles.__getitem__, key=key, on_change=_take, args=(page, key))
    return page["run"] or shipped(page["network"] or next(iter(titles))).run


def opened(run: str) -> Reader:
    """Return the run's Transformer.

    Raises:
        StoreError: it is not here.
        ConfigError: it is another network.
    """
    experiment, manifest = lab().store.experiment(run), lab().store.manifest(run)
    if experiment is None or manifest is None:
        raise StoreError(f"there is no run {run} on this server")
    if not isinstance(experiment.model, TransformerConfig):
        raise ConfigError(f"only Transformers have heads to look at; run {run} is of another network")
    return Reader(run=run, experiment=experiment, step=manifest.status.steps_done)


def _take(page: Page, key: str) -> None:
    name = st.session_state[key]
    own = name in _own()
    page["run"], page["network"] = (name, "") if own else ("", name)
    for each in OF_TEXT:
        page[each] = page.controls[each].default


def _shipped() -> Mapping[str, str]:
    """Return the titles of the Transformers that came with the app, translators first."""
    found = {name: card for name, card in shipped_cards().items() if _is_transformer(card.run)}
    return {name: found[name].title for name in sorted(found, key=lambda name: (not _translates(found[name].run), name))}


@cache
def _is_transformer(run: str) -> bool:
    experiment = lab().store.experiment(run)
    return experiment is not None and isinstance(experiment.model, TransformerConfig)


def _translates(run: str) -> bool:
    return opened(run).translates


def _own() -> dict[str, str]:
    found: dict[str, str] = {}
    who = known_person()
    for handle, run in lab().runs(who) if who else []:
        if run.steps_done and isinstance(run.experiment.model, TransformerConfig) and len(found) < MOST_OWN:
            found[run.id] = f"my run: {handle.name}"
    return found
