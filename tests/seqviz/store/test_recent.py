"""What was used last is held, and never more than there are places."""

from seqviz.store.recent import Recent


def test_what_went_unused_longest_is_forgotten():
    recent = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.get("a")
    recent.put("c", 3)

    assert [recent.get(one) for one in "abc"] == [1, None, 3]


def test_there_are_never_more_than_the_places():
    recent = Recent(3)
    for number in range(100):
        recent.put(number, number)

    assert len(recent) == 3


def test_putting_again_replaces_and_dropping_forgets():
    recent = Recent(2)
    recent.put("a", 1)
    recent.put("a", 2)
    assert (len(recent), recent.get("a")) == (1, 2)
    recent.drop("a")
    recent.drop("a")

    assert recent.get("a") is None
