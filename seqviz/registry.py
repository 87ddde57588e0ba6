"""From a name to the thing it names."""

from collections.abc import Mapping
from typing import TypeVar

from seqviz.errors import UnknownNameError

Thing = TypeVar("Thing")


def look_up(table: Mapping[str, Thing], name: object, kind: str) -> Thing:
    """Return ``table[name]``, or say which names there are.

    Args:
        table: what is known, by name.
        name: the name asked for; anything that is no known name is refused, whatever its type.
        kind: what the table holds, in the singular ("task", "model"), for the message.

    Raises:
        UnknownNameError: ``name`` is not in ``table``.
    """
    if isinstance(name, str) and name in table:
        return table[name]
    raise UnknownNameError(f"unknown {kind} {shown(name)}; known: {', '.join(table)}")


def shown(value: object, limit: int = 60) -> str:
    """Return ``value`` for a message: quoted if a string, and never longer than ``limit``."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
