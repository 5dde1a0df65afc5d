"""Short ways from Go source text to its facts."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.languages.go import GoReader
from commlint.model.code import Assignment, CallFacts, CodeFacts
from commlint.model.facts import Notice
from commlint.model.values import Reference, Value

A, B, C, X, Y = (Reference(name) for name in "abcxy")


def read(text: str) -> CodeFacts:
    """The facts of a correct file; a package clause is put before `text`."""
    code, notices = GoReader().read("shop/app.go", ("package shop\n" + dedent(text)).encode())
    assert notices == ()
    return code


def inside(text: str) -> CodeFacts:
    """The facts of a file with the one function `f` whose body is `text`."""
    return read("func f() {\n" + dedent(text) + "\n}\n")


def notices(source: bytes) -> list[Notice]:
    """What the reader could not read."""
    return list(GoReader().read("shop/app.go", source)[1])


def value(expression: str) -> Value:
    """What an expression is worth."""
    (assignment,) = [entry for entry in inside(f"it := {expression}").assignments if entry.target == "it"]
    assert assignment.value is not None
    return assignment.value


def annotation(text: str) -> Value:
    """What a written type is."""
    found = read(f"var it {text}").assignments[0].annotation
    assert found is not None
    return found


def call(text: str, name: str) -> CallFacts:
    """The only call of `name` in a function whose body is `text`."""
    (found,) = [entry for entry in inside(text).calls if entry.callee == Reference(name)]
    return found


def assignments(text: str, target: str) -> list[Assignment]:
    """The assignments to `target` in a function whose body is `text`, in order."""
    return [entry for entry in inside(text).assignments if entry.target == target]
