"""The web process's connection to the workers: started or joined in the background, and shared."""

import atexit
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import seqviz
from seqviz.errors import JobError
from seqviz.settings import LabSettings, Settings

START_SECONDS = 60
JOIN_SECONDS = 10
CLOSING_SECONDS = 6
SIDE_BY_SIDE = 3  # an RNN, an LSTM and a GRU are watched together, also where cores are fewer
ENDED_ABRUPTLY = (
    "ignore:resource_tracker:UserWarning"  # multiprocessing's, of semaphores that the end of a process frees anyway
)


class Connection:
    """One Dask client, and the child process that holds its workers unless a scheduler is given. Safe from many threads.

    Opened in the background; opened again by the next :meth:`client` where the child or the scheduler was lost.
    """

    def __init__(self, chosen: Settings) -> None:
        self._settings = chosen
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._client: Any = None
        self._child: subprocess.Popen[str] | None = None
        self._why_not = ""
        self._overlay: Path | None = None
        self._closed = False
        self._begin()
        atexit.register(self.close)

    def client(self) -> Any:
        """Return the client, once it is there.

        Raises:
            JobError: the workers could not be started or reached.
        """
        with self._lock:
            if self._ready.is_set() and not self._alive() and not self._closed:
                self._end()
                self._begin()
        if not self._ready.wait(START_SECONDS):
            raise JobError(f"the workers did not start within {START_SECONDS} seconds")
        if self._client is None or self._closed:
            raise JobError(self._why_not or "the lab is closed")
        return self._client

    def places(self, purpose: str) -> tuple[int, dict[str, int] | None]:
        """Return how many workers take tasks of ``purpose``, and the resources that such a task must ask for.

        Workers of a cluster that names no such resource take every task.
        """
        if self._child is not None:
            lab = self._settings.lab
            return (training_workers(lab) if purpose == "train" else lab.trace_workers), {purpose: 1}
        workers = self.client().scheduler_info(n_workers=-1).get("workers", {}).values()
        meant = sum(purpose in worker["resources"] for worker in workers)
        return (meant, {purpose: 1}) if meant else (max(1, len(workers)), None)

    @property
    def child_pid(self) -> int | None:
        """The process that holds this machine's workers."""
        return self._child.pid if self._child is not None else None

    def close(self) -> None:
        """Let go of the client and end the child process with its workers."""
        atexit.unregister(self.close)
        self._ready.wait(START_SECONDS)
        with self._lock:
            self._closed = True
            self._end()

    def _begin(self) -> None:
        self._ready.clear()
        threading.Thread(target=self._open, name="seqviz-connection", daemon=True).start()

    def _alive(self) -> bool:
        if self._client is None or (self._child is not None and self._child.poll() is not None):
            return False
        return self._client.status in ("running", "connecting")

    def _end(self) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
        if self._client is not None:
            self._client.close(timeout=1)
        if self._child is not None:
            _ended(self._child)
        if self._overlay is not None:
            self._overlay.unlink(missing_ok=True)
        self._client = self._child = self._overlay = None

    def _open(self) -> None:
        try:
            address = self._settings.lab.scheduler or self._start_child()
            self._client = _connected(address, JOIN_SECONDS if self._settings.lab.scheduler else START_SECONDS)
        except (OSError, ValueError) as error:
            place = self._settings.lab.scheduler or "this machine"
            self._why_not = f"the workers on {place} could not be started or reached: {error}"
        finally:
            self._ready.set()

    def _start_child(self) -> str:
        handle, name = tempfile.mkstemp(prefix="seqviz-", suffix=".toml")
        os.close(handle)
        self._overlay = Path(name)
        self._overlay.write_text(_as_toml(self._settings))
        root = str(Path(seqviz.__file__).parent.parent)  # the app's folder may not be the current one
        paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        own = {"SEQVIZ_SETTINGS": name, "SEQVIZ_STORE": self._settings.store.url, "SEQVIZ_SCHEDULER": "", "PYTHONPATH": paths}
        own["PYTHONWARNINGS"] = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), ENDED_ABRUPTLY]))
        self._child = subprocess.Popen(
            [sys.executable, "-m", "seqviz.lab.cluster"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | own,
            text=True,
            start_new_session=True,  # Ctrl-C is for the app; the workers end when it does
        )
        assert self._child.stdout is not None
        return str(json.loads(self._child.stdout.readline())["address"])


def training_workers(lab: LabSettings) -> int:
    """Return how many runs this machine trains at once: as set, or one for each core and never under SIDE_BY_SIDE."""
    return lab.workers or max(SIDE_BY_SIDE, os.cpu_count() or 1)


def _connected(address: str, seconds: int) -> Any:
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters comes back as an error
    return Client(  # type: ignore[no-untyped-call]
        address, set_as_default=False, timeout=seconds, name="seqviz"
    )


def _as_toml(chosen: Settings) -> str:
    parts = asdict(chosen)
    lines = [
        f"[{part}]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in parts[part].items()) for part in parts
    ]
    return "\n".join(lines)


def _ended(child: "subprocess.Popen[str]") -> None:
    try:
        child.wait(CLOSING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()
