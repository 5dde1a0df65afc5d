from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.formats.dotenv import BINDING_LIMIT, DotenvReader
from commlint.model.deployments import Binding
from commlint.model.places import Extent
from commlint.model.values import EnvironmentRead, Literal, Template, Value


def read(text: str) -> tuple[Binding, ...]:
    declarations, notices = DotenvReader().read("deploy/.env", text.encode())
    assert notices == ()
    return declarations.bindings


def values(text: str) -> dict[str, Value]:
    return {binding.name: binding.value for binding in read(text)}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".env", True),
        ("a/.env.production", True),
        ("a/orders.env", True),
        (".flaskenv", True),
        ("a/.env.ts", False),
        ("a/.env.yaml", False),
        ("a/environment", False),
        ("a/env", False),
    ],
)
def test_claims(path: str, expected: bool) -> None:
    """Dotenv files are known by their names, files of other formats with such a name left out."""
    assert DotenvReader().claims(path, b"") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A=1", Literal("1")),
        ("export A=1", Literal("1")),
        ("  A = spaced out  ", Literal("spaced out")),
        ("A=", Literal("")),
        ("A=1 # why", Literal("1")),
        ("A=a#b", Literal("a#b")),
        ('A="x # y"', Literal("x # y")),
        ('A="two\\nlines"', Literal("two\nlines")),
        ('A="really\ntwo"', Literal("really\ntwo")),
        ("A='$B \\n'", Literal("$B \\n")),
        ("A=${B:-c}", EnvironmentRead("B", Literal("c"))),
        ("A=http://$B:80", Template((Literal("http://"), EnvironmentRead("B"), Literal(":80")))),
    ],
)
def test_values(line: str, expected: Value) -> None:
    """Quotes, comments, escapes and references are read as the dotenv libraries do."""
    assert values(f"{line}\n") == {"A": expected}


def test_what_was_set_before_is_filled_in() -> None:
    """A reference upwards is the value, one downwards is open."""
    found = values("PORT=80\nURL=http://stock:${PORT}/$LATER\nLATER=x\n")

    assert found["URL"] == Template((Literal("http://stock:80/"), EnvironmentRead("LATER")))


def test_place_and_scope() -> None:
    """A variable stands at its name, in the scope of its file."""
    found = read("# comment\r\n\r\nA=1\r\n  B=2\r\n")

    assert [(each.scope, each.name, each.extent) for each in found] == [
        ("file:deploy/.env", "A", Extent(3, 1, 3, 2)),
        ("file:deploy/.env", "B", Extent(4, 3, 4, 4)),
    ]


def test_last_value_counts() -> None:
    """A name given twice keeps the later value and its place."""
    found = read("A=1\nB=2\nA=3\n")

    assert [(each.name, each.value, each.extent.start_line) for each in found] == [
        ("B", Literal("2"), 2),
        ("A", Literal("3"), 3),
    ]


def test_lines_that_are_none() -> None:
    """What is no assignment is passed over."""
    assert values("just words\n=1\n1A=2\n[section]\nB=3\n") == {"B": Literal("3")}


def test_very_many_variables_are_cut() -> None:
    """A file beyond all measure is read up to a limit, with a notice."""
    source = "".join(f"A{n}=1\n" for n in range(BINDING_LIMIT + 10)).encode()

    declarations, notices = DotenvReader().read(".env", source)

    assert len(declarations.bindings) == BINDING_LIMIT
    assert len(notices) == 1


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(source: bytes) -> None:
    """Whatever the file holds, there is an answer."""
    declarations, _ = DotenvReader().read(".env", b"A=" + source)

    assert declarations.format == "dotenv"
