"""An order reaches the computation that it is meant for, and no other."""

from seqviz.jobs.orders import drop_orders, give_orders, take_orders


def test_orders_reach_a_computation_until_it_ends():
    orders = take_orders("token", until=None)
    assert orders.ending(5) is None
    assert give_orders("token", "stopped", None)
    assert orders.ending(5) == "stopped"

    drop_orders("token")
    assert not give_orders("token", "stopped", None)
    assert take_orders("token", until=None).ending(5) is None
    drop_orders("token")


def test_a_computation_pauses_after_the_step_it_was_asked_for():
    orders = take_orders("steps", until=3)

    assert orders.ending(2) is None
    assert orders.ending(3) == "paused"
    give_orders("steps", None, 4)
    assert orders.ending(3) is None
    drop_orders("steps")
