"""Every page of the table stands, one after another in one process, which never imports torch."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

VISIT = """
import sys
from streamlit.testing.v1 import AppTest
from seqviz.ui.shell.app import PAGES

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


def test_every_page_file_is_in_the_table():
    from seqviz.ui.shell.app import PAGES

    listed = {page["page"] for wing in PAGES.values() for page in wing}
    assert listed == {file.relative_to(ROOT).as_posix() for file in (ROOT / "pages").rglob("*.py")}
