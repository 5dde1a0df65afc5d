"""A line of code with its marked part."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from commlint.report.frame import Frame, frame


def test_indentation_goes_and_the_marker_stays_below_what_it_means() -> None:
    """Columns are those of the file, the frame starts at the first letter."""
    assert frame("    x = get(url)", 9, 17, 80) == Frame("x = get(url)", "    ^^^^^^^^")


def test_without_an_end_the_rest_of_the_line_is_meant() -> None:
    """A region cut to its first line has its end at its start."""
    assert frame("\tx = get(", 6, 6, 80) == Frame("x = get(", "    ^^^^")


def test_wide_letters_take_two_cells_in_the_marker() -> None:
    """The carets stand below the letters on the screen."""
    assert frame("名 = get()", 5, 10, 80) == Frame("名 = get()", "     ^^^^^")


def test_a_long_line_is_cut_around_the_marked_part() -> None:
    """What is meant is always in view."""
    shown = frame("a" * 100 + "=get()" + "b" * 100, 102, 107, 40)

    assert shown == Frame("...aaaaaaaaa=get()bbbbbbbbbbbbbbbbbbb...", "             ^^^^^")


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=60), st.integers(-2, 70), st.integers(-2, 70), st.integers(0, 50))
def test_any_line_and_any_columns_give_a_marker_within_the_width(line: str, start: int, end: int, width: int) -> None:
    """Facts may be older than the file: columns beyond the line are no reason to fail."""
    shown = frame(line, start, end, width)

    assert set(shown.marker.lstrip(" ")) == {"^"}
    assert cell_len(shown.code) <= max(width, 8)
    assert len(shown.marker) <= max(width, 8) + 1
