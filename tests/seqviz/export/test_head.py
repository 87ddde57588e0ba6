"""The head of a script names the settings that it trains with."""

from dataclasses import replace

from seqviz.experiment import Experiment, Parent, TrainingConfig, TransformerConfig
from seqviz.experiment.task import LagConfig, TranslationConfig
from seqviz.experiment.transformer import NORMS
from seqviz.export.head import script_head

TRAINING = TrainingConfig(optimizer="sgd", learning_rate=0.5, steps=30, schedule="noam", warmup=7)


def test_a_transformers_sizes_positions_norm_and_schedule_are_named():
    model = TransformerConfig(layers=3, heads=1, width=8, inner=9, norm="post", positions="none")
    lines = script_head((Experiment(task=TranslationConfig(), model=model, training=TRAINING),)).splitlines()
    assert lines[0].startswith('"""Transformer 3 × 8, French → English, seed 0, 30 training steps')
    assert lines[2] == (
        "- 3 layers of the encoder and as many of the decoder, 1 head, width 8, 9 within the feed-forward networks"
    )
    assert lines[3] == "- positions: none"
    assert lines[4] == f"- layer normalisation {NORMS['post']}"
    assert lines[5].startswith("- steps 0 to 30: SGD, learning rate 0.5 after 7 steps of warm-up")


def test_each_stage_names_its_own_rate():
    root = Experiment(task=LagConfig(), model=TransformerConfig(name="causal", layers=1), training=TRAINING)
    child = replace(root, training=replace(TRAINING, schedule="constant"), parent=Parent(run=root.run_id, step=20))
    lines = script_head((root, child)).splitlines()
    assert lines[0].startswith('"""Decoder-only Transformer')
    assert "- 1 layer, 4 heads, width 64, 256 within the feed-forward networks" in lines
    assert any(line.startswith("- steps 0 to 30: SGD, learning rate 0.5 after 7 steps of warm-up") for line in lines)
    assert any(line.startswith("- steps 20 to 50: SGD, learning rate 0.5, gradients clipped") for line in lines)
