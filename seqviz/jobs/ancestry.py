"""Where a run begins that goes on from another: that one's checkpoint, fetched or trained again."""

from collections.abc import Mapping

import numpy as np

from seqviz.errors import JobError, MissingParentError
from seqviz.experiment import Experiment
from seqviz.jobs.orders import Orders
from seqviz.store import Store
from seqviz.training import Trainer, choose_device

Checkpoint = Mapping[str, np.ndarray]


class ToldToEndError(Exception):
    """Retraining an ancestor was ordered to end; never leaves the worker."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Ancestry:
    """The runs that a run goes on from: in the store, or known as experiments and trained again."""

    def __init__(self, store: Store, ancestors: tuple[Experiment, ...], device: str, orders: Orders) -> None:
        self._store, self._device, self._orders = store, device, orders
        self._known = {one.run_id: one for one in ancestors}

    def checkpoint_for(self, experiment: Experiment) -> Checkpoint | None:
        """Return the checkpoint that ``experiment`` begins from, or None where it begins afresh.

        Raises:
            MissingParentError: an ancestor is not known here.
            JobError: one never comes to the step that is gone on from.
            ToldToEndError: an order came in the meantime.
        """
        parent = experiment.parent
        if parent is None:
            return None
        stored = self._store.open(parent.run)
        begun = None if stored is None else self._store.checkpoint(parent.run)
        if begun is not None and int(begun["steps_done"]) == parent.step:
            return begun
        if stored is not None:
            self._known |= {one.run_id: one for one in (stored.experiment, *stored.ancestors)}
        if parent.run not in self._known:
            raise MissingParentError(parent.run)
        return self._trained_again(self._known[parent.run], parent.step, begun)

    def _trained_again(self, parent: Experiment, step: int, begun: Checkpoint | None) -> Checkpoint:
        if not parent.first_step <= step <= parent.last_step:
            raise JobError(f"this run goes on from step {step}, but its parent has {parent.first_step} to {parent.last_step}")
        if begun is None or int(begun["steps_done"]) > step:
            begun = self.checkpoint_for(parent)
        text = text_of(parent, self._store)
        trainer = Trainer(parent, text=text, start=begun, device=choose_device(self._device))
        while trainer.steps_done < step:
            if self._orders.end is not None:
                raise ToldToEndError(self._orders.end)
            trainer.step()
        return trainer.checkpoint()


def text_of(experiment: Experiment, store: Store) -> str | None:
    """Return the text, or the person's own sentences, that the experiment's task is about; None for the other tasks.

    Raises:
        MissingTextError: this server does not have it.
    """
    name = experiment.task.to_json().get("text")
    return None if name is None else store.texts.read(str(name))
