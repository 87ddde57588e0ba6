"""An experiment as one plain-PyTorch script that a student can read, run and change."""

from dataclasses import replace

from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.task import TaskConfig
from seqviz.export.head import script_head
from seqviz.export.known import Record
from seqviz.export.parts import Parts, import_lines, linked, record_of
from seqviz.export.plan import Plan, plan_of
from seqviz.export.sentences import sentences_of
from seqviz.export.source import has_module

TEMPLATES = "seqviz.export.templates"


def training_script(
    experiment: Experiment, ancestors: tuple[Experiment, ...] = (), *, threads: int = 1, text: str | None = None
) -> str:
    """Return a Python script that trains ``experiment`` with torch alone and writes the same metrics as the lab.

    On the kind of machine that the lab ran on, with the same version of torch, they are the same to the last bit.

    Args:
        experiment: what to train.
        ancestors: the experiments it goes on from: its parent, that one's parent, and so on.
        threads: of the worker that trained it; sums are rounded in another order by another number.
        text: the person's own sentences, where the experiment translates such; a script holds what it learns from.

    Raises:
        ConfigError: an ancestor is missing or does not fit, no script can be written of the model or the task, or the
            sentences are too many.
        TextError: the person's own sentences are missing.
    """
    plan = plan_of(experiment, ancestors, threads=threads)
    line = tuple(stage.experiment for stage in plan.stages)
    data = sentences_of([one.task for one in line], text)
    parts = script_parts(plan)
    blocks = [
        f"{script_head(line)}\n{import_lines(parts.imports)}\n\ntorch.set_num_threads({threads})  # as in the lab",
        str(parts),
        *([data] if data else []),  # the sentences come after what is worth reading
        'if __name__ == "__main__":\n    main()\n',
    ]
    return "\n\n\n".join(block.strip("\n") for block in blocks) + "\n"


def script_parts(plan: Plan) -> Parts:
    """Return what a script is made of, in its order: the data, the network, the training."""
    stages = tuple(replace(stage, task=task_record(stage.experiment.task)) for stage in plan.stages)
    plan, task, model = replace(plan, stages=stages), stages[0].task, plan.first.model
    settings = {"PLAN": plan, "task": task, "MODEL": model, "config": model, "self.config": model}
    if plan.cell:
        settings |= {"CELL": plan.cell, "rnn.mode": plan.cell.mode}
    if isinstance(model, RecurrentConfig):
        settings |= {"where": model.dropout}  # as models/dropout.py calls it
    drawing = [(name, task.module) for name in task.needs]
    training = [("build_network", f"{TEMPLATES}.networks"), ("main", f"{TEMPLATES}.training")]
    return linked([*drawing, *training], settings, given=["SENTENCES"])


def task_record(config: TaskConfig) -> Record:
    """Return what builds a task's data and judges its answers.

    A task whose data must travel with the script is built as its template does, every other as the lab does.
    """
    name = str(config.to_json()["name"])
    home = f"{TEMPLATES}.{name}" if has_module(f"{TEMPLATES}.{name}") else f"seqviz.tasks.{name}"
    return record_of(home, f"build_{name}", {"config": config}, ("draw", "judge_loss", "judge_metric"))
