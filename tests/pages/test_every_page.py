"""Every page in the table renders, one after another in one process, which never imports torch."""

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "seqviz" / "ui" / "lessons"

VISIT = """
import functools
import sys
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from seqviz.ui.shell.app import PAGES

manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)  # as a server does
pages = [page["page"] for wing in PAGES.values() for page in wing if not page.get("default")]
for page in ["app.py", *pages]:  # app.py opens the default one
    app = AppTest.from_file(page, default_timeout=120).run()
    said = [error.value for error in (*app.exception, *app.error)]
    assert not said, (page, said)
    assert app.title, page
    assert "torch" not in sys.modules, f"{page} imports torch into the web process"
print("visited")
"""


def test_the_web_process_never_imports_torch_whatever_page_is_visited(tmp_path):
    settings = tmp_path / "patient.toml"
    settings.write_text("[lab]\ntrace_seconds = 120\n")  # two cores may be busy with other tests
    visit = subprocess.run(
        [sys.executable, "-c", VISIT],
        cwd=ROOT,
        env={**os.environ, "SEQVIZ_STORE": str(tmp_path), "SEQVIZ_SETTINGS": str(settings)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert visit.stdout.strip() == "visited", visit.stderr


PAGES = sorted((ROOT / "pages").rglob("*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_lessons_page_folder_prose_and_address_share_one_name(page):
    wing, name = page.parent.name, page.stem
    settings = import_module(f"seqviz.ui.lessons.{wing}.{name}.settings")
    assert name == settings.NAME
    assert (ROOT / "seqviz" / "content" / "en" / f"{name}.md").is_file()
    begun = [
        node.items[0].context_expr for node in ast.parse(page.read_text()).body if isinstance(node, ast.With)
    ]  # fmt: skip
    assert [(each.func.id, each.args[0].id) for each in begun] == [("begin_page" if name == "home" else "lesson", "NAME")]


def test_no_folder_and_no_prose_is_left_without_a_page():
    lessons = {folder.relative_to(LESSONS).as_posix() for folder in LESSONS.glob("*/*/") if (folder / "__init__.py").is_file()}
    assert lessons == {page.relative_to(ROOT / "pages").with_suffix("").as_posix() for page in PAGES}
    assert {file.stem for file in (ROOT / "seqviz" / "content" / "en").glob("*.md")} == {page.stem for page in PAGES}


def test_every_page_file_is_in_the_table():
    from seqviz.ui.shell.app import PAGES

    listed = {page["page"] for wing in PAGES.values() for page in wing}
    assert listed == {file.relative_to(ROOT).as_posix() for file in (ROOT / "pages").rglob("*.py")}
