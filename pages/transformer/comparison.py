"""One task, three networks: translation without attention, with it, and by a Transformer, on the same sentences."""

from seqviz.ui.lessons.transformer.comparison.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.comparison.told import how, lead
from seqviz.ui.lessons.transformer.comparison.views import VIEWS
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, lead=lead(), why="What is compared, and how?", told=how(), runs=True) as page:
    VIEWS[page.control("view")](page)
