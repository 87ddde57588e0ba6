"""Ways to attend: four scores and none, over several seeds; one sentence under each; what attention is not."""

from seqviz.ui.lessons.attention.scores.settings import CONTROLS, NAME
from seqviz.ui.lessons.attention.scores.views import VIEWS
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS, why="The scores, and what is measured", runs=True) as page:
    VIEWS[page.control("view")](page)
