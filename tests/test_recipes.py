"""ARCHITECTURE.md's recipes hold: each is followed in a copy of the tree."""

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
        title="minGRU", colour="violet", gates=("update", "candidate"), chrono={"update": -1},
        modules={"tanh": CellModule(mode="MINGRU")},
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
from seqviz.figures.look import PALETTE, colour_of
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
assert colour_of("mingru") == PALETTE["violet"]

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


def run(tree: Path, code: str, *, warnings: str = "error") -> None:
    """Run ``code`` in ``tree``, on the package there."""
    command = [sys.executable, "-W", warnings, "-c", f"import sys; sys.path.insert(0, {str(tree)!r})\n{code}"]
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
    assert trained_by_script(tmp_path) == (tmp_path / "rows.txt").read_text(encoding="utf-8")


QUESTION = {
    "seqviz/records/mean_state.py": '''
"""The mean of a recurrent network's states, by time step."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, kw_only=True)
class MeanState:
    """The mean over units and sequences of the last layer's hidden state."""

    means: Float[np.ndarray, " time"]
''',
    "seqviz/tracing/mean_state.py": '''
"""The mean of a recurrent network's states, by time step."""

from torch import Tensor, nn

from seqviz.records.mean_state import MeanState
from seqviz.tracing.gates import trace_gates


def mean_state(rnn: nn.RNNBase, inputs: Tensor) -> MeanState:
    """Return the mean state at each step of what ``rnn`` reads."""
    return MeanState(means=trace_gates(rnn, inputs).hidden[-1, 0].mean(axis=(0, 2)))
''',
    "seqviz/answers/mean_state.py": '''
"""The mean of a recurrent network's states, by time step."""

from seqviz.answers.opened import open_within_limits
from seqviz.questions import MEAN_STATE
from seqviz.records.mean_state import MeanState
from seqviz.subjects.recurrent import Reading
from seqviz.tracing.mean_state import mean_state


def answer_mean_state(subject: Reading) -> MeanState:
    """Return the mean state at each step."""
    opened = open_within_limits(MEAN_STATE, subject)
    return mean_state(opened.model.rnn, opened.inputs)
''',
    "seqviz/figures/mean_state.py": '''
"""The mean of a recurrent network's states, by time step."""

import plotly.graph_objects as go

from seqviz.records.mean_state import MeanState


def mean_state_figure(record: MeanState) -> go.Figure:
    """Return the mean state at each step."""
    return go.Figure(go.Scatter(y=record.means), {"title": f"It ends at {record.means[-1]:.3g}"})
''',
}
QUESTION_LINES = {
    "seqviz/questions.py": {
        "from seqviz.subjects.caption ": "from seqviz.records.mean_state import MeanState\n",
        "NUDGE = ": 'MEAN_STATE = Question("mean_state", Reading, MeanState)\n',
    },
}

PAGE = {
    "pages/recurrent/mean.py": '''
"""The mean state of a network, step by step."""

from seqviz.ui.lessons.recurrent.mean.settings import CONTROLS, NAME
from seqviz.ui.lessons.recurrent.mean.views import means
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS) as page:
    means(page)
''',
    "seqviz/ui/lessons/recurrent/mean/__init__.py": '"""The parts of the page "Mean states"."""\n',
    "seqviz/ui/lessons/recurrent/mean/settings.py": '''
"""What the page "Mean states" can be set to."""

from seqviz.subjects.recurrent import UntrainedNetwork
from seqviz.ui.shell.links import controls_of

NAME = "mean"
CONTROLS = controls_of(UntrainedNetwork, only=("length",))
''',
    "seqviz/ui/lessons/recurrent/mean/views.py": '''
"""The view of the page "Mean states"."""

from seqviz.figures.mean_state import mean_state_figure
from seqviz.questions import MEAN_STATE
from seqviz.subjects.recurrent import UntrainedNetwork
from seqviz.ui.components.figure import show
from seqviz.ui.shell.cache import traced
from seqviz.ui.shell.page import Page


def means(page: Page) -> None:
    """The mean state at each step."""
    page.control("length")
    show(mean_state_figure(traced(MEAN_STATE, page.config(UntrainedNetwork))), key="mean.figure")
''',
    "seqviz/content/en/mean.md": "How far is a state from 0?\n\n## why\nIt is squashed.\n\n## sources\nThis lab.\n",
}
PAGE_LINES = {
    "seqviz/ui/shell/app.py": {
        '        {"page": "pages/train/train.py"': '        {"page": "pages/recurrent/mean.py", "title": "Mean states"},\n'
    },
}

