"""The Transformers offered: shipped ones, the person's own, and published ones."""

from dataclasses import dataclass

import streamlit as st

from seqviz.experiment import MODELS, Experiment
from seqviz.experiment.task import TranslationConfig
from seqviz.store.published.offered import anywhere, kind_of, offered
from seqviz.store.published.uploaded import is_upload
from seqviz.ui.lessons.transformer.heads.settings import NAME
from seqviz.ui.runs.networks import Named, Network, chosen_network, opened, own_networks, shipped_networks
from seqviz.ui.shell.content import prose
from seqviz.ui.shell.page import Page

TRAIN = "pages/train/train.py"
REFUSAL = "only Transformers that read a text or a sequence have heads to look at here"
OF_TEXT = ("text", "given", "target", "seed", "layer", "head", "query", "key")  # mean something else to another network


@dataclass(frozen=True, kw_only=True)
class PublishedReader:
    """A published Transformer, by the folder that it is in."""

    folder: str


def chosen_source(page: Page) -> Network | PublishedReader | None:
    """Draw the choice of a Transformer, and return it; None where there is none to choose, which is said.

    Raises:
        StoreError: it is not here.
        ConfigError: it is another network.
    """
    came = shipped_networks(_translates) | shipped_networks(_has_heads)  # translators first
    titles = came | own_networks(_has_heads) | _published(page["folder"])
    named = chosen_network(page, titles, settings=("run", "network", "folder"), forgets=OF_TEXT)
    if named is None:
        st.info(prose(NAME, "none"))
        st.page_link(TRAIN, label="Train one")
        return None
    if named[0] == "folder":
        return _in_folder(page, named[1])
    return opened(named, _has_heads, REFUSAL)


def _in_folder(page: Page, folder: str) -> PublishedReader | None:
    if not anywhere() or folder in offered() or is_upload(folder):
        return PublishedReader(folder=folder)
    typed = page.control("folder")
    if not typed:
        st.info(prose(NAME, "folder"))
        return None
    return PublishedReader(folder=typed)


def _has_heads(experiment: Experiment) -> bool:
    return "heads" in MODELS[experiment.model.name].traces


def _translates(experiment: Experiment) -> bool:
    return _has_heads(experiment) and isinstance(experiment.task, TranslationConfig)


def _published(now: str) -> dict[Named, str]:
    found = {("folder", name): f"published: {name}" for name in offered()}
    if is_upload(now):  # do not list the folders of others
        found["folder", now] = f"{now[:17]}: {kind_of(now)}".removesuffix(": ")
    return found | ({("folder", ""): "published, from a folder of mine"} if anywhere() else {})
