"""Every model has its line in the tables of builders, tracers and names, and opens with its weights."""

import pytest
import torch

from seqviz.experiment import MODELS, TASKS
from seqviz.experiment.title import CALLED
from seqviz.models import build_network, trained_network
from seqviz.models.network import NETWORKS
from seqviz.training.checkpoint import weight_arrays
from seqviz.training.probes import PROBES
from seqviz.training.trainer import WRITTEN

SMALL = {"hidden_size": 4, "embedding_size": 3, "channels": 8, "width": 8, "heads": 2, "inner": 6, "depth": 3}


def built(name, seed=0):
    config = MODELS[name].config
    config = config(name=name, **{key: value for key, value in SMALL.items() if key in config.rules()})
    generator = torch.Generator().manual_seed(seed)
    return config, build_network(config, input_size=5, output_size=7, answer="last", generator=generator)


def test_every_model_has_a_line_in_each_table():
    assert NETWORKS.keys() == MODELS.keys()
    assert {kind.module for kind in NETWORKS.values()} == PROBES.keys()
    assert {spec.config for spec in MODELS.values()} == CALLED.keys()
    assert WRITTEN.keys() <= {spec.answer for spec in TASKS.values()}


@pytest.mark.parametrize("name", MODELS)
def test_a_network_is_drawn_from_its_generator_alone_and_opens_with_its_weights(name):
    torch.manual_seed(1)
    before = torch.get_rng_state()
    config, network = built(name)
    assert type(network) is NETWORKS[name].module
    weights = weight_arrays(network)
    again = trained_network(config, weights, answer="last")
    assert torch.equal(before, torch.get_rng_state())
    assert type(again) is type(network)
    assert getattr(again, "answer", None) == getattr(network, "answer", None)
    same = dict(built(name)[1].named_parameters())
    assert all(weight.isfinite().all() for weight in same.values())
    for key, weight in again.named_parameters():
        assert torch.equal(weight, network.get_parameter(key))
        assert torch.equal(weight, same[key])
        assert weight.data_ptr() != network.get_parameter(key).data_ptr()
