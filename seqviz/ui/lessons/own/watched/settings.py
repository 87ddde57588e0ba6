"""What the page "Watched" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.experiment.fields import Rule
from seqviz.ui.shell.links import Control, text_control

NAME = "watched"
LATEST = "latest"

CONTROLS: Mapping[str, Control] = {
    "run": replace(text_control("run", r"[0-9a-f]{12}|", ""), folded=True),
    "others": replace(
        Control(rule=Rule(kind="text", title="compare with", pattern=r"([0-9a-f]{12}(,[0-9a-f]{12}){0,4})?"), default=""),
        folded=True,
    ),
    "layer": replace(text_control("layer", r".{0,200}", ""), folded=True),
    "step": replace(text_control("training step", r"\d{1,12}|latest", LATEST), folded=True),
}
