"""Dates are what the calendar says, and each digit is linked to what decides it."""

import datetime
import re
from random import Random

import pytest

from seqviz.corpora import learned
from seqviz.corpora.dates import FORMS, draw_date, ordinal, spelt


def linked(pair, there):
    return "".join(pair.source[here] for here, at in sorted(pair.links) if at == there)


def the_pair(pattern):
    return next(pair for pair in learned("dates", 5000, 25) if re.fullmatch(pattern, "".join(pair.source)))


def read(text):
    """Read a date by the standard library's own rules."""
    plain = (
        re.sub(r"(?<=\d)(st|nd|rd|th)", "", text).removeprefix("the ").replace(" of", "").replace(", ", " ").replace(" the", "")
    )
    for form in ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y %b %d"):
        try:
            return datetime.datetime.strptime(plain, form).date()
        except ValueError:
            continue
    return None


def test_dates_mean_what_the_standard_library_reads():
    found = 0
    for pair in learned("dates", 3000, 25):
        said = datetime.date.fromisoformat("".join(pair.target))
        meant = read("".join(pair.source))
        assert meant in (None, said), pair
        found += meant is not None
    assert found > 1500


def test_every_form_is_drawn():
    patterns = {
        re.sub(r"[a-z]{4,}|may", "mon", re.sub(r"\d+", "0", "".join(pair.source))) for pair in learned("dates", 3000, 25)
    }
    assert len(patterns) >= len(FORMS)


def test_a_written_digit_decides_itself():
    pair = the_pair(r"\d\d/\d\d/\d{4}")
    assert [linked(pair, at) for at in range(10)] == [one if one != "-" else "" for one in pair.target]
    assert {there for here, there in pair.links if here == 0} == {8}


def test_the_letters_of_a_month_decide_both_its_digits():
    pair = the_pair(r"\d\d march \d{4}")
    assert linked(pair, 5) == linked(pair, 6) == "march"


def test_a_day_of_one_digit_decides_its_zero_too():
    pair = the_pair(r"the \dth of .*")
    assert linked(pair, 8) == linked(pair, 9) == pair.target[9]


def test_the_tens_of_a_short_year_decide_its_century():
    pair = the_pair(r"\d\d\.\d\d\.\d\d")
    assert linked(pair, 0) == linked(pair, 1) == linked(pair, 2) == pair.target[2]
    assert linked(pair, 3) == pair.target[3]
    assert "".join(pair.target[:2]) == ("20" if int(pair.target[2]) < 3 else "19")


def test_every_digit_is_linked_and_no_dash():
    for pair in learned("dates", 1000, 25):
        assert {there for _, there in pair.links} == {0, 1, 2, 3, 5, 6, 8, 9}


@pytest.mark.parametrize(
    ("day", "ending"), [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (12, "th"), (13, "th"), (21, "st")]
)
def test_days_are_counted_as_in_english(day, ending):
    assert ordinal(day) == ending


def test_what_is_no_part_of_a_date_decides_nothing():
    assert spelt(" of ", 2021, 2, 5) == [(one, 0) for one in " of "]


def test_the_last_of_february_is_drawn_in_leap_years_only():
    generator = Random(0)
    drawn = ["".join(draw_date(generator, 25).target) for _ in range(20_000)]
    assert {date[:4] for date in drawn if date.endswith("02-29")} <= {str(year) for year in range(1932, 2030, 4)}
    assert any(date.endswith("02-29") for date in drawn)