VISIT_PAGE = """
from streamlit.testing.v1 import AppTest

import seqviz.lab
from seqviz.answers.answering import ANSWERS
from seqviz.subjects.recurrent import UntrainedNetwork


class LabInThisProcess:
    def trace(self, question, subject):
        return ANSWERS[question.name](subject)


seqviz.lab.Lab = LabInThisProcess
app = AppTest.from_file("app.py", default_timeout=120)
app.query_params["length"] = "7"
app = app.switch_page("pages/recurrent/mean.py").run()
assert not app.exception and not app.error and not app.warning, app
assert app.title[0].value == "Mean states"
assert app.slider[0].value == 7
record = ANSWERS["mean_state"](UntrainedNetwork(length=7))
assert len(record.means) == 7
sent = " ".join(one.proto.mixed.json or one.proto.json for one in app.get("bidi_component"))
assert f"It ends at {record.means[-1]:.3g}" in sent
"""

SETTING_LINES = {
    "seqviz/experiment/task.py": {
        '    dependent: bool = flag(True, "the answer': '    rare: float = real(0.0, 0.0, 1.0, "rare", added=True)\n'
    },
}

CHECK_SETTING = """
from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import LagConfig
from seqviz.training import Trainer
from seqviz.ui.lessons.train.train.settings import CONTROLS
from seqviz.ui.runs.sharing import read_run, write_run

plain = Experiment(task=LagConfig(), model=RecurrentConfig())
assert plain.run_id == ADDRESS, "a run that leaves the setting alone keeps its address"
rare = Experiment(task=LagConfig(rare=0.5), model=RecurrentConfig(hidden_size=4))
assert rare.run_id != Experiment(task=LagConfig(), model=RecurrentConfig(hidden_size=4)).run_id
assert read_run(write_run(rare)) == rare
assert CONTROLS["lag.rare"].rule.title == "rare"
Trainer(rare).step()
"""


def copied(tmp_path: Path, *folders: str) -> Path:
    """Return a copy of the tree's ``folders`` and of what the app is begun with."""
    for folder in ("seqviz", *folders):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    shutil.copytree(ROOT / ".streamlit", tmp_path / ".streamlit")
    return tmp_path


def write(tree: Path, files: dict[str, str]) -> None:
    """Write new files."""
    for name, text in files.items():
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), encoding="utf-8")


def test_a_question_and_a_page_are_a_line_each_and_the_files_of_their_names(tmp_path):
    tree = copied(tmp_path, "pages")
    write(tree, QUESTION | PAGE)
    for name, additions in (QUESTION_LINES | PAGE_LINES).items():
        put(tree / name, additions)
    run(tree, VISIT_PAGE, warnings="default")  # Streamlit warns outside a server


def test_a_setting_is_one_line_and_leaves_the_address_of_older_runs(tmp_path):
    from seqviz.experiment import Experiment, RecurrentConfig
    from seqviz.experiment.task import LagConfig

    tree = copied(tmp_path)
    for name, additions in SETTING_LINES.items():
        put(tree / name, additions)
    address = Experiment(task=LagConfig(), model=RecurrentConfig()).run_id
    run(tree, CHECK_SETTING.replace("ADDRESS", repr(address)))


