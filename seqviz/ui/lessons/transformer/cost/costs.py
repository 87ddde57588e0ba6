"""What runs cost: the shipped ones, and the person's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from seqviz.errors import StoreError
from seqviz.experiment import Experiment
from seqviz.experiment.cost import operations_of, tokens_a_sequence
from seqviz.lab import RunView
from seqviz.records import TrainingCost
from seqviz.records.cost import SECONDS_A_DAY
from seqviz.ui.runs.shipped import shipped_cards
from seqviz.ui.shell.cache import lab
from seqviz.ui.shell.person import known_person


def shipped_costs() -> list[TrainingCost]:
    """Return the cost of the shipped runs, including those they continue, on the machines their cards name."""
    cards = shipped_cards().values()
    return [_cost(card.name, card.seconds, _shipped_operations(card.run), card.machine) for card in cards]


@dataclass(frozen=True)
class OwnRuns:
    """The person's runs when the page began, and their names, by id."""

    who: str
    names: Mapping[str, str]
    begun: Mapping[str, RunView]

    def now(self) -> dict[str, RunView]:
        """Return them as they are now: only runs in training have changed; deleted ones are left out."""
        views = {run: self._attended(run) if view.live else view for run, view in self.begun.items()}
        return {run: view for run, view in views.items() if view is not None}

    def costs(self, views: Mapping[str, RunView]) -> list[TrainingCost]:
        """Return what they cost as far as they are trained in ``views``."""
        return [_own_cost(self.names[run], view) for run, view in views.items() if view.seconds > 0 and not view.pretrained]

    def _attended(self, run: str) -> RunView | None:
        try:
            return lab().attend(run, self.who)
        except StoreError:  # deleted, in another tab
            return None


def own_runs() -> OwnRuns:
    """Return the person's own runs; none until the person is known."""
    who = known_person()
    runs = [] if who is None else lab().runs(who)
    return OwnRuns(who or "", {view.id: handle.name for handle, view in runs}, {view.id: view for _, view in runs})


def _own_cost(name: str, view: RunView) -> TrainingCost:
    trained = {view.experiment: view.steps_done - view.experiment.first_step}
    return _cost(name, view.seconds, _operations(view.id, trained), view.machine)


def _cost(name: str, seconds: float, operations: float | None, machine: str) -> TrainingCost:
    days = seconds / SECONDS_A_DAY
    return TrainingCost(
        name=name, device="worker", days=(days, days), told=machine,
        operations=None if operations is None else (operations, operations),
    )  # fmt: skip


@lru_cache(maxsize=512)
def _shipped_operations(run_id: str) -> float | None:
    view = lab().view(run_id)
    return _operations(run_id, {one: one.training.steps for one in (view.experiment, *view.ancestors)})


def _operations(run_id: str, trained: dict[Experiment, int]) -> float | None:
    """Return about how many operations so many steps of these experiments took, with the weights of one run.

    None where sequences differ in length, or no weights are kept.
    """
    try:
        weights = _weights(run_id)
    except StoreError:
        return None
    tokens = 0
    for experiment, steps in trained.items():
        length = tokens_a_sequence(experiment)
        if length is None:
            return None
        tokens += steps * experiment.training.batch_size * length
    return operations_of(weights, tokens) if tokens else None


@lru_cache(maxsize=512)
def _weights(run_id: str) -> int:
    """Return how many weights a run's network has, without embeddings, which are looked up and not multiplied with.

    Raises:
        StoreError: none are kept yet; that is not remembered.
    """
    return sum(array.size for name, array in lab().store.weights(run_id).items() if "embedding" not in name)
