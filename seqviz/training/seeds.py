"""Where the random numbers of a run come from: each step's data from the seed and the step's number alone.

Nothing random is carried from step to step, so a run that is taken up again at any step goes on with the same data.
"""

TRAINING, HELD_OUT, PROBE, COINS = 1, 2, 3, 4  # streams of data, or of coins, that do not meet


def data_seed(seed: int, step: int, stream: int = 1) -> int:
    """Return the 32-bit seed of the data of step ``step`` (all that PyTorch's CPU generator takes).

    Within one stream the steps' seeds all differ, since the multiplier is odd.
    """
    return (seed * 2654435761 + stream * 3266489917 + step * 2246822519) % 2**32
