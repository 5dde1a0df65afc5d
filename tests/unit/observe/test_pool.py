"""Sharing work out among processes."""

from __future__ import annotations

import math
import os

import pytest

from commlint.observe.pool import pool


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_things(workers: int) -> None:
    """Whoever was faster."""
    with pool(workers) as each:
        assert list(each(math.factorial, range(50))) == [math.factorial(number) for number in range(50)]
        assert list(each(math.factorial, [])) == []


def test_what_goes_wrong_elsewhere_is_raised() -> None:
    """As if it had gone wrong here."""
    with pool(2) as each, pytest.raises(ValueError, match=r"domain|nonnegative"):
        list(each(math.sqrt, [1.0, -1.0, 1.0, -1.0, 1.0, -1.0]))


def test_process_that_ends_is_told() -> None:
    """Nothing waits for it for ever; what it had not begun is done here."""
    here = os.getpid()
    with pool(2) as each, pytest.raises(Exception, match="terminated abruptly"):
        list(each(_ends_elsewhere, [here] * 6))


def _ends_elsewhere(home: int) -> None:
    if os.getpid() != home:
        os._exit(1)
