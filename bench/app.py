"""The app as a visitor meets it: a separate server and store, and a Chromium that opens it."""

import errno
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.line import CannotMeasure

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = f"no Chromium found on this machine (looked for {', '.join(CHROMIUMS)})"
START_SECONDS = 60.0
PORTS = range(20_000, 32_768)  # below the first port that Linux, macOS and Windows give to outgoing connections


def find_chromium() -> str | None:
    """Return the path of this machine's Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@contextmanager
def browser() -> Iterator["Browser"]:
    """Give a running Chromium.

    Raises:
        CannotMeasure: there is none on this machine.
    """
    from playwright.sync_api import Error as PlaywrightError
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise CannotMeasure(NO_CHROMIUM)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])  # CI is root in a container
        try:
            yield running
        except PlaywrightError as error:
            raise CannotMeasure(f"the page did not come: {error.message.splitlines()[0]}") from error
        finally:
            running.close()


@contextmanager
def server(store: Path, *, port: int | None = None, **settings: str) -> Iterator[str]:
    """Start the app on a free port with ``store`` as its store, give its address at once, and end it afterwards.

    ``settings`` are environment variables. Call :func:`wait_until_up` if you need the server to answer.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    environment = {**os.environ, "SEQVIZ_STORE": str(store), "PYTHONUNBUFFERED": "1", **settings}
    store.mkdir(parents=True, exist_ok=True)
    with (store / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(address: str, seconds: float = START_SECONDS) -> None:
    """Return as soon as the server at ``address`` answers.

    Raises:
        TimeoutError: it does not within ``seconds``.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"the app at {address} did not answer within {seconds:.0f} s")


def free_port() -> int:
    """Return a port that nobody has at the moment, of those that no system gives to outgoing connections.

    A port that the system picks may be an outgoing connection's own by the time the app wants it.
    """
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return port
