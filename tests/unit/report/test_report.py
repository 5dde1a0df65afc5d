"""Formats by name."""

from __future__ import annotations

import pytest

from commlint.errors import UsageError
from commlint.report.report import diagrams, draw, render, writers
from commlint.report.view import view
from tests.unit.report.builders import chain, finding, report, shop


def test_what_stands_on_the_shelves_can_be_asked_for() -> None:
    """Every format of the manual is there under its name."""
    assert list(writers()) == [
        "checkstyle", "github", "gitlab", "json", "junit", "markdown", "rdjson", "sarif", "text"
    ]  # fmt: skip
    assert list(diagrams()) == ["dot", "graphml", "json", "mermaid"]


def test_an_unknown_format_names_the_nearest_one() -> None:
    """A slip of the pen is answered with what was meant."""
    with pytest.raises(UsageError, match=r'unknown output format "sarf"; did you mean "sarif"\?'):
        render(report(), "sarf")


def test_an_unknown_graph_format_lists_those_there_are() -> None:
    """What cannot be guessed is at least listed."""
    with pytest.raises(UsageError, match=r'unknown graph format "png" \(known: dot, graphml, json, mermaid\)'):
        draw(view(shop()), "png")


@pytest.mark.parametrize("name", list(writers()))
def test_rendering_twice_gives_the_same_bytes_and_ends_the_line(name: str) -> None:
    """A writer holds no state."""
    text = render(report(chain(), finding()), name)

    assert text == render(report(chain(), finding()), name)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", ["dot", "graphml", "json", "mermaid"])
@pytest.mark.parametrize("level", ["service", "endpoint"])
def test_drawing_twice_gives_the_same_bytes_and_ends_the_line(name: str, level: str) -> None:
    """A diagram holds no state."""
    text = draw(view(shop(), [finding()], level), name)

    assert text == draw(view(shop(), [finding()], level), name)
    assert text.endswith("\n")
