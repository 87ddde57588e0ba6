"""The side of the lab that runs in a worker process: tasks as Dask calls them. torch is imported on first use."""

import importlib
import os
import platform
from typing import Any

from seqviz.errors import JobError, SeqvizError
from seqviz.experiment import Experiment
from seqviz.jobs.events import TOPIC
from seqviz.jobs.orders import drop_orders, take_orders
from seqviz.questions import GRADIENT_FLOW
from seqviz.settings import settings
from seqviz.subjects.recurrent import UntrainedNetwork

TRAIN, TRACE = "train", "trace"  # resources: what a worker is for


def dask_setup(worker: Any) -> None:
    """Prepare this process before it takes work: Dask calls this, since ``cluster`` names the module as preload."""
    if TRACE not in worker.state.total_resources:
        os.nice(settings().lab.niceness)
    import torch

    torch.set_num_threads(settings().lab.threads_per_worker)
    if TRACE not in worker.state.total_resources:
        importlib.import_module("seqviz.jobs.training")
        return
    trace(GRADIENT_FLOW.name, UntrainedNetwork(length=2, hidden_size=2))  # the first takes longest: warm up now


def train(written: list[dict[str, Any]], token: str, until: int | None) -> dict[str, Any]:
    """Train the run of the experiment ``written[0]``, whose ancestors follow; return how it ended."""
    from distributed import get_worker

    from seqviz.jobs.training import train_run
    from seqviz.store import open_store

    worker = get_worker()
    experiment, *ancestors = (Experiment.from_json(one) for one in written)
    named = {"run": experiment.run_id, "token": token, "worker": worker.address, "pid": os.getpid()}
    try:
        outcome = train_run(
            experiment,
            open_store(),
            settings().store,
            ancestors=tuple(ancestors),
            orders=take_orders(token, until),
            report=lambda event: worker.log_event(TOPIC, named | event),
        )
    except SeqvizError as error:
        return {"state": "failed", "steps_done": None, "message": str(error)}
    finally:
        drop_orders(token)
    return {"state": outcome.state, "steps_done": outcome.steps_done, "message": outcome.message}


def trace(name: str, subject: Any) -> Any:
    """Return the record that answers the question called ``name`` about ``subject``.

    Raises:
        SeqvizError: it cannot be traced.
        JobError: the trace failed unexpectedly.
    """
    from seqviz.answers.answering import ANSWERS

    try:
        return ANSWERS[name](subject)
    except (RuntimeError, ValueError, MemoryError) as error:
        if isinstance(error, SeqvizError):
            raise
        raise JobError(f"the trace could not be computed: {error}") from error


def describe() -> dict[str, Any]:
    """Return what computes here: cores, memory in bytes, GPU names, system and versions."""
    import torch
    from distributed.system import MEMORY_LIMIT

    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        gpus.append("Apple GPU")
    return {
        "cores": os.cpu_count() or 1,
        "memory": MEMORY_LIMIT,
        "gpus": gpus,
        "processor": platform.processor() or platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": str(torch.__version__),
    }
