"""How well a run's network answers sequences that it has not learned from."""

from seqviz.experiment.clipping import FRESH
from seqviz.jobs.ancestry import text_of
from seqviz.records import Evaluation
from seqviz.store import Store, open_store
from seqviz.subjects.evaluation import FreshSequences
from seqviz.training import Trainer


def answer_evaluation(subject: FreshSequences, store: Store | None = None) -> Evaluation:
    """Return loss and metric of the run's last finite weights on fresh sequences, the same ones at every call.

    Raises:
        StoreError: there is no such run.
        MissingTextError: the text that it learned from is not here.
    """
    store = store or open_store()
    run = store.run(subject.run)
    weights = {f"model.{name}": array for name, array in store.weights(subject.run).items()}
    start = {**weights, "steps_done": run.metrics.step[-1:].reshape(())} if len(run.metrics.step) else None
    return Trainer(run.experiment, text=text_of(run.experiment, store), start=start).evaluate(subject.sequences)


def measure_fresh(store: Store, run_id: str) -> dict[str, float]:
    """Return the share of fresh sequences that the run's network answers wrong, its loss on them, and how far it trained."""
    judged, run = answer_evaluation(FreshSequences(run=run_id, sequences=FRESH), store), store.open(run_id)
    assert run is not None, "it was judged just now"
    ended = {"steps": float(run.status.steps_done), "diverged": float(run.status.state == "diverged")}
    return {"errors": round(1 - judged.metric, 9), "loss": judged.loss, **ended}
