"""The device is the best that the machine has, or the one that was wished for."""

import os

import pytest
import torch

from seqviz.errors import ConfigError
from seqviz.training import choose_device


@pytest.mark.parametrize(
    ("cuda", "mps", "best"), [(True, False, "cuda"), (False, True, "cpu"), (False, False, "cpu"), (True, True, "cuda")]
)
def test_auto_is_the_fastest_device_there_is(cuda, mps, best, monkeypatch):
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device() == best
    assert choose_device("cpu") == "cpu"


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="one of auto, cpu on this machine, got 'cuda'"):
        choose_device("cuda")


def test_a_device_without_float64_is_refused_with_the_reason(monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(ConfigError, match="must not be mps: Apple's GPU has no float64"):
        choose_device("mps")


def test_cuda_is_made_to_give_the_same_numbers_twice_before_it_starts(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", False)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    choose_device("cuda")
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:2"
    assert torch.backends.cudnn.deterministic
    assert not torch.backends.cudnn.allow_tf32