TASK = {
    "seqviz/tasks/echo.py": '''
"""Echo: name the symbol of the step before."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from seqviz.experiment.task import EchoConfig
from seqviz.tasks.judging import accuracy, cross_entropy
from seqviz.tasks.task import Task


def echo_batch(
    size: int, length: int, generator: torch.Generator
) -> tuple[Float[Tensor, "batch time 4"], Int[Tensor, "batch time"]]:
    """Return sequences over four symbols, and at every step the symbol before it (-100 at the first)."""
    symbols = torch.randint(0, 4, (size, length), generator=generator)
    targets = torch.full((size, length), -100)
    targets[:, 1:] = symbols[:, :-1]
    return F.one_hot(symbols, 4).float(), targets


def build_echo(config: EchoConfig) -> Task:
    """Return the echo task."""
    return Task(
        input_size=4,
        output_size=4,
        draw=lambda size, generator: echo_batch(size, config.length, generator),
        judge_loss=cross_entropy,
        judge_metric=accuracy,
    )
''',
}
TASK_LINES = {
    "seqviz/experiment/task.py": {
        "@dataclass(frozen=True, kw_only=True)\nclass SpiralsConfig": '''
@dataclass(frozen=True, kw_only=True)
class EchoConfig(SteppedConfig):
    """At every step, name the symbol before it."""

    kind: ClassVar[str] = "task"
    name: str = choice("echo", {"echo": "echo"}, "task")
    length: int = integer(10, 2, 1000, "sequence length T")


''',
        '    "characters": TaskSpec(': """
    "echo": TaskSpec(
        title="echo", config=EchoConfig, answer="every", loss="cross-entropy (nats)",
        metric="accuracy", metric_rises=True, bidirectional=None, baseline=lambda task: math.log(4),
    ),
""",
    },
    "seqviz/tasks/__init__.py": {
        "from seqviz.tasks.lag ": "from seqviz.tasks.echo import build_echo\n",
        '    "lag": lambda': '    "echo": lambda config, text: build_echo(config),\n',
    },
}

CHECK_TASK = """
from pathlib import Path

import torch
from seqviz import gradient_flow
from seqviz.experiment import Experiment, RecurrentConfig, TrainingConfig
from seqviz.experiment.task import EchoConfig
from seqviz.export.script import training_script
from seqviz.training import Trainer
from seqviz.ui.lessons.train.train.settings import CONTROLS
from seqviz.ui.runs.sharing import read_run, write_run

assert CONTROLS["task"].rule.options["echo"] == "echo"
assert CONTROLS["echo.length"].rule.title == "sequence length T"
training = TrainingConfig(batch_size=3, steps=2)
experiment = Experiment(task=EchoConfig(length=6), model=RecurrentConfig(hidden_size=4), training=training)
assert read_run(write_run(experiment)) == experiment
trainer = Trainer(experiment)
rows = [trainer.step() for _ in range(2)]
flow = gradient_flow(trainer.model.rnn, torch.randn(2, 6, 4), lambda output, final: output[:, -1].sum())
assert flow.hidden_norms.shape == (1, 1, 2, 6)
Path("script.py").write_text(training_script(experiment))
Path("rows.txt").write_text(repr([(row.loss, row.gradient_norm) for row in rows]))
"""


@pytest.mark.slow
def test_a_task_is_its_file_and_three_lines_of_tables(tmp_path):
    tree = copied(tmp_path)
    write(tree, TASK)
    for name, additions in TASK_LINES.items():
        put(tree / name, additions)
    run(tree, CHECK_TASK)
    run(tree, SCRIPT)
    assert trained_by_script(tree) == (tree / "rows.txt").read_text(encoding="utf-8")


def trained_by_script(tree: Path) -> str:
    """Return the losses and gradient norms that the script in ``tree`` has written."""
    written = (tree / "metrics.csv").read_text(encoding="utf-8").splitlines()[1:]
    return repr([(float(loss), float(norm)) for _, loss, _, norm, *_ in (line.split(",") for line in written)])
