"""Where in a network and its reading a trace looks; every index is checked, none counts from the end."""

from seqviz.errors import TraceError
from seqviz.registry import shown
from seqviz.tracing.network import Network


def check_place(network: Network, layer: object, direction: object) -> None:
    """Refuse a layer or direction that the network does not have.

    Raises:
        TraceError: naming what there is.
    """
    check_index("layer", layer, network.layers)
    check_index("direction", direction, network.directions)


def check_index(name: str, index: object, count: int) -> None:
    """Refuse an index that is not in [0, ``count``).

    Raises:
        TraceError: naming the index, its range and what was given.
    """
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < count:
        raise TraceError(f"{name} must be a whole number in [0, {count - 1}], got {shown(index)}")
