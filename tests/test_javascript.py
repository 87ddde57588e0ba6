"""The browser's half keeps the rules of the rest: formatted, linted, typed, computed rightly; checked where there is Node."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "seqviz" / "ui").rglob("*.js"))
TESTS = sorted((ROOT / "tests" / "js").rglob("*.js"))
LONGEST_LINE = 128
INSTALLED, WANTED = ROOT / "node_modules" / ".package-lock.json", ROOT / "package-lock.json"


def run(*command):
    """Run a tool, and show what it says where it is not content."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


if shutil.which("npm") and shutil.which("node"):  # elsewhere this test is not there, since a skipped one fails

    @pytest.fixture(scope="module")
    def tools():
        """Install what package-lock.json names, once."""
        if not INSTALLED.exists() or INSTALLED.stat().st_mtime < WANTED.stat().st_mtime:
            run("npm", "ci", "--no-audit", "--no-fund")
            INSTALLED.touch()

    @pytest.mark.parametrize("script", ["lint", "types", "test"])
    def test_the_browsers_half_is_formatted_typed_and_computes_rightly(tools, script):
        run("npm", "run", "--silent", script)


def test_lines_are_as_long_as_those_of_python():
    long = {
        f"{file.relative_to(ROOT)}:{at}" for file in (*SCRIPTS, *TESTS) for at, length in lengths(file) if length > LONGEST_LINE
    }
    assert not long


def lengths(file):
    return ((at, len(line)) for at, line in enumerate(file.read_text().splitlines(), 1))


def test_no_script_is_left_out_of_the_checks():
    left_out = [file.name for file in (*SCRIPTS, *TESTS) if any(word in file.read_text() for word in ("@ts-", "biome-ignore"))]
    assert not left_out


def test_tests_mirror_the_source():
    for file in TESTS:
        if file.name.endswith(".test.js"):
            mirrored = file.relative_to(ROOT / "tests" / "js").with_name(file.name.replace(".test.js", ".js"))
            assert ROOT / "seqviz" / "ui" / "components" / mirrored in SCRIPTS, f"{mirrored} is no module"
