"""Which models can be trained on which tasks, and why not, without torch."""

from collections.abc import Mapping

from seqviz.experiment.model import MODELS
from seqviz.experiment.task import TASKS
from seqviz.registry import look_up

ASKED: Mapping[str, str] = {
    "last": "asks for one answer at the last step that is read",
    "every": "asks for an answer at every step that is read",
    "sequence": "asks for a sentence of its own length, and a network that reads alone answers only at the steps that it reads",
    "picture": "show pictures, and only a captioner has eyes",
    "point": "show single points, which are no sequence to read",
}


def misfit(task: str, model: str, *, bidirectional: bool = False) -> str | None:
    """Return why ``model`` cannot be trained on ``task``, in one sentence; None where it can.

    >>> misfit("translation", "seq2seq", bidirectional=True) is None
    True
    >>> misfit("adding", "seq2seq")
    'the encoder-decoder does not fit: the adding problem asks for one answer at the last step that is read'

    Raises:
        UnknownNameError: there is no such task or model.
    """
    spec, asked = look_up(TASKS, task, "task"), look_up(MODELS, model, "model")
    if spec.answer not in asked.answers:
        article = "" if spec.answer in ("sequence", "picture") else "the "
        return f"the {asked.title} does not fit: {article}{spec.title} {ASKED[spec.answer]}"
    if bidirectional and spec.bidirectional is not None:
        return f"the {spec.title} takes no bidirectional model: {spec.bidirectional}"
    return None
