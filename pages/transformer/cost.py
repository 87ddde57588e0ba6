"""Cost: what training published models took, beside what was trained here."""

from seqviz.ui.lessons.transformer.cost.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.cost.views import drawn, predict, settings
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="Where are these numbers from?", runs=True) as page:
    settings(page)
    drawn(page)
    predict(page)
