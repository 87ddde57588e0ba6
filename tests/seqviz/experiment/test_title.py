"""A run's name says what learns what."""

import pytest

from seqviz.experiment import MODELS, TASKS, Experiment, Seq2SeqConfig, misfit
from seqviz.experiment.task import TranslationConfig
from seqviz.experiment.title import title_of


def test_a_translator_is_called_by_its_cell_its_attention_and_its_languages():
    model = Seq2SeqConfig(cell="lstm", layers=2, hidden_size=64, attention="none")
    said = title_of(Experiment(task=TranslationConfig(corpus="dates"), model=model, seed=4))
    assert said == "LSTM encoder-decoder 2 × 64, no attention, dates → ISO, seed 4"
    own = TranslationConfig(corpus="own", text="pairs-0123456789abcdef")
    assert "scaled dot attention, my own sentences" in title_of(Experiment(task=own, model=Seq2SeqConfig(attention="scaled")))


@pytest.mark.parametrize("task", TASKS)
def test_every_run_has_a_name(task):
    for model, spec in MODELS.items():
        if misfit(task, model) is None:
            said = title_of(Experiment(task=TASKS[task].config(), model=spec.config(name=model)))
            assert said.endswith(", seed 0")
