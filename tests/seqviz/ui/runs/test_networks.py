"""What a page offers to look into is what suits it; what an address names in vain is one sentence."""

from types import SimpleNamespace

import pytest

from seqviz.errors import ConfigError, StoreError
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig, TransformerConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig, TranslationConfig
from seqviz.experiment.title import title_of
from seqviz.subjects.walk import can_be_walked
from seqviz.ui.runs import networks

WALKED = Experiment(task=CharactersConfig(), model=TransformerConfig(name="causal"))
OTHER = Experiment(task=AddingConfig(), model=RecurrentConfig())


class Shelf:
    """A Lab and its store, with three runs: one that suits, one that does not, one that has not begun."""

    def __init__(self, count=1):
        kinds = {"walked": (WALKED, 5), "other": (OTHER, 5), "queued": (WALKED, 0)}
        self.held = {f"{kind}-{at}": made for at in range(count) for kind, made in kinds.items()}
        self.store = self

    def runs(self, person):
        for run, (experiment, steps) in self.held.items():
            yield SimpleNamespace(name=f"named {run}"), SimpleNamespace(id=run, experiment=experiment, steps_done=steps)

    def experiment(self, run):
        return self.held.get(run, (None, 0))[0]

    def manifest(self, run):
        return SimpleNamespace(status=SimpleNamespace(steps_done=self.held[run][1])) if run in self.held else None


@pytest.fixture(params=[1])
def shelf(request, monkeypatch):
    shelf = Shelf(request.param)
    monkeypatch.setattr(networks, "lab", lambda: shelf)
    monkeypatch.setattr(networks, "known_person", lambda: "a" * 32)
    networks._experiment.cache_clear()
    yield shelf
    networks._experiment.cache_clear()


@pytest.mark.parametrize("shelf", [1, 20], indirect=True)
def test_of_ones_own_runs_the_newest_that_suit_and_have_begun_are_offered(shelf):
    offered = networks.own_networks(can_be_walked)
    suits = [run for run in shelf.held if run.startswith("walked")][: networks.MOST_OWN]
    assert offered == {("run", run): f"my run: named {run}" for run in suits}


def test_runs_of_one_name_say_first_what_sets_them_apart(shelf, monkeypatch):
    task = TranslationConfig()
    made = [
        Experiment(task=task, model=TransformerConfig(), training=TrainingConfig(steps=1000)),
        Experiment(task=task, model=TransformerConfig(positions="none", norm="post"), training=TrainingConfig(steps=100)),
        WALKED,
    ]
    names = [title_of(one) for one in made]
    assert names[0] == names[1]
    runs = [
        (SimpleNamespace(name=name), SimpleNamespace(id=str(at), experiment=one, steps_done=5))
        for at, (name, one) in enumerate(zip(names, made, strict=True))
    ]
    monkeypatch.setattr(shelf, "runs", lambda person: runs)
    sinusoids, without, other = networks.own_networks(lambda experiment: True).values()
    assert sinusoids == f"my run: sinusoidal positions, pre-norm, 1000 steps · {names[0]}"
    assert without == f"my run: no positions, post-norm, 100 steps · {names[1]}"
    assert other == f"my run: {names[2]}"


def test_a_run_that_came_along_is_offered_once_its_files_are_there(shelf, monkeypatch):
    cards = {run: SimpleNamespace(run=run, title=f"the {run}") for run in ("walked-0", "restored", "other-0")}
    monkeypatch.setattr(networks, "shipped_cards", lambda: cards)
    assert networks.shipped_networks(can_be_walked) == {("network", "walked-0"): "the walked-0"}
    shelf.held["restored"] = (WALKED, 5)
    assert ("network", "restored") in networks.shipped_networks(can_be_walked)


def test_a_run_is_opened_with_the_steps_that_it_has_done(shelf):
    found = networks.opened(("run", "walked-0"), can_be_walked, "only Transformers")
    assert found == networks.Network(run="walked-0", experiment=WALKED, step=5)


@pytest.mark.parametrize(
    ("named", "error", "said"),
    [
        (("run", "gone"), StoreError, "there is no run gone on this server"),
        (("run", "other-0"), ConfigError, "only Transformers; run other-0 is another"),
        (("network", "telepathy"), ConfigError, r"network must be one of .*, got 'telepathy'"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(shelf, named, error, said):
    with pytest.raises(error, match=said):
        networks.opened(named, can_be_walked, "only Transformers")
