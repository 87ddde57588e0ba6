"""The reference builds without a warning, names everything at the public door, and fetches nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--config-file", ROOT / "docs" / "mkdocs.yml"]
    done = subprocess.run([*build, "--site-dir", folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_it_names_everything_at_the_public_door(site):
    import seqviz

    pages = "".join(page.read_text() for page in site.glob("*.html"))
    assert not {name for name in seqviz.__all__ if name not in ("figures", "records") and f".{name}" not in pages}


def test_its_pages_fetch_nothing_from_another_machine(site):
    for page in site.glob("*.html"):
        fetched = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"([^\"]+)\"", page.read_text())
        assert not [one for one in fetched if one.startswith(("http", "//"))], page.name
