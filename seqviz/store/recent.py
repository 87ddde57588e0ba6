"""What was used last, as far as there are places for it."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Thing = TypeVar("Thing")


class Recent(Generic[Key, Thing]):
    """A table that forgets what has gone unused longest once it holds more than ``places``; not safe from many threads.

    >>> recent = Recent(2)
    >>> recent.put("a", 1), recent.put("b", 2), recent.get("a"), recent.put("c", 3)
    (None, None, 1, None)
    >>> recent.get("a"), recent.get("b"), recent.get("c")
    (1, None, 3)
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._things: OrderedDict[Key, Thing] = OrderedDict()

    def get(self, key: Key) -> Thing | None:
        """Return what is held under ``key``, or None."""
        if key in self._things:
            self._things.move_to_end(key)
        return self._things.get(key)

    def put(self, key: Key, thing: Thing) -> None:
        """Hold ``thing`` under ``key``."""
        self._things[key] = thing
        self._things.move_to_end(key)
        while len(self._things) > self._places:
            self._things.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Hold nothing under ``key``."""
        self._things.pop(key, None)

    def __len__(self) -> int:
        return len(self._things)
