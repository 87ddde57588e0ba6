"""What the page "Gates and cells" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.experiment import CELLS
from seqviz.experiment.fields import Rule
from seqviz.measures.properties import PROPERTIES
from seqviz.subjects.units import ARRAYS
from seqviz.ui.lessons.recurrent.gates.texts import TEXTS, TYPED
from seqviz.ui.runs.sharing import runs_control
from seqviz.ui.shell.links import Control, choice_control, flag_control, integer_control, text_control

NAME = "gates"

GUESSES: Mapping[str, str] = {"none": "…", "better": "yes, a better one", "same": "yes, as good", "worse": "only a worse one"}

SHOWN: Mapping[str, str] = {"tanh": "tanh of cell state", **ARRAYS}  # tanh(c) is what the output gate lets out

CONTROLS: Mapping[str, Control] = {
    "network": choice_control("network", CELLS, "lstm", "trained to predict the next character of Python's standard library"),
    "text": choice_control("text to read", TEXTS, "quotes"),
    "typed": text_control("your text", r"(?s).*", TYPED),
    "property": choice_control("find the unit for", {name: one.title for name, one in PROPERTIES.items()}, "quotes"),
    "array": choice_control("coloured by", SHOWN, "tanh"),
    "unit": Control(rule=Rule(kind="integer", title="unit", low=0, high=1023, optional=True), default=None),
    "layer": integer_control("layer", 0, 3, 0, "0 reads the text"),
    "direction": integer_control("direction", 0, 1, 0, "0 reads forward, 1 backward"),
    "every": flag_control("every gate and state at once", False),
    "guess": choice_control("your guess", GUESSES, "none"),
    "run": runs_control("run", most=1),
}


def narrowed(control: Control, options: Mapping[str, str]) -> Control:
    """Return ``control`` with only some of its options."""
    return replace(control, rule=replace(control.rule, options=options))
