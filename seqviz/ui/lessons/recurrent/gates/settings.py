"""What the page "Gates and cells" can be set to."""

from collections.abc import Mapping
from dataclasses import replace

from seqviz.experiment import CELLS
from seqviz.experiment.fields import Rule
from seqviz.measures.properties import PROPERTIES
from seqviz.settings import settings
from seqviz.subjects.units import ARRAYS
from seqviz.ui.lessons.recurrent.gates.texts import TEXTS, TYPED
from seqviz.ui.runs.sharing import runs_control
from seqviz.ui.shell.links import Control, choice_control, flag_control, integer_control, text_control
from seqviz.ui.shell.prediction import guess_control

NAME = "gates"

GUESSES: Mapping[str, str] = {"none": "…", "better": "yes, a better one", "same": "yes, as good", "worse": "only a worse one"}

MOST_TYPED = settings().limits.typed_characters

SHOWN: Mapping[str, str] = {"tanh": "tanh of cell state", **ARRAYS}  # tanh(c) is what the output gate lets out

CONTROLS: Mapping[str, Control] = {
    "network": choice_control("network", CELLS, "lstm", "trained to predict the next character of Python's standard library"),
    "text": choice_control("text to read", TEXTS, "quotes"),
    "typed": replace(text_control("your text", r"(?s).*", TYPED, note=f"At most {MOST_TYPED:,} characters."), height=120),
    "property": choice_control("find the unit for", {name: one.title for name, one in PROPERTIES.items()}, "quotes"),
    "array": replace(choice_control("coloured by", SHOWN, "tanh"), folded=True),
    "unit": Control(rule=Rule(kind="integer", title="unit", low=0, high=1023, optional=True), default=None, bounded=True),
    "layer": integer_control("layer", 0, 3, 0, "0 reads the text"),
    "direction": integer_control("direction", 0, 1, 0, "0 reads forward, 1 backward"),
    "every": flag_control("every gate and state at once", False),
    "guess": guess_control(GUESSES),
    "run": runs_control("run", most=1),
}
