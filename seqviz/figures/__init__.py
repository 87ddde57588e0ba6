"""Records drawn as plotly figures; each title states the finding in words computed from the record.

Colours are for a light page; :data:`seqviz.figures.look.DARK` has each one's twin for a dark page.
"""

from seqviz.figures.gradients import gradient_flow_figure as gradient_flow_figure
from seqviz.figures.gradients import gradient_map_figure as gradient_map_figure
from seqviz.figures.gradients import gradient_slice_figure as gradient_slice_figure
