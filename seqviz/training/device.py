"""What a run is computed on."""

import os

import torch

from seqviz.errors import ConfigError
from seqviz.registry import shown


def choose_device(wish: str = "auto") -> str:
    """Return ``cuda`` or ``cpu``: what ``wish`` names, or for ``auto`` CUDA where the machine has it.

    Choosing CUDA sets CUBLAS_WORKSPACE_CONFIG, unless it is set, and cuDNN to deterministic kernels in full float32: the same
    run then gives the same numbers twice, and a trace's gates are those that the states came from.

    Raises:
        ConfigError: the machine does not have what was wished for, or it is Apple's GPU, which has no float64 for probes.
    """
    available = ["cuda", "cpu"] if torch.cuda.is_available() else ["cpu"]
    if wish == "mps":
        raise ConfigError("device must not be mps: Apple's GPU has no float64, which exact traces of a run need")
    if wish == "auto":
        wish = available[0]
    if wish not in available:
        raise ConfigError(f"device must be one of auto, {', '.join(available)} on this machine, got {shown(wish)}")
    if wish == "cuda":  # else cuDNN's recurrent kernels may differ from run to run (PyTorch's documentation of nn.LSTM)
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:2")
        torch.backends.cudnn.deterministic, torch.backends.cudnn.allow_tf32 = True, False
    return wish
