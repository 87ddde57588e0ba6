"""Every command in the README works, and every link in it leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "pretrained/README.md")
]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_python_in_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec("".join(blocks("python")).replace(".show()", ""), names)  # showing it would open a browser
    assert names["flow"].hidden_norms.shape == (2, 1, 8, 100)
    assert [step.step for step in names["watched"].steps] == [0, 20, 40]
    assert len([*tmp_path.glob("runs/watched/*/step-*.safetensors")]) == 3


def test_every_make_recipe_in_the_readme_exists():
    recipes = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = set(re.findall(r"make ([a-z-]+)\b", "\n".join(blocks("sh")))) | {"lint", "fix", "bench"}
    assert told <= recipes


def test_readme_opens_with_the_two_commands():
    first = blocks("sh")[0]
    assert [line.split()[1] for line in first.splitlines()] == ["app", "test"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(document):
    targets = re.findall(r"\]\(([^)#]+)\)", document.read_text())
    missing = [target for target in targets if "://" not in target and not (document.parent / target).exists()]
    assert not missing
