"""Why scale: what dividing attention's scores by √d_k does to its weights and to the gradient."""

from seqviz.ui.lessons.transformer.scaling.settings import CONTROLS, NAME
from seqviz.ui.lessons.transformer.scaling.views import VIEWS, settings
from seqviz.ui.shell.lesson import lesson

with lesson(NAME, CONTROLS) as page:
    settings(page)
    VIEWS[page["source"]](page)
