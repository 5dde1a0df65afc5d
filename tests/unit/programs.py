"""Small programs for the tests of resolve and recognize: source text in, program out."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.extract import extract
from commlint.model.facts import FactSet
from commlint.model.operations import Operation, Recognition, Role
from commlint.model.values import Literal, Value, show
from commlint.recognize.recognize import recognize
from commlint.resolve.program import Program
from commlint.store.catalogue import load


def program(**files: str) -> Program:
    """A program of Python files; `orders__app="…"` is the file `orders/app.py`."""
    facts = [extract(f"{name.replace('__', '/')}.py", dedent(text).encode()) for name, text in files.items()]
    return Program(FactSet.of(facts), load())


def recognized(**files: str) -> Recognition:
    """What is recognized in Python files; `orders__app="…"` is the file `orders/app.py`."""
    return recognize(program(**files))


def clients(**files: str) -> list[Operation]:
    return [each for each in recognized(**files).operations if each.role is Role.CLIENT]


def only(operations: list[Operation]) -> Operation:
    assert len(operations) == 1, [f"{each.region} {show(each.address.url)}" for each in operations]
    return operations[0]


def url(operation: Operation) -> str:
    return show(operation.address.url)


def number(value: Value | None) -> object:
    """The plain content of a literal."""
    assert isinstance(value, Literal), value
    return value.value
