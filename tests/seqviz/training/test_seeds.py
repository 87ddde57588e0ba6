"""Each step's data has its own seed, and PyTorch's generator distinguishes them."""

import torch

from seqviz.training.seeds import HELD_OUT, PROBE, TRAINING, data_seed


def test_steps_streams_and_seeds_do_not_share_data():
    seeds = [
        data_seed(seed, step, stream) for seed in range(20) for step in range(500) for stream in (TRAINING, HELD_OUT, PROBE)
    ]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= one < 2**32 for one in seeds)


def test_seeds_stay_within_what_the_generator_reads():
    """PyTorch's CPU generator reads 32 bits of its seed: two seeds that differ above them give the same numbers."""
    low, high = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1 + 2**32)
    assert torch.equal(torch.rand(5, generator=low), torch.rand(5, generator=high))
    assert 0 <= data_seed(2**31 - 1, 10_000_000, PROBE) < 2**32
