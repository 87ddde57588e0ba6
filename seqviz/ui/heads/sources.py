"""Which Transformers can be looked into: those that came with the app, a person's own, and published ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import streamlit as st

from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import Experiment, TransformerConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.lab.offered import anywhere, offered
from seqviz.ui.cached import lab
from seqviz.ui.content import prose
from seqviz.ui.heads.settings import NAME
from seqviz.ui.page import Page
from seqviz.ui.person import known_person
from seqviz.ui.shipped import shipped, shipped_cards

MOST_OWN = 8  # runs of the person's offered, the newest
TRAIN = "pages/train/train.py"
TYPED = "published:"  # the choice of a folder that is typed
OF_TEXT = ("text", "given", "target", "seed", "layer", "head", "query", "key")  # mean something else to another network


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


@dataclass(frozen=True, kw_only=True)
class PublishedReader:
    """A published Transformer, by the folder that it is in."""

    folder: str


def chosen_source(page: Page) -> Reader | PublishedReader | None:
    """Draw the choice of a Transformer, and return it; None where there is none to choose, which is said.

    Raises:
        StoreError: it is not here.
        ConfigError: it is another network.
    """
    titles = {**_shipped(), **_own(), **_published()}
    now = page["run"] or page["network"] or (page["folder"] and f"{TYPED}{page['folder']}")
    if now and now not in titles:
        titles[now] = f"run {now[:8]}" if now == page["run"] else now.removeprefix(TYPED)
    if not titles:
        st.info(prose(NAME, "none"))
        st.page_link(TRAIN, label="Train one")
        return None
    key = f"{NAME}.source"
    typing = st.session_state.get(key) == TYPED and TYPED in titles  # nothing yet
    st.session_state[key] = now or (TYPED if typing else next(iter(titles)))
    chosen = st.selectbox("Network", list(titles), format_func=titles.__getitem__, key=key, on_change=_take, args=(page, key))
    if chosen.startswith(TYPED):
        return _in_folder(page, chosen.removeprefix(TYPED))
    return _opened(page["run"] or shipped(chosen).run)


def _in_folder(page: Page, folder: str) -> PublishedReader | None:
    if not anywhere() or folder in offered():
        return PublishedReader(folder=folder)
    typed = page.control("folder")
    if not typed:
        st.info(prose(NAME, "folder"))
        return None
    return PublishedReader(folder=typed)


def _opened(run: str) -> Reader:
    experiment, manifest = lab().store.experiment(run), lab().store.manifest(run)
    if experiment is None or manifest is None:
        raise StoreError(f"there is no run {run} on this server")
    if not isinstance(experiment.model, TransformerConfig):
        raise ConfigError(f"only Transformers have heads to look at; run {run} is of another network")
    return Reader(run=run, experiment=experiment, step=manifest.status.steps_done)


def _take(page: Page, key: str) -> None:
    name = st.session_state[key]
    for each in ("run", "network", "folder", *OF_TEXT):
        page[each] = page.controls[each].default
    if name.startswith(TYPED):
        page["folder"] = name.removeprefix(TYPED)
    else:
        page["run" if name in _own() else "network"] = name


def _shipped() -> Mapping[str, str]:
    """Return the titles of the Transformers that came with the app, translators first."""
    found = {name: card for name, card in shipped_cards().items() if _is_transformer(card.run)}
    return {name: found[name].title for name in sorted(found, key=lambda name: (not _opened(found[name].run).translates, name))}


@cache
def _is_transformer(run: str) -> bool:
    experiment = lab().store.experiment(run)
    return experiment is not None and isinstance(experiment.model, TransformerConfig)


def _own() -> dict[str, str]:
    found: dict[str, str] = {}
    who = known_person()
    for handle, run in lab().runs(who) if who else []:
        if run.steps_done and isinstance(run.experiment.model, TransformerConfig) and len(found) < MOST_OWN:
            found[run.id] = f"my run: {handle.name}"
    return found


def _published() -> dict[str, str]:
    found = {f"{TYPED}{name}": f"published: {name}" for name in offered()}
    return found | ({TYPED: "published, from a folder of mine"} if anywhere() else {})
