"""The parts of a script that trains a Transformer captioner: the scenes it learns from, as plain functions."""

import json
from collections.abc import Mapping

from seqviz.corpora.vocabulary import SPECIAL
from seqviz.experiment import Experiment
from seqviz.experiment.task import CaptionsConfig
from seqviz.export.scenes_template import CAPTIONS, DRAWING, SAYING
from seqviz.export.source import lifted
from seqviz.scenes import COLOURS, COUNTS, LONGEST, OPPOSITES, SHAPES, SIZES, arrangement, dealing, drawing

FORMS = ("_circle", "_square", "_triangle", "_cross", "_star")


def scenes_source() -> str:
    """Return the functions that deal scenes, draw them, and say what is true of them, and those that judge answers."""
    saying = SAYING.format(
        counts=_written(COUNTS), sizes=list(SIZES), colours=_written(COLOURS), shapes=_written(SHAPES),
        opposites=_written(OPPOSITES), first=len(SPECIAL), longest=LONGEST + 1, held_out=dealing.HELD_OUT_SHARE,
        alone=dealing.ALONE, seeds=dealing.SEEDS,
    )  # fmt: skip
    drawn = DRAWING.format(
        pixels=arrangement.PIXELS, radii=_written(arrangement.RADII), apart=arrangement.APART, stuck=arrangement.STUCK,
        middle=arrangement.MIDDLE, paper=drawing.PAPER, fine=drawing.FINE,
        forms=", ".join(f'"{name[1:]}": {name}' for name in FORMS),
        scattered=lifted("scenes/arrangement.py", "_scattered", "_span", "_overlap"),
        inside=lifted("scenes/drawing.py", *FORMS),
    )  # fmt: skip
    parts = [saying, drawn, CAPTIONS, lifted("tasks/judging.py", "cross_entropy", "accuracy")]
    return "\n\n\n".join(part.strip("\n") for part in parts)


def _written(table: Mapping[str, object]) -> str:
    """Return a table as Python."""
    return f"{{{', '.join(f'{json.dumps(name)}: {json.dumps(value)}' for name, value in table.items())}}}"


def draw_scenes(experiment: Experiment) -> str:
    """Return the expression that draws one batch with ``generator``."""
    assert isinstance(experiment.task, CaptionsConfig), "captioners learn nothing else"
    return f"caption_batch({experiment.training.batch_size}, {experiment.task.most}, generator)"
