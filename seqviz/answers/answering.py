"""On a worker: the answer to every verb of ``seqviz.questions``."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from seqviz.answers.attribution import attribute_sentence
from seqviz.answers.caption import describe_picture, point_at_things
from seqviz.answers.distance import check_distance, trace_distance
from seqviz.answers.dropout import trace_masks
from seqviz.answers.encoder import trace_encoder_gradient, trace_sentence_states
from seqviz.answers.evaluation import judge_run
from seqviz.answers.examination import examine
from seqviz.answers.head_alignment import align_heads
from seqviz.answers.heads import read_by_heads
from seqviz.answers.influence import examine_dependencies, nudge_network, read_sentence, trace_distant_inputs
from seqviz.answers.layers import check_layer, trace_layers
from seqviz.answers.length_times import time_length
from seqviz.answers.neighbours import nearest_sentences
from seqviz.answers.opened import Opened, open_subject
from seqviz.answers.pace import time_steps
from seqviz.answers.published_heads import read_by_published
from seqviz.answers.scaling import trace_scaling, trace_trained_scaling
from seqviz.answers.training_step import take_step
from seqviz.answers.translation import search_sentence, translate_sentence
from seqviz.answers.units import search_units
from seqviz.answers.walk import walk_sentence
from seqviz.questions import Subject, check_size, untrained_sizes
from seqviz.records import Agreement, GateTrace, GradientFlow, GradientMap, JacobianTrace, PascanuCriterion, WeightContributions
from seqviz.settings import settings
from seqviz.subjects.recurrent import UntrainedNetwork
from seqviz.tracing.agreement import agreement
from seqviz.tracing.cliff import error_surface, gradient_descent
from seqviz.tracing.contributions import weight_contributions
from seqviz.tracing.criterion import pascanu_criterion
from seqviz.tracing.forget_bias import forget_bias_reach, reach_agreement
from seqviz.tracing.gates import trace_gates
from seqviz.tracing.gradient_flow import gradient_flow
from seqviz.tracing.gradient_map import gradient_map
from seqviz.tracing.jacobians import jacobians


def _gates(subject: Subject, opened: Opened) -> GateTrace:
    return trace_gates(opened.model.rnn, opened.inputs if opened.read is None else opened.read)


def _flow(subject: Subject, opened: Opened) -> GradientFlow:
    return gradient_flow(opened.model.rnn, opened.inputs, opened.loss)


def _map(subject: Subject, opened: Opened) -> GradientMap:
    return gradient_map(opened.model.rnn, opened.inputs, opened.losses, separable=True)


def _jacobians(subject: Subject, opened: Opened) -> JacobianTrace:
    place = (subject.layer, _direction(subject), subject.sample)
    return jacobians(opened.model.rnn, opened.inputs, *place, last_only=True)  # T²/2 SVDs are too slow for a page


def _contributions(subject: Subject, opened: Opened) -> WeightContributions:
    return weight_contributions(opened.model.rnn, opened.inputs, opened.loss, subject.layer, _direction(subject))


def _agreement(subject: Subject, opened: Opened) -> Agreement:
    return agreement(
        opened.model.rnn, opened.inputs, opened.loss, subject.layer, _direction(subject), subject.time, of=subject.state
    )


def _criterion(subject: Subject, opened: Opened) -> PascanuCriterion:
    return pascanu_criterion(opened.model.rnn, subject.layer, _direction(subject))


def _direction(subject: Subject) -> int:
    return 1 if subject.direction == "backward" else 0


_ANSWERS: Mapping[str, Callable[[Any, Opened], Any]] = {
    "gates": _gates, "flow": _flow, "map": _map, "jacobians": _jacobians, "contributions": _contributions,
    "agreement": _agreement, "criterion": _criterion,
}  # fmt: skip


def _verb(name: str) -> Callable[[Subject], Any]:
    def answer(subject: Subject) -> Any:
        limits = settings().limits
        if isinstance(subject, UntrainedNetwork):  # before anything of that size is made
            check_size(name, untrained_sizes(subject), limits)
            return _ANSWERS[name](subject, open_subject(subject))
        opened = open_subject(subject)
        if getattr(subject, "text", ""):  # which has a limit of its own
            limits = replace(limits, length=limits.typed_characters)
        check_size(name, opened.sizes, limits)
        return _ANSWERS[name](subject, opened)

    return answer


TRACES: Mapping[str, Callable[[Any], Any]] = {
    **{name: _verb(name) for name in _ANSWERS},
    "units": search_units,
    "translation": translate_sentence,
    "neighbours": nearest_sentences,
    "search": search_sentence,
    "caption": describe_picture,
    "pointing": point_at_things,
    "attribution": attribute_sentence,
    "examination": examine,
    "encoder_gradient": trace_encoder_gradient,
    "sentence_states": trace_sentence_states,
    "masks": trace_masks,
    "layers": trace_layers,
    "layer_agreement": check_layer,
    "nudge": nudge_network,
    "distant_inputs": trace_distant_inputs,
    "word_influence": read_sentence,
    "dependencies": examine_dependencies,
    "fresh": judge_run,
    "step": take_step,
    "error_surface": error_surface,
    "descent": gradient_descent,
    "forget_bias": forget_bias_reach,
    "forget_bias_agreement": reach_agreement,
    "heads": read_by_heads,
    "published_heads": read_by_published,
    "pace": time_steps,
    "distant_gradient": trace_distance,
    "distance_agreement": check_distance,
    "head_alignment": align_heads,
    "timed_length": time_length,
    "scaling": trace_scaling,
    "trained_scaling": trace_trained_scaling,
    "walk": walk_sentence,
}
