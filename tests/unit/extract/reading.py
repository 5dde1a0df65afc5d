"""Short ways from Python source text to its facts."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.languages.python import PythonReader
from commlint.model.code import Assignment, CallFacts, CodeFacts
from commlint.model.facts import Notice
from commlint.model.values import Reference, Value

A, B, C, X, Y = (Reference(name) for name in "abcxy")


def read(text: str) -> CodeFacts:
    """The facts of a correct file `shop/app.py`."""
    code, notices = PythonReader().read("shop/app.py", dedent(text).encode())
    assert notices == ()
    return code


def notices(source: bytes) -> list[Notice]:
    """What the reader could not read."""
    return list(PythonReader().read("shop/app.py", source)[1])


def value(expression: str) -> Value:
    """What an expression is worth."""
    (assignment,) = [entry for entry in read(f"it = {expression}").assignments if entry.target == "it"]
    assert assignment.value is not None
    return assignment.value


def annotation(text: str) -> Value:
    """What a written type is."""
    found = read(f"it: {text}").assignments[0].annotation
    assert found is not None
    return found


def call(text: str, name: str) -> CallFacts:
    """The only call of `name`."""
    (found,) = [entry for entry in read(text).calls if entry.callee == Reference(name)]
    return found


def assignments(text: str, target: str) -> list[Assignment]:
    """The assignments to `target`, in order."""
    return [entry for entry in read(text).assignments if entry.target == target]
