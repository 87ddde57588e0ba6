"""A field's rule checks, reads and writes its values; configs refuse what they do not know."""

import math

import pytest

from seqviz.errors import ConfigError
from seqviz.experiment import MODELS, TASKS, TrainingConfig
from seqviz.experiment.fields import Rule

CONFIGS = [TrainingConfig, *(spec.config for spec in (*TASKS.values(), *MODELS.values()))]


@pytest.mark.parametrize("config", CONFIGS)
def test_every_default_is_allowed_and_survives_its_link(config):
    made = config()
    for name, rule in config.rules().items():
        value = getattr(made, name)
        assert rule.check(name, value) == value
        assert rule.parse(name, rule.write(value)) == value
        assert rule.title
        assert rule.allowed()


@pytest.mark.parametrize("config", CONFIGS)
def test_configs_are_frozen_and_can_be_keys(config):
    made = config()
    assert hash(made) == hash(config())
    with pytest.raises(AttributeError):
        made.kind = "other"


@pytest.mark.parametrize("value", [0.1, 1e-9, 1e9, 1 / 3, 5e-324, 1.7976931348623157e308])
def test_a_real_number_survives_its_link_to_the_last_bit(value):
    rule = Rule(kind="real", title="number", low=0)
    assert rule.parse("number", rule.write(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_even_without_bounds(value):
    with pytest.raises(ConfigError, match="number must be a number"):
        Rule(kind="real", title="number").check("number", value)


def test_negative_zero_is_zero():
    assert math.copysign(1, Rule(kind="real", title="number").check("number", -0.0)) == 1


def test_none_is_a_value_only_where_it_is_allowed():
    assert Rule(kind="real", title="number", optional=True).parse("number", "none") is None
    with pytest.raises(ConfigError, match="got 'none'"):
        Rule(kind="real", title="number").parse("number", "none")


def test_a_message_names_field_range_and_value():
    with pytest.raises(ConfigError, match=r"^steps must be a whole number in \[1, 10000000\], got 0$"):
        TrainingConfig(steps=0)
    with pytest.raises(ConfigError, match=r"^clip must be one of off, norm, value, got 'never'$"):
        TrainingConfig(clip="never")


def test_where_any_number_above_0_will_do_the_message_says_so_and_for_one_that_is_smaller_still_the_least():
    with pytest.raises(ConfigError, match=r"^threshold must be a number above 0 and at most 1,000,000,000, got 0$"):
        TrainingConfig(threshold=0)
    with pytest.raises(ConfigError, match=r"^threshold must be a number in \[1e-09, 1,000,000,000\], got 1e-12$"):
        TrainingConfig(threshold=1e-12)
