"""What a run is computed on."""

import torch

from seqviz.errors import ConfigError
from seqviz.registry import shown


def choose_device(wish: str = "auto") -> str:
    """Return ``cuda``, ``mps`` or ``cpu``: what ``wish`` names, or for ``auto`` the first of them that this machine has.

    Raises:
        ConfigError: the machine does not have what was wished for.
    """
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    available = [name for name, there in present.items() if there]
    if wish == "auto":
        return available[0]
    if wish not in available:
        raise ConfigError(f"device must be one of auto, {', '.join(available)} on this machine, got {shown(wish)}")
    return wish
