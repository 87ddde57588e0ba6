"""This machine's workers, in a separate process: ``python -m seqviz.lab.cluster``.

It writes the scheduler's address as one line of JSON, serves until its standard input closes (so it ends when its
parent does, however that ends), and listens on the loopback interface alone.
"""

import asyncio
import json
import logging
import multiprocessing
import os
import sys
import tempfile
from multiprocessing import forkserver
from typing import Any

from seqviz.settings import LabSettings, settings

FORKS = sys.platform == "linux"  # macOS has frameworks that do not survive a fork, Windows no fork at all
PRELOADED = ["torch", "distributed.nanny", "seqviz.lab.worker", "seqviz.answers.answering", "seqviz.jobs.training"]
QUIET = {
    "distributed.worker.multiprocessing-method": None,  # Python's own start method, as set by main
    "distributed.worker.profile.enabled": False,  # it samples the training loop a hundred times a second
    "distributed.admin.low-level-log-length": 200,  # events of live runs are kept by the Lab
    "distributed.scheduler.allowed-failures": 5,  # a run goes on from its checkpoint however often a worker dies
    "distributed.worker.memory.target": False,  # nothing of ours is worth spilling to disk
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.admin.system-monitor.interval": "5s",  # never read
    "distributed.admin.tick.interval": "500ms",  # a look at each event loop's health, fifty times a second otherwise
    "distributed.worker.memory.monitor-interval": "2s",
    "logging": {"distributed": "critical"},
}
LOOPBACK = "127.0.0.1"
CLOSING_SECONDS = 3


def main() -> None:
    """Serve until standard input closes."""
    lab = settings().lab
    threads = str(lab.threads_per_worker)
    os.environ |= {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    multiprocessing.set_start_method("forkserver" if FORKS else "spawn")
    if FORKS:
        _import_once_for_all()
    import dask

    with dask.config.set(QUIET), tempfile.TemporaryDirectory(prefix="seqviz-", ignore_cleanup_errors=True) as scratch:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        asyncio.run(_serve(lab, scratch))


def _import_once_for_all() -> None:
    """Let one process import what every worker needs while this one imports too; workers are its forks.

    Then the first trace comes seconds earlier, a worker that died is replaced at once, and their memory is shared.
    """
    multiprocessing.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


async def _serve(lab: LabSettings, scratch: str) -> None:
    from distributed import Scheduler  # imported late, as all that is large here: workers are getting ready beside it

    from seqviz.lab.connection import training_workers
    from seqviz.lab.worker import TRACE, TRAIN

    async with Scheduler(host=LOOPBACK, port=0, dashboard=False, dashboard_address=f"{LOOPBACK}:0") as scheduler:
        tracing = [_nanny(scheduler.address, lab, scratch, TRACE, i) for i in range(lab.trace_workers)]
        training = [_nanny(scheduler.address, lab, scratch, TRAIN, i) for i in range(training_workers(lab))]
        starting = asyncio.create_task(_start(tracing, training))
        sys.stdout.write(json.dumps({"address": scheduler.address}) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
        starting.cancel()
        closing = asyncio.gather(*(nanny.close(timeout=1) for nanny in tracing + training), return_exceptions=True)
        await asyncio.wait([closing], timeout=CLOSING_SECONDS)
        os._exit(0)  # workers still alive see that this process is gone, and go too


async def _start(tracing: list[Any], training: list[Any]) -> None:
    await asyncio.gather(*tracing)  # the first page waits for a trace
    await asyncio.gather(*training)


def _nanny(address: str, lab: LabSettings, scratch: str, purpose: str, number: int) -> Any:
    from distributed import Nanny

    return Nanny(
        address,
        name=f"{purpose}-{number}",
        nthreads=1,
        resources={purpose: 1},
        memory_limit=lab.memory_limit,
        host=LOOPBACK,
        dashboard=False,
        dashboard_address=f"{LOOPBACK}:0",
        local_directory=scratch,
        preload=["seqviz.lab.worker"],
        silence_logs=logging.CRITICAL,
    )


if __name__ == "__main__":
    main()
