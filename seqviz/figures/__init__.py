"""Records drawn as plotly figures; each title states the finding in words computed from the record.

Colours are for a light page; :data:`seqviz.figures.look.DARK` has each one's twin for a dark page.
"""

from seqviz.figures.chains import scalar_chain_figure as scalar_chain_figure
from seqviz.figures.contributions import weight_contributions_figure as weight_contributions_figure
from seqviz.figures.gates import gate_trace_figure as gate_trace_figure
from seqviz.figures.gates import saturation_figure as saturation_figure
from seqviz.figures.gradient_flow import gradient_flow_figure as gradient_flow_figure
from seqviz.figures.gradient_map import gradient_map_figure as gradient_map_figure
from seqviz.figures.gradient_map import gradient_slice_figure as gradient_slice_figure
from seqviz.figures.gradient_map import truncated_map_figure as truncated_map_figure
from seqviz.figures.jacobians import jacobian_norms_figure as jacobian_norms_figure
from seqviz.figures.jacobians import jacobian_step_figure as jacobian_step_figure
from seqviz.figures.jacobians import singular_values_figure as singular_values_figure
from seqviz.figures.jacobians import step_values_figure as step_values_figure
from seqviz.figures.leaks import leaks_figure as leaks_figure
from seqviz.figures.metrics import metrics_figure as metrics_figure
from seqviz.figures.probes import probes_figure as probes_figure
from seqviz.figures.translation import search_tree_figure as search_tree_figure
from seqviz.figures.translation import translation_figure as translation_figure
from seqviz.figures.units import unit_contest_figure as unit_contest_figure
from seqviz.figures.units import unit_ranking_figure as unit_ranking_figure
from seqviz.figures.units import unit_saturation_figure as unit_saturation_figure
from seqviz.figures.watched import watched_attention_figure as watched_attention_figure
from seqviz.figures.watched import watched_gates_figure as watched_gates_figure
from seqviz.figures.watched import watched_map_figure as watched_map_figure
from seqviz.figures.watched import watched_norms_figure as watched_norms_figure
from seqviz.figures.watched import watched_reach_figure as watched_reach_figure
from seqviz.figures.weights import token_losses_figure as token_losses_figure
