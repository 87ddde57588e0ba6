"""What a run is computed on."""

import os

import torch

from seqviz.errors import ConfigError
from seqviz.registry import shown


def choose_device(wish: str = "auto") -> str:
    """Return ``cuda``, ``mps`` or ``cpu``: what ``wish`` names, or for ``auto`` the first of them that this machine has.

    Choosing CUDA sets CUBLAS_WORKSPACE_CONFIG, unless it is set, so that the same run gives the same numbers twice.

    Raises:
        ConfigError: the machine does not have what was wished for.
    """
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    available = [name for name, there in present.items() if there]
    if wish == "auto":
        wish = available[0]
    if wish not in available:
        raise ConfigError(f"device must be one of auto, {', '.join(available)} on this machine, got {shown(wish)}")
    if wish == "cuda":  # else cuDNN's recurrent kernels may differ from run to run (PyTorch's documentation of nn.LSTM)
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:2")
    return wish
