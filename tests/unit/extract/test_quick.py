"""Records made without the guard of frozen ones."""

from dataclasses import FrozenInstanceError

import pytest

from commlint.extract.quick import quick
from commlint.model.code import Argument
from commlint.model.values import Literal, Reference


def test_a_quick_record_is_the_record() -> None:
    """Class, equality, hash and text are those of the record made the slow way."""
    made, expected = quick(Reference)("a.b"), Reference("a.b")

    assert type(made) is Reference
    assert (made, hash(made), repr(made)) == (expected, hash(expected), repr(expected))


def test_defaults_and_names() -> None:
    """Fields may be left out or named as with the record."""
    make = quick(Argument)

    assert make(None, Literal(1)) == Argument(None, Literal(1))
    assert make(name="k", value=Literal(1), spread="*") == Argument("k", Literal(1), "*")


def test_a_quick_record_is_frozen() -> None:
    """Once made it cannot be changed."""
    made = quick(Reference)("a")

    with pytest.raises(FrozenInstanceError):
        made.name = "b"  # type: ignore[misc]
