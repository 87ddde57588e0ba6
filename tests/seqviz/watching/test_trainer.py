"""A training by Hugging Face's Trainer is watched by a callback."""

import pytest

from tests.seqviz.watching.sums import Summing, Sums

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the library itself


def test_hugging_face_s_trainer(tmp_path):
    from transformers import Trainer, TrainingArguments

    from seqviz.watching.trainer import WatchCallback

    callback = WatchCallback(every=2)
    arguments = TrainingArguments(
        output_dir=str(tmp_path), per_device_train_batch_size=2, num_train_epochs=1, max_grad_norm=1e-3, report_to=[],
        use_cpu=True, save_strategy="no", disable_tqdm=True, logging_strategy="no",
    )  # fmt: skip
    Trainer(model=Summing(), args=arguments, train_dataset=Sums(), callbacks=[callback]).train()
    steps = callback.watch.steps
    assert [step.step for step in steps] == [0, 2]
    assert steps[0].layers["rnn"].flow.hidden_norms.shape == (1, 1, 2, 5)
    assert steps[0].norm_after == pytest.approx(1e-3, rel=1e-2)
    assert steps[0].norm_before > 0.01
