"""ARCHITECTURE.md's recipes hold: whoever follows one, here in a copy of the tree, has added what it says."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

STEP = '''
def min_gru_step(drive: Tensor, read: Tensor, state: State, weights: Weights) -> State:
    """Return the state of a minGRU after one more step; it reads the input alone."""
    update, candidate = drive.chunk(2, dim=-1)
    share = torch.sigmoid(update)
    return ((1 - share) * state[0] + share * torch.tanh(candidate),)


class MinGRU(OwnRNN):
    """A GRU whose gates read the input alone."""

    kind = "MINGRU"
    step = staticmethod(min_gru_step)

    @classmethod
    def shapes(cls, read: int, size: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of one layer's weights in one direction, by name."""
        return {"weight_ih": (2 * size, read), "bias_ih": (2 * size,)}


'''

MATHEMATICS = """
def _replay_min_gru(weights: Weights, inputs: Tensor, hidden: Tensor, initial: Tensor, cell: Tensor | None) -> Replay:
    sums = _product(inputs, weights.input, weights.input_bias).view(*hidden.shape[:2], 2, -1)
    gates = torch.stack([sums[:, :, 0].sigmoid(), sums[:, :, 1].tanh()], dim=2)
    return Replay(hidden=hidden, previous=_before(hidden, initial), gates=gates)


def _factors_min_gru(weights: Weights, replay: Replay) -> Factors:
    assert replay.gates is not None
    z, n = replay.gates.unbind(2)
    gates = torch.stack([(n - replay.previous) * _sigmoid_slope(z), z * _tanh_slope(n)], dim=2)
    return Factors(gates=gates, input_gates=gates, keep=1 - z)


"""

CELL = {  # file → what is put before which line
    "seqviz/experiment/cells.py": {
        "}  # fmt: skip": """    "mingru": CellSpec(
        title="minGRU", role="plum", gates=("update", "candidate"), chrono={"update": -1},
        modules={"tanh": CellModule(mode="MINGRU", module="MinGRU", step="min_gru_step", classes=("MinGRU",))},
    ),
""",
    },
    "seqviz/models/cells.py": {"def scanned(": STEP, "}\n\n\ndef recurrent_layers(": '    "MINGRU": own(MinGRU),\n'},
    "seqviz/tracing/cells.py": {
        "CELLS: Mapping": MATHEMATICS,
        '    "RNN_TANH":': """    "MINGRU": Cell(
        gates=("update", "candidate"), replay=_replay_min_gru, factors=_factors_min_gru
    ),
""",
    },
}

CHECK = """
import csv
from pathlib import Path

import torch
from seqviz import gradient_flow
from seqviz.experiment import CELLS, Experiment, RecurrentConfig, Seq2SeqConfig, TrainingConfig
from seqviz.experiment.task import AddingConfig
from seqviz.export.script import training_script
from seqviz.figures import gradient_flow_figure
from seqviz.training import Trainer
from seqviz.ui.lessons.train.train.settings import READING

assert CELLS["mingru"] == READING["mingru"] == "minGRU"
assert RecurrentConfig.rules()["name"].options["mingru"] == "minGRU"
assert Seq2SeqConfig(cell="mingru").cell == "mingru"

model = RecurrentConfig(name="mingru", hidden_size=5, layers=2, bidirectional=True, chrono=9, activation="relu")
assert model.activation == "tanh" and model.chrono == 9
training = TrainingConfig(batch_size=3, steps=2, threshold=0.1)
experiment = Experiment(task=AddingConfig(length=6), model=model, training=training, seed=5)
assert Experiment.from_query(experiment.to_query()) == Experiment.from_json(experiment.to_json()) == experiment

trainer = Trainer(experiment)
rows = [trainer.step() for _ in range(2)]
assert trainer.finished
assert set(trainer.probe().gate_means) == {"update"}

flow = gradient_flow(trainer.model.rnn, torch.randn(2, 6, 2), lambda output, final: output[:, -1].sum())
assert flow.hidden_norms.shape == (2, 2, 2, 6) and (flow.hidden_norms > 0).any()
gradient_flow_figure({"mingru": flow})

Path("script.py").write_text(training_script(experiment))
"""

SCRIPT = """
import csv, runpy, sys
assert not any(name.startswith("seqviz") for name in sys.modules)
runpy.run_path("script.py", run_name="__main__")
assert not any(name.startswith("seqviz") for name in sys.modules)
"""


def put(file: Path, additions: dict[str, str]) -> None:
    """Write each text before the line that begins as its key says."""
    source = file.read_text(encoding="utf-8")
    for before, text in additions.items():
        assert source.count(before) == 1, f"{before!r} is in {file} {source.count(before)} times"
        source = source.replace(before, text.lstrip("\n") + before)
    file.write_text(source, encoding="utf-8")


def run(tree: Path, code: str) -> None:
    """Run ``code`` in ``tree``, on the package that lies there."""
    command = [sys.executable, "-W", "error", "-c", f"import sys; sys.path.insert(0, {str(tree)!r})\n{code}"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.slow
def test_a_recurrent_cell_is_three_lines_of_tables_and_what_they_name(tmp_path):
    shutil.copytree(ROOT / "seqviz", tmp_path / "seqviz", ignore=shutil.ignore_patterns("__pycache__"))
    assert len(CELL) <= 4
    for name, additions in CELL.items():
        put(tmp_path / name, additions)
    run(tmp_path, CHECK + 'Path("rows.txt").write_text(repr([(row.loss, row.gradient_norm) for row in rows]))')
    run(tmp_path, SCRIPT)
    written = (tmp_path / "metrics.csv").read_text(encoding="utf-8").splitlines()[1:]
    found = [(float(loss), float(norm)) for _, loss, _, norm, *_ in (line.split(",") for line in written)]
    assert repr(found) == (tmp_path / "rows.txt").read_text(encoding="utf-8")
