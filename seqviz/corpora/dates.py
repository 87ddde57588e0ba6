"""Dates as people write them, character by character, to ISO 8601."""

from random import Random

from seqviz.corpora.pair import Pen, SentencePair, Word, paired

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# {d} the day, {0d} with its zero, {th} with its ending; {m} the month's name, {mon} its first letters, {0m} its number;
# {yyyy} and {yy} the year. Numbers with slashes and dots have the day first.
FORMS = (
    "{d} {m} {yyyy}", "{d} {mon} {yyyy}", "{m} {d}, {yyyy}", "{mon} {d}, {yyyy}", "{mon} {d}, {yy}", "{d} {mon} {yy}",
    "the {th} of {m} {yyyy}", "{m} the {th}, {yyyy}", "{th} {m} {yyyy}",
    "{0d}/{0m}/{yyyy}", "{0d}.{0m}.{yyyy}", "{0d}.{0m}.{yy}", "{yyyy} {mon} {d}",
)  # fmt: skip
PARTS = tuple(tuple(part for part in form.replace("{", "|{").replace("}", "}|").split("|") if part) for form in FORMS)
YEARS = range(1930, 2030)
PIVOT = 30  # a year of two digits is of this century below it, and of the last from it on
SOURCE = tuple(sorted({one for word in (*MONTHS, "the of st nd rd th", " ,./0123456789") for one in word}))
TARGET = ("-", *"0123456789")

# The units of meaning: the four digits of a year, the two of a month, the two of a day, one bit each.
YEAR, MONTH, DAY = (1, 2, 4, 8), (16, 32), (64, 128)


def draw_date(random: Random, longest: int) -> SentencePair:
    """Draw a date in one of the forms of at most ``longest`` characters.

    A digit of the answer is linked to the characters that decide it: to the same digit where it is written, a month to
    the letters of its name, the century of a short year to its tens, a day's zero to the day that has none.
    """
    pen = Pen(random, 0)
    year, month = pen.pick(YEARS), pen.pick(range(12))
    day = 1 + pen.pick(range(DAYS[month] + (month == 1 and year % 4 == 0)))
    # 2000 was a leap year, so all fourth years of these hundred are
    written: list[Word] = [word for part in pen.pick(PARTS) for word in spelt(part, year, month, day)]
    iso = f"{year}-{month + 1:02}-{day:02}"
    return paired(written, list(zip(iso, (*YEAR, 0, *MONTH, 0, *DAY), strict=True)))


def spelt(part: str, year: int, month: int, day: int) -> list[Word]:
    """Write one part of a date, each character with the digits that it decides."""
    number, name = f"{month + 1:02}", MONTHS[month]
    match part:
        case "{yyyy}":
            return list(zip(str(year), YEAR, strict=True))
        case "{yy}":  # the tens decide the century, too
            return [(str(year)[2], YEAR[0] | YEAR[1] | YEAR[2]), (str(year)[3], YEAR[3])]
        case "{m}" | "{mon}":
            return [(letter, MONTH[0] | MONTH[1]) for letter in (name if part == "{m}" else name[:3])]
        case "{0m}":
            return list(zip(number, MONTH, strict=True))
        case "{0d}":
            return list(zip(f"{day:02}", DAY, strict=True))
        case "{d}" | "{th}":
            return spelt_day(day) + ([(letter, 0) for letter in ordinal(day)] if part == "{th}" else [])
    return [(one, 0) for one in part]


def spelt_day(day: int) -> list[Word]:
    """Write the day as it is counted: a single digit says by being alone that the first is a zero."""
    digits = str(day)
    return [(digits, DAY[0] | DAY[1])] if day < 10 else list(zip(digits, DAY, strict=True))


def ordinal(day: int) -> str:
    """Return what is written after the number of a day: 1st, 2nd, 3rd, 4th, but 11th."""
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
