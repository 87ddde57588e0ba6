"""A training by Lightning is watched by a callback."""

import pytest
import torch
from torch.utils.data import DataLoader

from tests.seqviz.watching.sums import Summing, Sums

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the library itself


def test_lightning(tmp_path):
    import pytorch_lightning as lightning

    from seqviz.watching.lightning import WatchCallback

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.model = Summing()

        def training_step(self, batch):
            return self.model(**batch)["loss"]

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.1)

    callback = WatchCallback(every=2, store=tmp_path)
    trainer = lightning.Trainer(
        max_epochs=1, callbacks=[callback], gradient_clip_val=1e-3, accelerator="cpu", logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, default_root_dir=tmp_path,
    )  # fmt: skip
    trainer.fit(Module(), DataLoader(Sums(), batch_size=2))
    steps = callback.watch.steps
    assert [step.step for step in steps] == [0, 2]
    assert steps[0].layers["model.rnn"].flow.hidden_norms.shape == (1, 1, 2, 5)
    assert steps[0].norm_after == pytest.approx(1e-3, rel=1e-2)
    assert steps[0].norm_before > 0.01
