"""The house keeps its plan: imports look down, pieces stay small, the web process never loads torch, nothing calls out."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = sorted((ROOT / "seqviz").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
APP = [ROOT / "app.py", *PAGES]
WEB = [
    "seqviz",
    "seqviz.experiment",
    "seqviz.corpora",
    "seqviz.scenes",
    "seqviz.store",
    "seqviz.subjects",
    "seqviz.measures",
    "seqviz.questions",
    "seqviz.lab",
    "seqviz.figures",
    "seqviz.export",
    "seqviz.ui",
]

TEMPLATES = "seqviz/export/templates"  # the code of scripts: it imports torch, is read as text, and nothing imports it

# What each package may import: anything else takes a tool from another layer.
HOMES = {
    "torch": (
        "seqviz/tracing",
        "seqviz/models",
        "seqviz/tasks",
        "seqviz/training",
        "seqviz/watching",
        "seqviz/answers",
        "seqviz/lab/worker.py",
        "seqviz/pretrain",
        TEMPLATES,
    ),
    "streamlit": ("seqviz/ui", "pages", "app.py"),
    "plotly": ("seqviz/figures", "seqviz/ui"),
    "distributed": ("seqviz/lab",),
    "dask": ("seqviz/lab",),
    "safetensors": ("seqviz/store", "seqviz/export", "seqviz/models/published/model.py", "seqviz/models/own.py"),
    "transformers": ("seqviz/models/published/model.py", "seqviz/watching/trainer.py"),
    "fsspec": ("seqviz/store",),
}
INPUTS = {
    "checkbox", "color_picker", "date_input", "file_uploader", "feedback", "multiselect", "number_input", "pills", "radio",
    "segmented_control", "select_slider", "selectbox", "slider", "text_area", "text_input", "time_input", "toggle",
}  # fmt: skip
BRINGING = {  # what a person hands over is no setting of a page: texts, files, and the name of a run
    "seqviz/ui/lessons/train/train/texts.py",
    "seqviz/ui/lessons/train/train/sentences.py",
    "seqviz/ui/lessons/train/train/listing.py",
    "seqviz/ui/lessons/transformer/heads/bringing.py",
    "seqviz/ui/lessons/own/weights/bringing.py",
}
CALLS_OUT = ("requests", "httpx", "aiohttp", "urllib.request", "http.client", "ftplib", "smtplib")


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def run(*command: str) -> None:
    """Run a tool of this Python's, and show what it says where it is not content."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def lines_of_code(body: list[ast.stmt], source: str) -> int:
    """Count the lines of ``body`` that hold code: no docstring, no comment, no blank line."""
    strings = [node for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    dropped = {line for node in strings for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    first, last = body[0].lineno, body[-1].end_lineno or body[-1].lineno
    written = source.splitlines()
    return sum(number not in dropped and bool(re.match(r"\s*[^#\s]", written[number - 1])) for number in range(first, last + 1))


def functions() -> Iterator[tuple[str, int]]:
    """Give every function of the package and the app with its lines of code, nested ones within their own."""
    for file in [*PACKAGE, *APP]:
        source = file.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(file)}:{node.lineno} {node.name}", lines_of_code(node.body, source)


def test_imports_only_look_down():
    run("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))")


def test_ruff_has_nothing_to_say():
    run("-m", "ruff", "check", "--no-cache", ".")


def test_everything_is_formatted():
    run("-m", "ruff", "format", "--no-cache", "--check", ".")


@pytest.mark.sweep  # make lint runs it too
def test_types_hold():
    run("-m", "mypy")


def test_a_library_is_imported_only_where_it_belongs():
    strays = {
        f"{name_of(file)} imports {library}"
        for file in [*PACKAGE, *APP]
        for library in (module.split(".")[0] for module in imported(file))
        if library in HOMES and not name_of(file).startswith(HOMES[library])
    }
    assert not strays, f"allowed: {HOMES}"


@pytest.mark.parametrize("module", WEB)
def test_importing_what_the_web_process_uses_does_not_import_torch(module):
    walk = (
        "import importlib, pkgutil, sys\n"
        f"package = importlib.import_module({module!r})\n"
        f"if hasattr(package, '__path__') and {module!r} != 'seqviz':\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        f"        if not found.name.startswith({TEMPLATES.replace('/', '.')!r}):\n"
        "            importlib.import_module(found.name)\n"
        "sys.exit('torch' in sys.modules)\n"
    )
    run("-c", walk)


def test_templates_are_read_as_text_and_never_imported():
    outside = [file for file in [*PACKAGE, *APP] if not name_of(file).startswith(TEMPLATES)]
    assert not [name_of(file) for file in outside for module in imported(file) if TEMPLATES.replace("/", ".") in module]


def test_only_the_shell_draws_the_widgets_of_settings():
    drawn = {
        name_of(file)
        for file in [*APP, *(ROOT / "seqviz/ui/lessons").rglob("*.py"), *(ROOT / "seqviz/ui/runs").rglob("*.py")]
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in INPUTS and ast.unparse(node.value) in ("st", "streamlit")
    }
    assert drawn == BRINGING, "a control is declared once, and drawn by `page.control` or `page.offer`"


def test_pages_stay_under_60_lines_of_code():
    sizes = {name_of(file): lines_of_code(ast.parse(source := file.read_text()).body, source) for file in APP}
    assert all(lines <= 60 for lines in sizes.values()), sizes


def test_functions_are_short():
    sizes = dict(functions())
    long = {name: lines for name, lines in sizes.items() if lines > 15}
    longest = {name: lines for name, lines in sizes.items() if lines > 30}
    assert not longest, f"over 30 lines of code: {longest}"
    assert len(long) <= 0.08 * len(sizes), f"over 15 lines of code: {long}"


def test_nothing_calls_out():
    outside = {
        (name_of(file), module) for file in [*PACKAGE, *APP] for module in imported(file) if module.startswith(CALLS_OUT)
    }
    assert not outside


def test_what_the_browser_gets_names_no_other_machine():
    for file in [file for kind in ("*.js", "*.css", "*.html") for file in (ROOT / "seqviz").rglob(kind)]:
        addresses = set(re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}", file.read_text()))
        assert addresses <= {"http://www.w3.org"}, f"{name_of(file)}: {addresses}"


def test_the_public_door_is_complete_and_sorted():
    import seqviz
    import seqviz.tracing

    assert list(seqviz.__all__) == sorted(seqviz.__all__)
    assert set(seqviz.__all__) <= set(dir(seqviz))
    assert all(getattr(seqviz, name) is not None for name in seqviz.__all__)
    assert {"trace_gates", "gradient_flow", "gradient_map", "jacobians"} <= set(seqviz.__all__)


def test_tests_mirror_the_source():
    for file in (ROOT / "tests" / "seqviz").rglob("test_*.py"):
        mirrored = ROOT / file.relative_to(ROOT / "tests").with_name(file.name.removeprefix("test_"))
        assert mirrored.exists() or mirrored.with_suffix("").is_dir(), f"{name_of(file)} tests no module of that name"


def test_every_test_file_says_what_it_claims():
    silent = [
        name_of(file) for file in (ROOT / "tests").rglob("test_*.py") if not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert not silent


def test_everything_installed_is_pinned():
    for name in ("requirements.txt", "requirements-test.txt"):
        wanted = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
        assert all(re.fullmatch(r"[\w-]+==[\w.]+", line) for line in wanted), f"{name} leaves a version open"


def test_everything_the_package_reads_is_installed_with_it():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    installed = {file for form in tools["setuptools"]["package-data"]["seqviz"] for file in (ROOT / "seqviz").glob(form)}
    there = {file for file in (ROOT / "seqviz").rglob("*.*") if file.is_file() and file.suffix not in (".py", ".pyc")}
    assert there == installed


def test_the_library_asks_for_nothing_that_requirements_do_not_pin():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = set(re.findall(r"^[\w-]+", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    asked = {re.match(r"[\w-]+", wish)[0] for wish in [*project["dependencies"], *project["optional-dependencies"]["app"]]}
    assert asked == pinned


def test_nothing_is_promised():
    promises = re.compile(r"\b(TODO|FIXME|XXX|coming soon|not yet implemented)\b", re.IGNORECASE)
    assert not [name_of(file) for file in [*PACKAGE, *APP] if promises.search(file.read_text())]
