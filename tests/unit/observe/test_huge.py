"""Traces that are too large for the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.observe import buckets, observe
from commlint.observe.huge import TOO_LARGE, taken
from commlint.observe.observe import CIRCLES
from commlint.observe.spill import ROW, Rows

from .recordings import Recorded, framed, json_lines, message, observed, request


def rows_of(spans: list[tuple[int, int, int]]) -> Rows:
    rows = np.zeros(len(spans), ROW)
    for name, column in zip(("lo", "start", "id"), zip(*spans, strict=True) if spans else ((), (), ()), strict=True):
        rows[name] = column
    return rows


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9), st.integers(1, 99)), unique=True), st.integers(1, 8))
def test_of_a_large_trace_the_first_spans_are_taken(spans: list[tuple[int, int, int]], most: int) -> None:
    """In whatever order and pieces they come; other traces are whole."""
    expected = sorted(
        each for trace in (1, 2, 3) for each in sorted(span for span in spans if span[0] == trace)[:most]
    )  # fmt: skip
    for given_so in (spans, spans[::-1]):
        rows = rows_of(given_so)

        def pieces(rows: Rows = rows) -> Iterator[Rows]:
            yield rows[:0]
            for begin in range(0, len(rows), 3):
                yield rows[begin : begin + 3]

        found, left = taken(pieces, most)

        assert sorted(found[["lo", "start", "id"]].tolist()) == expected
        assert left == len(spans) - len(expected)


def test_large_trace_is_noticed_and_the_others_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What began first is what was waited for."""
    monkeypatch.setattr(buckets, "MOST_SPANS", 100)
    monkeypatch.setattr(observe, "MOST_SPANS", 100)
    large = [request("orders", 1, number, number - 1, start=number) for number in range(1, 301)]
    small = [Recorded("stock", 2, number, kind=2) for number in range(1, 51)]

    found = observed(json_lines(large[::-1]), json_lines(small))

    assert (found.totals.spans, found.totals.orphans) == (150, 0)
    assert [notice.message for notice in found.notices] == [TOO_LARGE.format(200, 100)]


def test_circles_of_parents_are_noticed() -> None:
    """Nobody waits at their beginning, for there is none."""
    found = observed(json_lines([request("orders", 1, 1, 2), request("orders", 1, 2, 1), request("orders", 1, 3)]))

    assert (found.totals.spans, found.totals.cyclic) == (3, 2)
    assert [notice.message for notice in found.notices] == [CIRCLES.format(2)]


@pytest.mark.parametrize("encoded", [lambda span: json_lines([span]), lambda span: framed(message(span))])
def test_attribute_without_end_is_passed_over(encoded: Callable[[Recorded], bytes]) -> None:
    """Its span is read."""
    route = {"http.request.method": "GET", "http.route": "x" * 5_000_000}

    found = observed(encoded(Recorded("orders", 1, 1, kind=2, name="GET", attributes=route)))

    assert [entry.operation.name for entry in found.entries] == ["GET"]
