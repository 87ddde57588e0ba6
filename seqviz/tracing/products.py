"""Long products of matrices on a log scale, so that neither their size nor their small singular values are lost.

Straight multiplication leaves every singular value below about 1e-16 of the largest as rounding noise, and soon under- or
overflows. Here a product's transpose is kept as Q·diag(e^d)·U, Q orthogonal, the rows of U of length 1, d falling.
"""

import numpy as np
from jaxtyping import Float

TAKEN = 1e-10  # singular values are read off a block down to this share of its largest
OVERLAP = 1e-3  # the next block begins at values this much smaller, so that what was cut off no longer matters
KEPT = 1e-14  # rows smaller than this share of a block's first change nothing there

Logs = Float[np.ndarray, "_"]
Matrix = Float[np.ndarray, "_ _"]


def log_singular_values(steps: Float[np.ndarray, "time state state"]) -> Float[np.ndarray, "time state"]:
    """Return, for every t, the natural logs of the singular values of steps[-1] ··· steps[t + 1], largest first.

    The last row belongs to the empty product, the identity.
    """
    count, size = steps.shape[:2]
    rotation, logs, rows = np.eye(size), np.zeros(size), np.eye(size)
    values, lost = np.zeros((count, size)), 0
    for step in range(count - 1, 0, -1):
        rotation, factor = np.linalg.qr(steps[step].T @ rotation)
        logs, rows = _scaled_product(factor, logs, rows)
        order = np.argsort(-logs, kind="stable")
        rotation, logs, rows = rotation[:, order], logs[order], rows[order]
        values[step - 1] = _graded_values(logs, rows)
        # a unit that ReLU cut off is a row of zeros: rounding must not make something of nothing
        lost = max(lost, int((~steps[step].any(axis=1)).sum()))
        values[step - 1, size - lost :] = -np.inf
    return values


def _scaled_product(factor: Matrix, logs: Logs, rows: Matrix) -> tuple[Logs, Matrix]:
    """Return factor·diag(e^logs)·rows as logs and rows of length 1."""
    with np.errstate(divide="ignore"):
        sizes = np.log(np.abs(factor)) + logs
        top = sizes.max(axis=1, keepdims=True)
        shares = np.where(np.isfinite(top), np.sign(factor) * np.exp(sizes - np.where(np.isfinite(top), top, 0.0)), 0.0)
        product = shares @ rows
        lengths = np.linalg.norm(product, axis=1)
        return top[:, 0] + np.log(lengths), product / np.where(lengths > 0, lengths, 1.0)[:, None]


def _graded_values(logs: Logs, rows: Matrix) -> Logs:
    """Return the log singular values of diag(e^logs)·rows, each block of similar size by an SVD of its own."""
    lower = np.asarray(np.linalg.qr(rows.T, mode="r")).T  # rotating the columns changes no singular value
    with np.errstate(divide="ignore"):
        sizes = logs + np.log(np.abs(np.diag(lower)))
    values, taken, start = np.full(len(logs), -np.inf), 0, 0
    while start < len(logs) and np.isfinite(logs[start]):
        found = _block_values(logs, lower, start)
        fresh = found[taken - start :] if len(found) > taken - start else found[:0]
        accurate = fresh[fresh >= found[0] + np.log(TAKEN)] if np.isfinite(found[0]) else fresh
        values[taken : taken + len(accurate)] = accurate
        taken += len(accurate)
        if taken == len(logs) or not np.isfinite(sizes[start:]).any():
            break
        start = max(start + 1, start + int((found >= found[0] + np.log(OVERLAP)).sum()))
        start = min(start, taken)
    return values


def _block_values(logs: Logs, lower: Matrix, start: int) -> Logs:
    end = start + int((logs[start:] >= logs[start] + np.log(KEPT)).sum())
    block = np.exp(logs[start:end] - logs[start])[:, None] * lower[start:end, start:end]
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.linalg.svd(block, compute_uv=False)) + logs[start])


def pair_norms(
    steps: Float[np.ndarray, "time state state"], units: int, rows: slice = slice(None)
) -> tuple[Float[np.ndarray, "time time"], Float[np.ndarray, "time time"]]:
    """Return ‖∂h_t/∂h_k‖₂ for every t ≥ k, and its log: of the first ``units`` rows and columns of steps[t] ··· steps[k + 1].

    Args:
        steps: the Jacobian of each step.
        units: how many of the state's numbers are h.
        rows: the t that are asked for; the others are NaN.
    """
    count, size = steps.shape[:2]
    asked = range(count)[rows]
    norms = np.tril(np.full((count, count), np.nan))
    norms[rows] = 0.0
    sizes = np.where(norms == 0, -np.inf, norms)
    products, logs = np.tile(np.eye(units, size), (len(asked), 1, 1)), np.zeros(len(asked))
    for state in range(count - 1, -1, -1):
        first = next((index for index, t in enumerate(asked) if t >= state), len(asked))
        live = products[first:]
        if not len(live):
            continue
        with np.errstate(over="ignore", under="ignore", divide="ignore"):
            largest = np.linalg.svd(live[:, :, :units], compute_uv=False)[:, 0]
            norms[asked[first:], state] = largest * np.exp(logs[first:])
            sizes[asked[first:], state] = np.log(largest) + logs[first:]
        moving = slice(next((index for index, t in enumerate(asked) if t >= state), len(asked)), None)
        products[moving] = (products[moving].reshape(-1, size) @ steps[state]).reshape(-1, units, size)
        scale = np.abs(products[moving]).max(axis=(1, 2))
        scale = np.where(scale > 0, scale, 1.0)
        products[moving] /= scale[:, None, None]
        logs[moving] += np.log(scale)
    return norms, sizes
