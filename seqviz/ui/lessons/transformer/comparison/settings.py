"""What the page "One task, three networks" can be set to."""

from collections.abc import Mapping

from seqviz.experiment.fields import Rule
from seqviz.subjects.distance import WRITERS
from seqviz.ui.shell.links import Control, choice_control, view_control
from seqviz.ui.shell.prediction import guess_control

NAME = "comparison"
SENTENCES = 500  # examined by length
HEAD_SENTENCES = 1000  # whose alignments heads are compared with
MOST_OWN = 3  # the person's own runs beside the shipped ones

VIEW_TITLES: Mapping[str, str] = {
    "held": "held-out sentences",
    "length": "by length",
    "learning": "while they learn",
    "heads": "where they look",
}
MEASURES: Mapping[str, str] = {"exact": "exactly right", "bleu": "BLEU"}
AXES: Mapping[str, str] = {"steps": "training steps", "seconds": "seconds"}
NETWORKS: Mapping[str, str] = {arm: f"the {title}" for arm, title in WRITERS.items()}

CONTROLS: Mapping[str, Control] = {
    "view": view_control(VIEW_TITLES, "compare"),
    "measure": choice_control("measured by", MEASURES, "exact"),
    "axis": choice_control("counted in", AXES, "steps"),
    "own": Control(
        rule=Rule(
            kind="text", title="own runs beside them", pattern="([0-9a-f]{20}(,[0-9a-f]{20}){0,2})?", high=MOST_OWN,
            form="up to three runs of 20 characters from 0 to 9 and a to f, with commas between",
        ),
        default="",
    ),
    "guess": guess_control({"open": "…", **NETWORKS}),
}  # fmt: skip
