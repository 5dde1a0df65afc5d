"""Histograms of latencies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.model.observations import bucket_of, nanoseconds_of, percentile

nanoseconds = st.integers(0, 10**15)


@given(nanoseconds)
def test_bucket_is_near_every_latency_in_it(latency: int) -> None:
    """Eight significant bits leave less than half a percent."""
    assert nanoseconds_of(bucket_of(latency)) == pytest.approx(latency, rel=0.004)


@given(nanoseconds, nanoseconds)
def test_buckets_keep_the_order(one: int, other: int) -> None:
    """A higher latency has no lower bucket."""
    low, high = sorted((one, other))

    assert bucket_of(low) <= bucket_of(high)


def test_percentile_is_the_nearest_rank() -> None:
    """Latencies of 1 to 200 ns are exact."""
    histogram = [(bucket_of(latency), 1) for latency in range(1, 201)]

    assert [round(percentile(histogram, percent) * 1e9) for percent in (50, 95, 99, 100)] == [100, 190, 198, 200]


def test_nothing_has_no_percentile() -> None:
    """Zero, instead of an error."""
    assert percentile((), 99) == 0
