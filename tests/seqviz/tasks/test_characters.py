"""Character windows come from where they should, and a text that nothing can be learned from is refused."""

import math

import pytest
import torch

from seqviz.errors import TextError
from seqviz.experiment.task import CharactersConfig
from seqviz.tasks import build_task

TEXT = "".join(chr(97 + (i * i) % 23) for i in range(400)) + "ABCDEFGHIJ" * 5
CONFIG = CharactersConfig(length=12)


def task_on(text):
    return build_task(CONFIG, text=text)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def read(task, batch, text):
    characters = sorted(set(text))
    return ["".join(characters[symbol] for symbol in row.argmax(1).tolist()) for row in batch.inputs]


def test_characters_are_windows_of_the_first_nine_tenths_and_held_out_of_the_last():
    task = task_on(TEXT)
    learned, held_out = TEXT[:405], TEXT[405:]
    assert len(TEXT) == 450
    assert task.input_size == len(set(TEXT)) + 1
    for window in read(task, task.batch(200, seeded()), TEXT):
        assert window in learned
    for window in read(task, task.held_out(200, seeded()), TEXT):
        assert window in held_out


def test_characters_ask_for_the_next_character():
    batch = task_on(TEXT).batch(50, seeded())
    assert torch.equal(batch.targets[:, :-1], batch.inputs.argmax(2)[:, 1:])


def test_characters_start_anywhere():
    task = build_task(CharactersConfig(length=2), text="abcdefghij")
    starts = task.batch(500, seeded()).inputs.argmax(2)[:, 0]
    assert sorted(starts.unique().tolist()) == list(range(5))  # "abcdefg" is learned from: windows of 3 start at 0 to 4


def test_characters_beyond_the_256_most_frequent_are_unknown():
    rare = "".join(chr(1000 + i) for i in range(400))
    task = build_task(CharactersConfig(length=5), text=rare)
    assert task.input_size == task.output_size == 257
    assert (task.batch(200, seeded()).targets == 256).any()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "needs the text it learns from: python"),
        ("", "at least 26 characters for sequences of 12.*has 0"),
        ("short", "at least 26 characters.*has 5"),
        ("abcdefghijklmnopqrstuvwxy", "at least 26 characters.*has 25"),
        ("a" * 1000, "only one character, 'a': there is nothing to predict"),
    ],
)
def test_a_text_that_nothing_can_be_learned_from_is_refused_in_one_sentence(text, message):
    with pytest.raises(TextError, match=message) as caught:
        build_task(CONFIG, text=text)
    assert "\n" not in str(caught.value)


def test_the_shortest_text_is_enough():
    task = build_task(CONFIG, text="ab" * 13)
    assert task.batch(3, seeded()).inputs.shape == task.held_out(3, seeded()).inputs.shape == (3, 12, 3)


def test_the_mean_character_loss_of_knowing_nothing_is_the_logarithm_of_the_vocabulary():
    task = task_on(TEXT)
    batch = task.batch(10, seeded())
    outputs = torch.zeros(10, 12, task.output_size)
    assert float(task.loss(outputs, batch)) == pytest.approx(math.log(task.output_size))
