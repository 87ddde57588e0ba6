"""The notebook runs from its first cell to its last, in a kernel of its own, and shows its finding."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

DOCS = Path(__file__).parents[2] / "docs"


def test_the_notebook_of_a_char_rnn_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(DOCS.parent))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(DOCS / "char_rnn.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 10
    assert all(not cell.outputs for cell in code)  # kept without: a test, not a file, says that it runs
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in code for output in cell.outputs]
    printed = "\n".join(output.get("data", {}).get("text/plain", "") for output in shown)
    assert "GradientFlow: 16 sequences × 60 steps" in printed
    assert "GateTrace: 16 sequences × 60 steps × 64 units" in printed
    drawn = [output.data for output in shown if "application/vnd.plotly.v1+json" in output.get("data", {})]
    assert len(drawn) >= 3
    assert "the gradient" in drawn[0]["application/vnd.plotly.v1+json"]["layout"]["title"]["text"]
