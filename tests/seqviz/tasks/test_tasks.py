"""Every task gives what it says, the same for the same seed, and its baseline is the loss of the best memoryless answer."""

import math

import pytest
import torch

from seqviz.errors import TextError, UnknownNameError
from seqviz.experiment import TASKS
from seqviz.experiment.fields import Config
from seqviz.experiment.task import AddingConfig, CharactersConfig, CopyingConfig, LagConfig, TemporalOrderConfig
from seqviz.tasks import build_task

TEXT = "".join(chr(97 + (i * i) % 23) for i in range(400)) + "ABCDEFGHIJ" * 5
CONFIGS = {
    "adding": AddingConfig(length=11),
    "copying": CopyingConfig(length=6),
    "temporal_order": TemporalOrderConfig(length=40),
    "lag": LagConfig(length=9, lag=3),
    "characters": CharactersConfig(length=12),
}
STEPS = {"adding": 11, "copying": 26, "temporal_order": 40, "lag": 9, "characters": 12}


def built(name):
    return build_task(CONFIGS[name], text=TEXT)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", TASKS)
def test_batch_has_the_promised_shapes(name):
    task = built(name)
    for batch in (task.batch(5, seeded()), task.held_out(5, seeded())):
        assert batch.inputs.shape == (5, STEPS[name], task.input_size)
        assert batch.inputs.dtype == torch.float32
        every = TASKS[name].answer == "every"
        assert batch.targets.shape == ((5, STEPS[name]) if every else (5, 1) if name == "adding" else (5,))


@pytest.mark.parametrize("name", TASKS)
def test_the_same_seed_gives_the_same_batch_and_another_gives_another(name):
    task = built(name)
    one, same, other = task.batch(4, seeded(3)), task.batch(4, seeded(3)), task.batch(4, seeded(4))
    assert torch.equal(one.inputs, same.inputs)
    assert torch.equal(one.targets, same.targets)
    assert not torch.equal(one.inputs, other.inputs)


