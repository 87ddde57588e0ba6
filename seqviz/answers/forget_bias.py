"""The reach of the gradient by forget-gate bias."""

from seqviz.records import Agreement, ForgetBiasReach
from seqviz.subjects.forget_bias import ForgetBiases, ForgetBiasPlace
from seqviz.tracing.forget_bias import forget_bias_reach, reach_agreement


def answer_forget_bias(subject: ForgetBiases) -> ForgetBiasReach:
    """Return how much of the gradient at each distance reaches the first state, for each bias."""
    return forget_bias_reach(subject)


def answer_forget_bias_agreement(subject: ForgetBiasPlace) -> Agreement:
    """Return how that gradient agrees with finite differences, for one bias and distance."""
    return reach_agreement(subject)
