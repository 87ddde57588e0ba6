"""No chain of steps: gradients and time by distance, and what a Transformer without positions cannot do."""

from seqviz.ui.lessons.transformer.distance.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.distance.views import VIEWS
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, runs=True) as page:
    VIEWS[page.control("view")](page)
