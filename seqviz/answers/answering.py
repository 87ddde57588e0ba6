"""The answer to every question of ``seqviz.questions``, found by its name."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from seqviz.questions import QUESTIONS, Question


def _answer_to(question: Question[Any, Any]) -> Callable[[Any], Any]:
    answer: Callable[[Any], Any] = getattr(import_module(f"seqviz.answers.{question.idea}"), question.answer)
    return answer


ANSWERS: Mapping[str, Callable[[Any], Any]] = {name: _answer_to(question) for name, question in QUESTIONS.items()}
