"""The only door to torch for the web process: ``submit`` trains, ``trace`` looks inside. Nothing here imports torch.

One :class:`Lab` serves a whole server, from as many threads as it likes::

    lab = Lab()                                      # starts workers in the background; returns at once
    view = lab.submit(experiment, person="x7Qd…")    # trains, joins a training under way, or finds it done
    view = lab.attend(view.id, "x7Qd…")              # a RunView: what is known now; cheap, called at every tick of a page
    view = lab.view(view.id)                         # the same, without taking part
    lab.submit(experiment, person=…, until=view.steps_done + 1)    # one single step, then pause
    lab.pause(run_id, person), lab.stop(run_id, person), lab.resume(run_id, person), lab.delete(run_id, person) …
    record = lab.trace(GRADIENT_FLOW, subject)       # any question of seqviz.questions; errors come back as raised
    records = lab.trace_many([(GRADIENT_FLOW, a), (GRADIENT_FLOW, b)])

Everyone who asks for a run shares it; what a *person* (a random id) does with it is kept in their handle. Training
goes on as long as one active handle holds the run, so pausing or stopping never affects anyone else.

What :attr:`RunView.state` can be:

=========== =====================================================================================
queued      waits for a free worker; ``position`` says how many go first
running     a worker trains it
paused      a pause, or ``until``, was reached; resume goes on with the same numbers
stopped     cancelled; what it learned is kept, and resume goes on
interrupted the app or its worker ended in mid-run; goes on from the last checkpoint when resumed
done        all steps were trained
diverged    a number was not finite; ``message`` names step and tensor, the last finite checkpoint is kept
failed      ``message`` says why
=========== =====================================================================================
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqviz.lab.lab import Lab as Lab
    from seqviz.lab.view import RunView as RunView

__all__ = ["Lab", "RunView"]

_HOMES = {"Lab": "seqviz.lab.lab", "RunView": "seqviz.lab.view"}  # imported on first use: workers need neither


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'seqviz.lab' has no attribute {name!r}")
