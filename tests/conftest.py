"""What all tests share. seqviz is not imported here, so that its shapes are checked from the first import on."""

import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.app import NO_CHROMIUM, find_chromium

TESTS = Path(__file__).parent
LONG = ("test_architecture.py", "pages/test_every_page.py", "browser/", "seqviz/lab/")  # files that take longest come first

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run side by side; set before torch reads it


@pytest.fixture(scope="session", autouse=True)
def session_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Runs that a test leaves behind are stored here, never in the checkout's ``data``."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQVIZ_STORE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """Let Streamlit look for installed components once, as a server does, instead of at every run of an ``AppTest``."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty store that no other test sees; the settings of this process point to it."""
    from seqviz.settings import settings

    folder = tmp_path / "store"
    monkeypatch.setenv("SEQVIZ_STORE", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of this machine's Chromium; a test that asks for it skips where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that workers that take one file after another finish together."""
    items.sort(key=lambda item: next((place for place, long in enumerate(LONG) if _is_in(item, long)), len(LONG)))


def _is_in(item: pytest.Item, place: str) -> bool:
    return item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).as_posix().startswith(place)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what collection made: Streamlit lets it go over everything after every run."""
    gc.freeze()


def nothing_may_skip() -> bool:
    """Return whether a skipped test counts as failed: on a machine that is set up to run them all."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    return _refused(report) if nothing_may_skip() else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _refused(report) if nothing_may_skip() else report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} browser tests did not run: {NO_CHROMIUM}; install one to run them", yellow=True
        )


def _refused(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"skipped, where CI is set and nothing may skip: {reason}"
    return report
