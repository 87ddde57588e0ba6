"""The cliff in words: what two descents from one start come to, and how steep the surface is."""

import numpy as np

from seqviz.figures.look import GATE_SCALE
from seqviz.language.words import number, percent
from seqviz.records import ErrorSurface, GradientDescent

Window = tuple[tuple[float, float], tuple[float, float]]

HEIGHTS = GATE_SCALE  # colours of the error, from low to high
PATHS = ("without clipping", "with clipping")
PATH_ROLES = ("path not clipped", "path clipped")
STEEP = 1.0  # a gradient longer than this is called so


def descent_finding(record: GradientDescent, window: Window) -> str:
    """Return in words how both descents end, as they are drawn in ``window``."""
    free, clipped = (_fate(record, path, window) for path in (0, 1))
    steps = record.places.shape[1] - 1
    after = f"after {steps} step{'s' * (steps != 1)}"
    if record.threshold == 0:
        stays = "A threshold of 0 shortens every step to nothing, and the clipped path stays at its start"
        return f"{stays}; without, {free} {after}."
    if not record.clipped[1, :-1].any():
        return f"No gradient on the way is longer than {number(record.threshold)}, so both paths are one: {free} {after}."
    return f"Without clipping, {free} {after}; with the norm clipped at {number(record.threshold)}, {clipped}."


def _fate(record: GradientDescent, path: int, window: Window) -> str:
    gone = record.leaves(path, window)
    end = float(record.errors[path, -1])
    if gone is None:
        return f"the path stays in the picture and its error is {number(end)}"
    if not np.isfinite(record.places[path, gone]).all():
        return f"step {gone} is longer than any number, and nothing can be said of the error"
    jump = f"step {gone} is {number(float(record.lengths[path, gone - 1]))} long and leaves the picture"
    return f"{jump}, and the error is {number(end)}"


def jump_finding(record: GradientDescent) -> str:
    """Return how far the first step of each path goes, in words."""
    free, clipped = (number(float(record.lengths[path, 0])) for path in (0, 1))
    return f"It is {free} long; with the norm clipped at {number(record.threshold)}, {clipped}."


def steepness_finding(surface: ErrorSurface) -> str:
    """Return how long gradients are on the surface, in words."""
    longest, w, b = surface.steepest
    finite = surface.gradient_norms[np.isfinite(surface.gradient_norms)]
    share = float((finite > STEEP).mean())
    half = number(float(np.median(finite)))
    return (
        f"Of {surface.gradient_norms.size:,} points drawn, half have a gradient shorter than {half}; {_share(share)} of "
        f"them have one longer than {STEEP:g}, the longest {number(longest)}, at w = {number(w, 3)}, b = {number(b, 3)}. "
        f"Between two neighbours the error jumps by up to {number(surface.highest_wall)}."
    )


def _share(share: float) -> str:
    return percent(share) if share else "none"
