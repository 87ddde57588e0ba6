"""The bench prints every line with its target, and its exit code says whether one is missed."""

import json
from types import SimpleNamespace

import pytest

import bench.__main__ as command
from bench.line import CannotMeasure, Line, Reading


def line(name: str, measured: float, *, target: float = 2.0, better="lower", **more) -> Line:
    return Line(
        name=name,
        title=f"title of {name}",
        unit="×",
        better=better,
        target=target,
        measure=lambda: Reading(median=measured),
        **more,
    )


@pytest.fixture
def wings(monkeypatch):
    """Stand-in wings; a test adds lines to them."""
    lines = {wing: [] for wing in command.WINGS}
    monkeypatch.setattr(
        command.importlib, "import_module", lambda name: SimpleNamespace(lines=lambda: iter(lines[name.split(".")[1]]))
    )
    return lines


def test_all_targets_met_exits_0(wings, capsys):
    wings["tracing"] = [line("gates.fused", 1.5), line("gates.unrolled", 3.0, better="higher")]
    assert command.main([]) == 0
    assert "2 of 2 targets met" in capsys.readouterr().out


def test_a_missed_target_is_marked_and_exits_1(wings, capsys):
    wings["tracing"] = [line("gates.fused", 2.5)]
    assert command.main([]) == 1
    assert "MISSED title of gates.fused" in capsys.readouterr().out


def test_what_cannot_be_measured_counts_as_missed_and_says_why(wings, capsys):
    def refuse():
        raise CannotMeasure("no Chromium on this machine")

    wings["browser"] = [Line(name="browser.slider", title="slider", unit="ms", better="lower", target=400, measure=refuse)]
    assert command.main([]) == 1
    assert "no Chromium on this machine" in capsys.readouterr().out


def test_only_measures_what_is_named(wings, capsys):
    def never():
        raise AssertionError("measured")

    wings["tracing"] = [line("gates.fused", 1.0), line("map.unrolled", 1.0)]
    wings["lab"] = [Line(name="lab.steps", title="steps", unit="×", better="higher", target=0.9, measure=never)]
    assert command.main(["--only", "gates"]) == 0
    assert "1 of 1" in capsys.readouterr().out
    assert command.main(["--only", "tracing"]) == 0


def test_only_with_an_unknown_name_exits_2(wings, capsys):
    assert command.main(["--only", "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_json_is_one_object_with_every_line(wings, capsys):
    wings["tracing"] = [line("gates.fused", 1.5), line("gates.nan", float("nan"))]
    assert command.main(["--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)["lines"]
    assert (first["name"], first["median"], first["target"], first["kept"]) == ("gates.fused", 1.5, 2.0, True)
    assert (second["median"], second["kept"]) == (None, False)


def test_a_tail_over_its_own_target_misses():
    slider = line("browser.slider", 1.0, p95_target=1.5)
    assert slider.keeps(Reading(median=1.0, p95=1.4))
    assert not slider.keeps(Reading(median=1.0, p95=1.6))
    assert not slider.keeps(Reading(median=1.0))
