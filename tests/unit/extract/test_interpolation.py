from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.interpolation import (
    PARTS_LIMIT,
    TEXT_LIMIT,
    flat,
    interpolate,
    interpolate_kubernetes,
    is_known,
    join,
)
from commlint.model.values import Choice, EnvironmentRead, Literal, Template, Unknown, Value, walk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", Literal("plain")),
        ("", Literal("")),
        ("$PORT", EnvironmentRead("PORT")),
        ("${PORT}", EnvironmentRead("PORT")),
        ("${PORT:-8080}", EnvironmentRead("PORT", Literal("8080"))),
        ("${PORT-8080}", EnvironmentRead("PORT", Literal("8080"))),
        ("${PORT:-}", EnvironmentRead("PORT", Literal(""))),
        ("${PORT:?must be set}", EnvironmentRead("PORT")),
        ("${TLS:+s}", Choice((Literal("s"), Literal("")))),
        ("${A:-${B:-c}}", EnvironmentRead("A", EnvironmentRead("B", Literal("c")))),
        ("cost: 5$$", Literal("cost: 5$")),
        ("$$PORT", Literal("$PORT")),
        ("5$ and $", Literal("5$ and $")),
        ("${not closed", Literal("${not closed")),
        ("${A/b}", Literal("${A/b}")),
    ],
)
def test_references_in_text(text: str, expected: Value) -> None:
    """Every form of reference is a Value, and what only looks like one stays text."""
    assert interpolate(text) == expected


def test_references_among_text_are_a_template() -> None:
    """Text around references is kept in order."""
    value = interpolate("http://${HOST:-inventory}:$PORT/v1")

    assert value == Template(
        (
            Literal("http://"),
            EnvironmentRead("HOST", Literal("inventory")),
            Literal(":"),
            EnvironmentRead("PORT"),
            Literal("/v1"),
        )
    )


def test_known_names_are_filled_in() -> None:
    """A name that the lookup knows becomes its value, text around it included."""
    known: dict[str, Value] = {"PORT": Literal("80")}

    assert interpolate("orders:${PORT}", known.get) == Literal("orders:80")


def test_values_do_not_grow_without_end() -> None:
    """A value doubled line by line is given up as unknown instead of filling the memory."""
    known: dict[str, Value] = {"A": Literal("x" * 10), "B": EnvironmentRead("C")}

    for _ in range(40):
        known = {name: interpolate(f"${name}$B/${name}", known.get) for name in known}

    for value in known.values():
        assert len(flat(value)) <= 2 * TEXT_LIMIT
        assert len(list(walk(value))) <= 2 * PARTS_LIMIT
        assert not is_known(value)


def test_very_long_text_is_left_alone() -> None:
    """A text longer than any address is not searched for references."""
    text = "${A" * TEXT_LIMIT

    assert interpolate(text) == Literal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(HOST):$(PORT)", Template((EnvironmentRead("HOST"), Literal(":"), EnvironmentRead("PORT")))),
        ("$$(HOST)", Literal("$(HOST)")),
        ("${HOST} $HOST $()", Literal("${HOST} $HOST $()")),
    ],
)
def test_kubernetes_references(text: str, expected: Value) -> None:
    """Kubernetes knows `$(NAME)` only, and `$$` to write a dollar sign."""
    assert interpolate_kubernetes(text) == expected


@pytest.mark.parametrize(
    ("text", "flattened", "known"),
    [
        ("repo/${NAME:-orders}:1", "repo/orders:1", True),
        ("repo/${NAME}:1", "repo/${NAME}:1", False),
        ("${X:+s}", "s", True),
    ],
)
def test_flat_text_takes_defaults(text: str, flattened: str, known: bool) -> None:
    """One text for names and images: defaults are taken, what has none stays written."""
    value = interpolate(text)

    assert flat(value) == flattened
    assert is_known(value) is known


def test_unknown_is_not_known() -> None:
    """A text with an unknown part cannot be used as a name."""
    assert not is_known(join((Literal("a"), Unknown("why"))))


@settings(deadline=None)
@given(st.text(alphabet="$${}():-A ?+", max_size=60))
def test_literal_text_survives(text: str) -> None:
    """Any text gives a Value, and text without a dollar sign is itself."""
    value = interpolate(text)

    assert isinstance(value, Value)
    if "$" not in text:
        assert value == Literal(text)
