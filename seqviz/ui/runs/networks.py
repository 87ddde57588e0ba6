"""The network that a page shows: a shipped one, one of the person's runs, or whatever else the page offers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import streamlit as st

from seqviz.errors import ConfigError, MissingRunError, StoreError
from seqviz.experiment import Experiment
from seqviz.registry import shown
from seqviz.ui.runs.shipped import shipped_cards
from seqviz.ui.runs.words import kind_of, labels
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.links import Control, text_control
from seqviz.ui.shell.page import Page
from seqviz.ui.shell.person import known_person

MOST_OWN = 8  # runs of the person's offered, the newest

Named = tuple[str, str]  # the setting that names a network in the address ("run", "network" or another), and its value
Suits = Callable[[Experiment], bool]  # whether a page can look into a run of it


@dataclass(frozen=True, kw_only=True)
class Network:
    """A run's network, as far as it has been trained."""

    run: str
    experiment: Experiment
    step: int  # training steps done: a run that trains on is another network, which caches must not confuse with this one


def run_control() -> Control:
    """Return the control called ``run``: a run of this server."""
    return text_control("run", "([0-9a-f]{20})?", "", "a run of this server, in the place of a network that came with it")


def network_control() -> Control:
    """Return the control called ``network``: any shipped network."""
    return text_control("network", "[a-z0-9-]{0,80}", "", "one that came with the app, by its name")


def chosen_network(
    page: Page, titles: Mapping[Named, str], *, settings: Sequence[str] = ("run", "network"), forgets: Sequence[str] = ()
) -> Named | None:
    """Draw the choice of a network, and return what names it; None where there is none to choose.

    What the address names is in the menu too, even if it does not exist; :func:`opened` reports that.

    Args:
        page: some of its settings name the network.
        titles: what is offered, the first of it by default, with its title. An empty value is something yet to be typed.
        settings: those that name a network; the first that does counts.
        forgets: settings that mean something else to another network.
    """
    now = next(((name, page[name]) for name in settings if page[name]), None)
    told = {**titles, **({} if now is None or now in titles else {now: _title(now)})}
    if not told:
        return None
    key = f"{page.name}.offered"
    untyped = next((named for named in titles if named == st.session_state.get(key) and not named[1]), None)
    held, take = now or untyped or next(iter(told)), partial(_take, page, (*settings, *forgets))
    chosen: Named = page.offer("network", held, key=key, take=take, titles=told)
    return chosen


def chosen_of(page: Page, shipped: Mapping[str, str], suits: Suits, *, forgets: Sequence[str]) -> Named:
    """Draw the choice among a page's own ``shipped`` networks (name → title) and the person's runs that suit it."""
    titles = {**{("network", name): title for name, title in shipped.items()}, **own_networks(suits)}
    named = chosen_network(page, titles, forgets=forgets)
    assert named is not None, "there is a menu of networks"
    return named


def shipped_networks(suits: Suits) -> dict[Named, str]:
    """Return the shipped networks that suit a page, by name, with their titles."""
    return {("network", name): card.title for name, card in sorted(shipped_cards().items()) if _suits(card.run, suits)}


def own_networks(suits: Suits) -> dict[Named, str]:
    """Return the person's newest runs that suit a page, as far as they have learned anything."""
    who = known_person()
    runs = [(handle.name, run) for handle, run in (lab().runs(who) if who else ()) if run.steps_done and suits(run.experiment)]
    names = _stand_apart([(name, run.experiment) for name, run in runs[:MOST_OWN]])
    return {("run", run.id): f"my run: {name}" for name, (_, run) in zip(names, runs[:MOST_OWN], strict=True)}


def _stand_apart(named: Sequence[tuple[str, Experiment]]) -> list[str]:
    """Return each run's name; of equal names, the difference comes first, where no menu cuts it off."""
    told = [name for name, _ in named]
    for name in {name for name in told if told.count(name) > 1}:
        alike = [(at, experiment) for at, (each, experiment) in enumerate(named) if each == name]
        kinds = {kind_of(experiment) for _, experiment in alike}
        kind = f"{kinds.pop()} " if len(kinds) == 1 else ""  # of one kind, that sets nothing apart
        for (at, _), label in zip(alike, labels([experiment for _, experiment in alike]), strict=True):
            told[at] = f"{label.removeprefix(kind)} · {name}"
    return told


def opened(named: Named, suits: Suits, refusal: str) -> Network:
    """Return the network that a name means.

    Args:
        named: "run" and its id, or "network" and the name of a shipped one.
        suits: whether the page can look into it.
        refusal: what the page can look into ("only Transformers have heads to look at").

    Raises:
        StoreError: there is no such run.
        ConfigError: no such network is shipped, or it is not for this page.
    """
    setting, name = named
    run = _run_of(name, suits) if setting == "network" else name
    experiment, manifest = lab().store.experiment(run), lab().store.manifest(run)
    if experiment is None or manifest is None:
        raise MissingRunError(run, "on this server")
    if not suits(experiment):
        raise ConfigError(f"{refusal}; {setting} {name} is another")
    return Network(run=run, experiment=experiment, step=manifest.status.steps_done)


def _run_of(name: str, suits: Suits) -> str:
    card = shipped_cards().get(name)
    if card is None:
        offered = ", ".join(each for _, each in shipped_networks(suits)) or "none that came with the app"
        raise ConfigError(f"network must be one of {offered}, got {shown(name)}")
    return card.run


def _suits(run: str, suits: Suits) -> bool:
    try:
        return suits(_experiment(run))
    except StoreError:  # its files are missing or damaged
        return False


@cache
def _experiment(run: str) -> Experiment:
    """Return the experiment of a shipped run, which does not change.

    Raises:
        StoreError: it is not here; that is not remembered.
    """
    experiment = lab().store.experiment(run)
    if experiment is None:
        raise MissingRunError(run, "on this server")
    return experiment


def _title(named: Named) -> str:
    setting, name = named
    return f"run {name[:8]}" if setting == "run" else name


def _take(page: Page, cleared: Sequence[str], named: Named) -> None:
    setting, name = named
    for each in cleared:
        page[each] = page.controls[each].default
    page[setting] = name
