"""make says in one sentence what is missing, lists its recipes, and does nothing twice."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path):
    """A folder with the Makefile and what its stamps look at, where nothing is installed."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    for name in ("Makefile", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder, *words):
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # not a part of `make test`
    return subprocess.run(["make", *words], cwd=folder, env=alone, capture_output=True, text=True, check=False)


def test_without_a_python_that_is_new_enough_make_says_which_it_needs(checkout):
    done = make(checkout, "app", "PYTHONS=python-that-is-not-there")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("seqviz needs Python 3.11 or newer with its venv module")
    assert not (checkout / ".venv").exists()


def test_what_is_installed_is_not_installed_again(checkout):
    folder = checkout / ".venv"
    (folder / "bin").mkdir(parents=True)
    for name in ("bin/pip", ".app", ".test"):
        (folder / name).touch()
    planned = make(checkout, "--dry-run", "test").stdout.splitlines()
    assert len(planned) == 1
    assert "pytest" in planned[0]


def test_new_requirements_are_installed(checkout):
    assert "pip install" in make(checkout, "--dry-run", "app").stdout


def test_every_recipe_is_listed_with_what_it_does(checkout):
    recipes = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    listed = dict(re.findall(r"^make ([a-z-]+): (.+)$", make(checkout).stdout, re.MULTILINE))
    assert set(listed) == recipes
