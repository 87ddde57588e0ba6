"""The wheel holds the whole lab: from an environment of its own its command opens pages, and writes nothing there."""

import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from bench.app import free_port, wait_until_up
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SOURCES = ("seqviz", "pages", "pretrained", "static", ".streamlit", "app.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of an environment into which the wheel was installed; what it depends on is this environment's own."""
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "source").mkdir()
    for name in SOURCES:  # built from a copy: a build leaves folders behind
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / "source" / name)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, folder / "source"], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", wheel], check=True)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    ours = Path(pytest.__file__).parents[1]
    (site / "shared.pth").write_text(f"{ours}\n")
    return folder / "env"


def run(installed, *arguments):
    return subprocess.Popen(
        [installed / "bin" / "seqviz", *arguments],
        cwd=installed,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_its_command_opens_the_lab_and_writes_nothing_where_it_is_installed(installed, visit, tmp_path):
    port = free_port()
    address = f"http://localhost:{port}"
    before = {file: file.stat().st_mtime_ns for file in installed.rglob("*") if file.is_file()}
    process = run(installed, "--port", str(port), "--store", str(tmp_path / "mine"), "--no-browser")
    try:
        wait_until_up(address)
        one = visit(Server(address, tmp_path, process))
        for path in ("vanishing", "gates", "cost"):
            page = one.open(path)
            page.locator("[data-drawn]").first.wait_for()
            assert page.get_by_test_id("stException").count() == 0, path
            assert page.get_by_test_id("stAlert").count() == 0, path
    finally:
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert f"{address}/" in said
    assert str(tmp_path / "mine") in said
    assert {file: file.stat().st_mtime_ns for file in installed.rglob("*") if file.is_file()} == before


def test_its_command_says_what_it_takes(installed):
    process = run(installed, "--help")
    said, _ = process.communicate()
    assert process.returncode == 0
    for word in ("--host", "--port", "--store", "--no-browser", "open", "pretrain"):
        assert word in said


def test_the_package_is_the_installed_one(installed):
    code = "import seqviz, pathlib; print(pathlib.Path(seqviz.__file__).parent)"
    found = subprocess.run(
        [installed / "bin" / "python", "-c", code], cwd=installed, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(installed)
