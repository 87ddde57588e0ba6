"""A fresh server on a free port, and a Chromium page that may contact no other host."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest

from bench.app import free_port

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--num-raster-threads=1",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
)  # fmt: skip
START_SECONDS = 180
NOT_SEEN = """() => [...document.querySelectorAll("[class*=st-key-]")].filter(one => !one.getClientRects().length).map(
    one => one.className + " in " + one.closest("[data-stale]")?.outerHTML.slice(0, 300))"""
MOST_TOLD = 4000  # characters of a page, where a test failed on it
MEDIA = {"color_scheme": "light", "reduced_motion": "no-preference"}
DESKTOP = {"width": 1280, "height": 900}
KEPT_BY_A_SITE = "cookies,local_storage,indexeddb,cache_storage,service_workers"
PATIENCE = 60_000  # ms, for whatever a test waits for without saying how long: CI's machine may be busy


@dataclass
class Server:
    """A running app and the store it writes to."""

    address: str
    store: Path
    process: subprocess.Popen[bytes]


@dataclass
class Visit:
    """One browser page, with everything that went wrong in it."""

    page: Any
    server: Server
    new_tab: bool = False
    wrong: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note what goes wrong from now on, here and in what this page opens."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._fail)
        self.page.context.on("request", self._refuse)

    def leave(self) -> None:
        """Leave the browser as if this visit had not been, but for the app's files and its compiled scripts."""
        if self.page.url.startswith(self.server.address):
            self.page.evaluate("sessionStorage.clear()")
        self.page.unroute_all()
        self.page.goto("about:blank")
        context = self.page.context
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._fail)
        context.remove_listener("request", self._refuse)
        for page in context.pages:
            if page is not self.page:
                page.close()
        site = context.new_cdp_session(self.page)
        site.send("Storage.clearDataForOrigin", {"origin": self.server.address, "storageTypes": KEPT_BY_A_SITE})
        site.detach()
        context.clear_cookies()

    def _hear(self, said: Any) -> None:
        probe = "/_stcore/" in (said.location or {}).get("url", "")  # below a page's address, Streamlit first looks there
        if said.type == "error" and not probe:
            self.wrong.append(f"console: {said.text}")

    def _fail(self, error: Any) -> None:
        self.wrong.append(f"error: {error}")

    def _refuse(self, request: Any) -> None:
        """Note a request to anybody but the app; where it would have gone, no name is resolved."""
        if request.url.startswith("http") and urlparse(request.url).netloc != urlparse(self.server.address).netloc:
            self.wrong.append(f"outside request: {request.url}")

    def told(self) -> str:
        """Return what the browser shows just now, for the report of a test that failed."""
        state = self.page.evaluate("() => JSON.stringify(document.querySelector('[data-testid=stApp]')?.dataset)")
        not_seen = "\n".join(self.page.evaluate(NOT_SEEN))
        return f"{self.page.url}\n{state}\n{self.page.inner_text('body')[:MOST_TOLD]}\nNot seen:\n{not_seen}"

    def open(self, path: str = "") -> Any:
        """Open a path of the app and wait until nothing is running any more."""
        self.page.goto(f"{self.server.address}/{path}")
        return self.settle()

    def plain(self) -> Any:
        """Open a page of the server on which there is nothing, for what only computes in a browser."""
        self.page.goto(f"{self.server.address}/_stcore/health")
        return self.page

    def settle(self) -> Any:
        """Wait until the page is connected and no script has run for a moment."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]", timeout=60_000)
        for _ in range(2):
            self.page.wait_for_timeout(200)
            self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
        return self.page


def start_server(store: Path, *, port: int | None = None) -> Server:
    """Start the app as a person would, with a store of its own; return once it answers."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    said = store.with_name(f"{store.name}.log")
    with said.open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "SEQVIZ_STORE": str(store)}, start_new_session=True,
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    server = Server(f"http://localhost:{port}", store, process)
    deadline = time.monotonic() + START_SECONDS
    while not answers(f"{server.address}/_stcore/health"):
        if process.poll() is not None or time.monotonic() > deadline:
            ended = "is still starting" if process.poll() is None else f"ended with {process.returncode}"
            stop_server(server)
            pytest.fail(f"the app {ended}: {' '.join(command)}\n{said.read_text()[-MOST_TOLD:]}")
        time.sleep(0.1)
    return server


def stop_server(server: Server) -> None:
    """Stop the app and all it started."""
    if server.process.poll() is None:
        os.killpg(server.process.pid, signal.SIGTERM)
        try:
            server.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait(20)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server that has had no visitor yet."""
    server = start_server(tmp_path / "store")
    yield server
    stop_server(server)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all test modules that do it no harm: starting it takes longer than most tests."""
    server = start_server(tmp_path_factory.mktemp("store"))
    yield server
    stop_server(server)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for one test module alone."""
    server = start_server(tmp_path_factory.mktemp("store"))
    yield server
    stop_server(server)


@pytest.fixture(scope="session")
def window(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Chromium for the session: its own context, which keeps compiled scripts, so that pages open in half the time."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    with sync_playwright() as driver:
        profile = tmp_path_factory.mktemp("profile")
        running = driver.chromium.launch_persistent_context(profile, executable_path=chromium, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def tabs(window: Any) -> list[Any]:
    """Return one tab for each browser that no visit uses just now: a page opens in half the time where one was before."""
    return [window.pages[0]]


@pytest.fixture
def visit(window: Any, tabs: list[Any]) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a browser page on a server; at the end, nothing may have gone wrong in any of them."""
    visits: list[Visit] = []

    def opened(server: Server, *, viewport: dict[str, int] = DESKTOP, new_tab: bool = False, **media: str) -> Visit:
        """Visit in a tab that knows no earlier visit; a test that adds scripts to it takes a ``new_tab``."""
        tab = tabs.pop() if tabs and not new_tab else window.browser.new_context().new_page()
        tab.context.set_default_timeout(PATIENCE)
        one = Visit(tab, server, new_tab)
        one.page.set_viewport_size(viewport)
        one.page.emulate_media(**{**MEDIA, **media})
        one.listen()
        visits.append(one)
        return one

    opened.visits = visits  # type: ignore[attr-defined]  # what is open when a test fails is told in its report
    yield opened
    wrong = [each for one in visits for each in one.wrong]
    for one in reversed(visits):
        one.leave()
        if one.new_tab:
            one.page.context.close()
        else:
            tabs.append(one.page)
    assert not wrong


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Add to the report of a failed test what its browser showed: on a machine far away nobody can look."""
    report = yield
    visits = getattr(getattr(item, "funcargs", {}).get("visit"), "visits", [])
    if report.when == "call" and report.failed:
        report.sections += [(f"what browser page {place} showed", shown(one)) for place, one in enumerate(visits, 1)]
    return report


def shown(one: Visit) -> str:
    """Return what a page shows; where it cannot tell, since it is closed or on its way, what it says to that."""
    from playwright.sync_api import Error

    try:
        return one.told()
    except Error as error:
        return str(error)
