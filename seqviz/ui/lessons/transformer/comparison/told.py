"""What the page "One task, three networks" says of how the three were trained, with the numbers of their experiments."""

from seqviz.experiment import Seq2SeqConfig, TransformerConfig
from seqviz.experiment.task import TranslationConfig
from seqviz.recipes.transformer_studies import comparison_study
from seqviz.ui.lessons.transformer.comparison.settings import NAME
from seqviz.ui.shell.content import prose


def lead() -> str:
    """Return what the page asks."""
    task = comparison_study().arms["transformer"].task
    assert isinstance(task, TranslationConfig), "translators are compared"
    return prose(NAME, "lead").format(sentences=task.sentences)


def how() -> str:
    """Return what is the same for all of them, and what is not."""
    arms = comparison_study().arms
    recurrent, transformer, training = arms["additive"].model, arms["transformer"].model, arms["transformer"].training
    assert isinstance(recurrent, Seq2SeqConfig), "it has states"
    assert isinstance(transformer, TransformerConfig), "it has heads"
    return prose(NAME, "why").format(
        batch=training.batch_size, steps=training.steps, rate=training.learning_rate, clip=training.threshold,
        warmup=training.warmup, units=recurrent.hidden_size, layers=transformer.layers, heads=transformer.heads,
        width=transformer.width,
    )  # fmt: skip
