from __future__ import annotations

import pytest

from commlint.extract.instructions import exec_form, instructions, pairs
from commlint.model.places import Extent


def test_continued_lines_are_one_instruction() -> None:
    """Lines that end in a backslash are joined, comments and empty lines between them left out."""
    found = list(instructions("FROM a\nRUN one \\\n  # why\n\n  two\nEXPOSE 80\n"))

    assert [(each.word, each.rest.split(), each.extent.start_line) for each in found] == [
        ("FROM", ["a"], 1),
        ("RUN", ["one", "two"], 2),
        ("EXPOSE", ["80"], 6),
    ]


def test_place_is_the_first_line() -> None:
    """The extent is the line the instruction begins on, not a comment above it."""
    found = list(instructions("# a comment\n  from a AS b\n"))

    assert found[0].word == "FROM"
    assert found[0].extent == Extent(2, 3, 2, 14)


def test_escape_directive_changes_the_continuation() -> None:
    """Windows images continue lines with a backtick and keep backslashes."""
    found = list(instructions("# escape=`\nFROM a\nRUN one `\n two C:\\\nEXPOSE 80\n"))

    assert [each.word for each in found] == ["FROM", "RUN", "EXPOSE"]


def test_heredocs_are_passed_over() -> None:
    """What stands in a heredoc is no instruction; without its end it is taken for no heredoc."""
    closed = list(instructions("FROM a\nRUN <<EOF\nEXPOSE 1\nEOF\nEXPOSE 2\n"))
    unclosed = list(instructions("FROM a\nRUN <<EOF\nEXPOSE 1\n"))

    assert [each.rest for each in closed] == ["a", "<<EOF", "2"]
    assert [each.rest for each in unclosed] == ["a", "<<EOF", "1"]


def test_flags_are_taken_off() -> None:
    """Flags with and without a value come before what is copied."""
    found = list(instructions("COPY --from=builder --chown=a:b --link /a /b"))

    assert found[0].flags == {"from": "builder", "chown": "a:b", "link": ""}
    assert found[0].rest == "/a /b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1 B=two", [("A", "1"), ("B", "two")]),
        ("A=\"x y\" B='z'", [("A", "x y"), ("B", "z")]),
        ("A some words", [("A", "some words")]),
        ("A=", [("A", "")]),
        ('A="not closed', [("A", "")]),
    ],
)
def test_pairs_of_env(text: str, expected: list[tuple[str, str]]) -> None:
    """Both forms of ENV give names and values."""
    assert list(pairs(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [('["a", "b"]', ("a", "b")), ("a b", None), ("['a']", None), ('["a"', None), ("[" * 100_000, None)],
)
def test_exec_form(text: str, expected: tuple[str, ...] | None) -> None:
    """Only a JSON list is the exec form."""
    assert exec_form(text) == expected
