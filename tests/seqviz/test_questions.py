"""A question's name leads to its files in every layer, and its types to those of its answer."""

import inspect
from pathlib import Path
from typing import get_type_hints

import pytest

from seqviz.questions import QUESTIONS

PACKAGE = Path(__file__).parents[2] / "seqviz"
IDEAS = sorted({one.idea for one in QUESTIONS.values()})
# What answers to several questions share, beside one module for each idea.
SHARED = {"__init__", "answering", "opened", "texts", "translators"}
# Questions whose numbers come from another package than ``tracing``, and which one.
ELSEWHERE = {
    "evaluation": "training/trainer.py",
    "examination": "models/decoding.py",
    "pace": "training/trainer.py",
    "published": "models/published/model.py",
    "training_step": "training/taken.py",
    "units": "measures/units.py",
}
# Ideas that are said in a sentence, or drawn as another idea's record.
UNDRAWN = {"agreement", "criterion", "evaluation", "pace", "published"}
# A record of another idea answers these: one trace of heads, whichever Transformer has them.
RECORDS = {"published": "heads"}


def answer_to(question):
    module = __import__(f"seqviz.answers.{question.idea}", fromlist=["answers"])
    return getattr(module, question.answer)


def stems(room):
    return {file.stem for file in (PACKAGE / room).glob("*.py")}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_types_of_a_question_are_those_of_its_answer(name):
    question = QUESTIONS[name]
    answer = answer_to(question)
    subject = next(iter(inspect.signature(answer).parameters))
    hints = get_type_hints(answer)
    assert (hints[subject], hints["return"]) == (question.subject, question.record)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_record_lies_in_the_file_named_for_its_question(name):
    question = QUESTIONS[name]
    checks = name.endswith(".agreement")  # one record for every gradient that is checked against finite differences
    assert (
        question.record.__module__ == f"seqviz.records.{'agreement' if checks else RECORDS.get(question.idea, question.idea)}"
    )


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_subject_lies_in_a_file_named_for_a_question_or_is_a_recurrent_network(name):
    room, _, file = QUESTIONS[name].subject.__module__.rpartition(".")
    assert room == "seqviz.subjects"
    assert file in {*IDEAS, "recurrent"}


def test_every_file_of_answers_is_named_for_a_question_or_shared():
    assert stems("answers") == {*IDEAS, *SHARED}


@pytest.mark.parametrize("idea", IDEAS)
def test_an_idea_is_computed_in_the_file_of_its_name(idea):
    assert (PACKAGE / ELSEWHERE.get(idea, f"tracing/{idea}.py")).is_file()
    assert idea not in ELSEWHERE or not (PACKAGE / "tracing" / f"{idea}.py").is_file()


@pytest.mark.parametrize("idea", IDEAS)
def test_an_idea_is_drawn_in_the_file_of_its_name(idea):
    assert (PACKAGE / "figures" / f"{idea}.py").is_file() is (idea not in UNDRAWN)


def test_every_question_is_named_once():
    assert len({one.answer for one in QUESTIONS.values()}) == len(QUESTIONS)
