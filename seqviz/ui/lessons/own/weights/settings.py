"""What the page "Your weights" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.subjects.weights import ReadByWeights
from seqviz.ui.shell.links import Control, controls_of, integer_control, text_control, view_control

NAME = "weights"
VIEWS: Mapping[str, str] = {"flow": "gradient", "map": "every loss", "gates": "gates", "losses": "losses"}
_READ = controls_of(ReadByWeights)

CONTROLS: Mapping[str, Control] = {
    **_READ,
    "text": replace(_READ["text"], height=120),
    "order": replace(_READ["order"], folded=True),
    "view": view_control(VIEWS),
    "array": replace(text_control("gate or state", r"\w{0,20}", ""), folded=True),
    "layer": integer_control("layer", 0, 15, 0, "0 reads the text"),
    "direction": integer_control("direction", 0, 1, 0, "0 reads forward, 1 backward"),
}
