"""Orders to a running training loop. Dask cannot interrupt a task, so the loop reads them at every step."""

from dataclasses import dataclass


@dataclass
class Orders:
    """One computation's orders: the state to end in at once, or the training step to pause after."""

    end: str | None = None  # "paused" | "stopped"
    until: int | None = None
    token: str = ""  # names the computation

    def ending(self, steps_done: int) -> str | None:
        """Return the state that the loop must end in now, or None to go on."""
        if self.until is not None and steps_done >= self.until:
            return self.end or "paused"
        return self.end


_standing: dict[str, Orders] = {}  # of the computations in this worker process, by token


def take_orders(token: str, until: int | None) -> Orders:
    """Return the orders of the computation called ``token``, which begins here."""
    return _standing.setdefault(token, Orders(until=until, token=token))


def drop_orders(token: str) -> None:
    """Forget a computation that has ended."""
    _standing.pop(token, None)


def give_orders(token: str, end: str | None, until: int | None) -> bool:
    """Change the orders of ``token``; return whether it is computed in this process."""
    orders = _standing.get(token)
    if orders is None:
        return False
    orders.end, orders.until = end, until
    return True
