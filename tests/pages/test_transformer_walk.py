"""The page of one token's way: a finding at once, any token of a sentence, bad input in one sentence. Traces are real."""

import pytest
from inprocess import LabInThisProcess, answered_by, open_page

PAGE = "pages/transformer/walk.py"


@pytest.fixture(autouse=True)
def _lab(monkeypatch):
    with answered_by(LabInThisProcess(), monkeypatch, keeps_records=True):
        yield


def test_it_opens():
    app = open_page(PAGE, {})
    assert not app.exception
    assert not app.error
