"""Published costs are the lecture's, to the digit; operations are worked by hand."""

import pytest

from seqviz.experiment import Experiment, RecurrentConfig
from seqviz.experiment.cost import PUBLISHED, operations_of, tokens_a_sequence
from seqviz.experiment.model import Seq2SeqConfig
from seqviz.experiment.task import AddingConfig, CharactersConfig, CopyingConfig, TranslationConfig

SLIDE = [  # as it prints them: month, device days
    ("ULMFiT", "Jan 2018", "GPU", (1, 1)),
    ("GPT", "Jun 2018", "GPU", (240, 240)),
    ("BERT", "Oct 2018", "TPU", (256, 256)),
    ("BERT", "Oct 2018", "GPU", (320, 560)),
    ("GPT-2", "Feb 2019", "TPU", (2048, 2048)),
]


def test_days_are_the_slides():
    ours = [(one.title, f"{one.month:%b %Y}", cost.device, cost.days) for one in PUBLISHED.values() for cost in one.costs]
    assert ours == SLIDE


def test_the_papers_agree_with_the_slide():
    assert PUBLISHED["gpt"].costs[0].days[0] == 8 * 30  # GPUs, days of a month
    assert PUBLISHED["bert"].costs[0].days[0] == 64 * 4  # TPU chips, days


def test_operations_by_hand():
    assert operations_of(10, 7) == 420
    assert PUBLISHED["gpt"].costs[0].operations == pytest.approx((8.2944e19, 8.2944e19))  # 0.96e15 · 86,400
    assert PUBLISHED["bert"].costs[0].operations == pytest.approx((8.6900736e19, 2.6112e20))
    assert all(cost.operations is None for name in ("ulmfit", "gpt2") for cost in PUBLISHED[name].costs)
    assert all(one.unknown or one.costs[0].operations for one in PUBLISHED.values())


def test_tokens_are_time_steps_where_every_sequence_has_as_many():
    def made(task, model=None):
        return Experiment(task=task, model=model or RecurrentConfig(name="gru"))

    assert tokens_a_sequence(made(AddingConfig(length=50))) == 50
    assert tokens_a_sequence(made(CharactersConfig(length=64))) == 64
    assert tokens_a_sequence(made(CopyingConfig(length=30))) == 50  # ten symbols, 29 blanks, a signal, ten blanks
    assert tokens_a_sequence(made(TranslationConfig(), Seq2SeqConfig())) is None