@pytest.mark.parametrize("name", TASKS)
def test_drawing_leaves_the_global_random_state_alone(name):
    before = torch.get_rng_state()
    built(name).batch(4, seeded())
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("name", ["copying", "temporal_order", "lag", "characters"])
def test_symbols_are_read_one_hot(name):
    inputs = built(name).batch(6, seeded()).inputs
    assert torch.equal(inputs.sum(2), torch.ones(inputs.shape[:2]))
    assert set(inputs.unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("name", TASKS)
def test_a_perfect_answer_has_metric_one_and_hardly_any_loss(name):
    task = built(name)
    batch = task.batch(20, seeded())
    if name == "adding":
        outputs = batch.targets.clone()
    else:
        outputs = 50 * torch.nn.functional.one_hot(batch.targets.clamp(min=0), task.output_size).float()
    assert task.metric(outputs, batch) == 1
    assert task.loss(outputs, batch) < 1e-6


def memoryless_answer(name, task, batch):
    """The best answer that does not depend on anything read before."""
    if name == "adding":
        return torch.ones_like(batch.targets)
    shape = (*batch.targets.shape, task.output_size)
    if name != "copying":
        return torch.zeros(shape)
    logits = torch.full(shape, -50.0)
    logits[:, :-10, 8] = 50.0  # blanks when due
    logits[:, -10:, :8] = 50.0  # then a guess among eight
    return logits


@pytest.mark.parametrize("name", ["adding", "copying", "temporal_order", "lag"])
def test_the_baseline_is_the_loss_of_the_best_memoryless_answer(name):
    task = built(name)
    batch = task.batch(20_000, seeded())
    loss = float(task.loss(memoryless_answer(name, task, batch), batch))
    assert loss == pytest.approx(TASKS[name].baseline(CONFIGS[name]), rel=0.02 if name == "adding" else 1e-5)


@pytest.mark.parametrize(("length", "printed"), [(10, 0.6931), (20, 0.5199), (50, 0.2971), (100, 0.1733), (500, 0.0400)])
def test_the_copying_baseline_is_the_published_one(length, printed):
    assert TASKS["copying"].baseline(CopyingConfig(length=length)) == pytest.approx(printed, abs=6e-5)


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    batch = built("adding").batch(500, seeded())
    numbers, marks = batch.inputs.unbind(2)
    assert torch.equal(marks[:, :5].sum(1), torch.ones(500))
    assert torch.equal(marks[:, 5:].sum(1), torch.ones(500))
    for sequence in range(20):
        marked = [float(numbers[sequence, t]) for t in range(11) if marks[sequence, t] == 1]
        assert float(batch.targets[sequence, 0]) == pytest.approx(sum(marked), abs=1e-6)
    assert (marks.sum(0) > 0).all()  # every place is drawn
    assert 0 <= numbers.min() < 0.01
    assert 0.99 < numbers.max() < 1


def test_adding_counts_an_answer_as_right_within_four_hundredths():
    task = built("adding")
    batch = task.batch(4, seeded())
    off = torch.tensor([[0.0], [0.039], [-0.039], [0.041]])
    assert task.metric(batch.targets + off, batch) == 0.75


def test_copying_asks_for_the_ten_symbols_at_the_end():
    batch = built("copying").batch(300, seeded())
    symbols = batch.inputs.argmax(2)
    assert symbols.shape[1] == 6 + 20
    assert torch.equal(batch.targets[:, -10:], symbols[:, :10])
    assert (batch.targets[:, :-10] == 8).all()
    assert (symbols[:, 10:15] == 8).all()  # T - 1 blanks
    assert (symbols[:, 15] == 9).all()  # the signal
    assert (symbols[:, 16:] == 8).all()
    assert sorted(symbols[:, :10].unique().tolist()) == list(range(8))


def test_copying_metric_counts_the_last_ten_answers_alone():
    task = built("copying")
    batch = task.batch(50, seeded())
    blanks = torch.nn.functional.one_hot(torch.full_like(batch.targets, 8), 9).float()
    assert task.metric(blanks, batch) == 0


def test_temporal_order_is_as_in_pascanus_program():
    batch = built("temporal_order").batch(2000, seeded())
    symbols = batch.inputs.argmax(2)
    places = []
    for sequence, target in zip(symbols[:300].tolist(), batch.targets[:300].tolist(), strict=True):
        keys = [(t, symbol) for t, symbol in enumerate(sequence) if symbol < 2]
        (first, one), (second, two) = keys
        places.append((first, second))
        assert int(0.1 * 40) <= first < 2 * int(0.1 * 40)
        assert int(0.5 * 40) <= second < int(0.5 * 40) + int(0.1 * 40)
        assert target == one + 2 * two
    assert {first for first, _ in places} == {4, 5, 6, 7}
    assert {second for _, second in places} == {20, 21, 22, 23}
    assert batch.targets.bincount().min() > 400
    assert sorted(symbols.unique().tolist()) == list(range(6))


def test_lag_asks_for_the_symbol_of_lag_steps_ago():
    batch = built("lag").batch(100, seeded())
    symbols = batch.inputs.argmax(2)
    assert (batch.targets[:, :3] == -100).all()
    assert torch.equal(batch.targets[:, 3:], symbols[:, :-3])


def test_lag_without_a_dependency_asks_for_noise_of_the_same_kind():
    batch = build_task(LagConfig(length=9, lag=3, dependent=False)).batch(4000, seeded())
    symbols = batch.inputs.argmax(2)
    assert (batch.targets[:, :3] == -100).all()
    for lag in range(9):
        asked = batch.targets[:, max(3, lag) :]
        agreeing = (asked == symbols[:, max(3, lag) - lag : 9 - lag]).float().mean()
        assert float(agreeing) == pytest.approx(0.25, abs=0.015)
    assert sorted(batch.targets.unique().tolist()) == [-100, 0, 1, 2, 3]


def test_lag_metric_and_loss_leave_out_what_is_not_asked():
    task = built("lag")
    batch = task.batch(50, seeded())
    outputs = torch.randn(50, 9, 4, generator=seeded(1))
    asked = outputs[:, 3:].flatten(0, 1), batch.targets[:, 3:].flatten()
    assert float(task.loss(outputs, batch)) == pytest.approx(float(torch.nn.functional.cross_entropy(*asked)))
    assert float(task.metric(outputs, batch)) == pytest.approx(float((asked[0].argmax(1) == asked[1]).float().mean()))


def read(task, batch, text):
    characters = sorted(set(text))
    return ["".join(characters[symbol] for symbol in row.argmax(1).tolist()) for row in batch.inputs]


def test_characters_are_windows_of_the_first_nine_tenths_and_held_out_of_the_last():
    task = built("characters")
    learned, held_out = TEXT[:405], TEXT[405:]
    assert len(TEXT) == 450
    assert task.input_size == len(set(TEXT)) + 1
    for window in read(task, task.batch(200, seeded()), TEXT):
        assert window in learned
    for window in read(task, task.held_out(200, seeded()), TEXT):
        assert window in held_out


def test_characters_ask_for_the_next_character():
    batch = built("characters").batch(50, seeded())
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
        build_task(CONFIGS["characters"], text=text)
    assert "\n" not in str(caught.value)


def test_the_shortest_text_is_enough():
    task = build_task(CONFIGS["characters"], text="ab" * 13)
    assert task.batch(3, seeded()).inputs.shape == task.held_out(3, seeded()).inputs.shape == (3, 12, 3)


def test_an_unknown_task_is_refused():
    with pytest.raises(UnknownNameError, match="unknown task None"):
        build_task(Config())


def test_the_mean_character_loss_of_knowing_nothing_is_the_logarithm_of_the_vocabulary():
    task = built("characters")
    batch = task.batch(10, seeded())
    outputs = torch.zeros(10, 12, task.output_size)
    assert float(task.loss(outputs, batch)) == pytest.approx(math.log(task.output_size))
