"""Start the lab from a terminal, and open what it is given in the browser."""

import os
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from seqviz.errors import StoreError
from seqviz.store import Store
from seqviz.ui.shell.home import HOME

NEEDED = ("streamlit", "distributed", "pandas", "sacrebleu")  # what the extra "app" installs
WEIGHTS = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")
FIRST_PORT, PORTS = 8501, 100
PATIENCE = 120  # seconds until a browser is no longer opened
DATA = Path.home() / ".seqviz"


@dataclass(frozen=True)
class Opened:
    """What of the lab is opened: a page of it, and what its settings must say for that."""

    page: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)  # environment variables
    weights: Path | None = None  # a file of weights, to be read with on the page
    vocabulary: Path | None = None  # and of its words


def what_is_at(path: Path, vocabulary: Path | None = None) -> Opened:
    """Return what opens ``path``: a folder of watched runs, a lab's store, a published Transformer's folder, or weights.

    Raises:
        StoreError: there is nothing there, or nothing that can be opened.
    """
    place = path.expanduser().resolve()
    if not place.exists():
        raise StoreError(f"there is no file or folder {path}")
    if place.is_file() and place.suffix.lower() in WEIGHTS:
        return Opened("weights", weights=place, vocabulary=None if vocabulary is None else vocabulary.expanduser().resolve())
    if (place / "watched").is_dir():
        return Opened("watched", {"SEQVIZ_STORE": str(place)})
    if place.name == "watched" and any(place.glob("*/about.json")):
        return Opened("watched", {"SEQVIZ_STORE": str(place.parent)})
    if (place / "runs").is_dir():
        return Opened("train", {"SEQVIZ_STORE": str(place)})
    if (place / "config.json").is_file():
        return Opened(f"heads?folder={place.name}", {"SEQVIZ_PUBLISHED": str(place.parent)})
    raise StoreError(
        f"{path} cannot be opened: it must be a folder of watched runs (with watched/ inside), a lab's store (with runs/ "
        f"inside), the folder of a published Transformer (with config.json inside) or a file of weights ({', '.join(WEIGHTS)})"
    )


def launch(opened: Opened, *, host: str, port: int | None, store: Path | None, browser: bool) -> int:
    """Run the lab until it is ended, and return its exit status.

    Args:
        opened: what to open in the browser.
        host: the address that it listens on; "0.0.0.0" lets other machines in.
        port: that it listens on; None for the first that is free from 8501 on.
        store: where runs are kept; None for the one that ``opened`` or SEQVIZ_STORE names, else ``~/.seqviz``.
        browser: whether to open a browser.

    Raises:
        StoreError: something that the lab needs is not installed, or the port is taken.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise StoreError(
            f'the lab needs {", ".join(missing)}: install it with its extra "app", as in pip install ".[app]" from a checkout '
            'or pip install "seqviz_lab-<version>-py3-none-any.whl[app]" from a wheel'
        )
    chosen = _port(host, port)
    environment = {"SEQVIZ_STORE": str(DATA), **_absolute(os.environ), **opened.settings}
    environment |= {} if store is None else {"SEQVIZ_STORE": str(store.expanduser().resolve())}
    page = opened.page if opened.weights is None else f"weights?weights={_kept(opened, environment['SEQVIZ_STORE'])}"
    address = f"http://{'localhost' if host in ('0.0.0.0', '::') else host}:{chosen}/{page}"
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", host, "--server.port", str(chosen),
        "--server.headless", "true",
    ]  # fmt: skip
    sys.stdout.write(f"seqviz: {address}\nRuns are kept in {environment['SEQVIZ_STORE']}. Ctrl-C ends it.\n")
    sys.stdout.flush()
    with subprocess.Popen(command, cwd=HOME, env=environment, stdout=subprocess.DEVNULL) as lab:
        if browser:
            threading.Thread(target=_browse, args=(address, (host, chosen), lab), daemon=True).start()
        return _until_it_ends(lab)


def _kept(opened: Opened, store: str) -> str:
    """Keep a file of weights in the store, and return its name there.

    Raises:
        SeqvizError: it cannot be read or kept, or its vocabulary is none.
    """
    assert opened.weights is not None
    try:
        words = None if opened.vocabulary is None else opened.vocabulary.read_bytes()
        return Store(store).own.add(opened.weights.read_bytes(), words)
    except FileNotFoundError as error:
        raise StoreError(f"there is no file {error.filename}") from error


def _absolute(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the paths that its settings name made absolute: the lab runs in a folder of its own."""
    paths = {name: environment.get(name) for name in ("SEQVIZ_STORE", "SEQVIZ_PUBLISHED", "SEQVIZ_SETTINGS")}
    return {**environment, **{name: os.path.abspath(path) for name, path in paths.items() if path and "://" not in path}}  # noqa: PTH100


def _port(host: str, asked: int | None) -> int:
    for port in [asked] if asked is not None else range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if asked is not None:
                    raise StoreError(f"port {port} of {host} cannot be used: {error.strerror or error}") from error
                continue
            return port
    raise StoreError(f"no port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} of {host} is free; name one by --port")


def _browse(address: str, listening: tuple[str, int], lab: "subprocess.Popen[bytes]") -> None:
    """Open a browser once the lab listens."""
    end = time.monotonic() + PATIENCE
    while lab.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(listening, timeout=1).close()
        except OSError:
            time.sleep(0.1)
            continue
        webbrowser.open(address)
        return


def _until_it_ends(lab: "subprocess.Popen[bytes]") -> int:
    try:
        return lab.wait()
    except KeyboardInterrupt:  # the lab got it too, and ends by itself
        return lab.wait()
