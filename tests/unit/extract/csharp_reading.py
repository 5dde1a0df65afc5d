"""Short ways from C# source text to its facts."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.languages.csharp import CSharpReader
from commlint.model.code import Assignment, CallFacts, CodeFacts, FunctionFacts
from commlint.model.values import Attribute, Reference, Value

A, B, C, X, Y = (Reference(name) for name in "abcxy")


def read(text: str) -> CodeFacts:
    """The facts of a correct file `Shop/App.cs`."""
    code, notices = CSharpReader().read("Shop/App.cs", dedent(text).encode())
    assert notices == ()
    return code


def body(text: str) -> CodeFacts:
    """The facts of a file with one method `Shop.Run` that holds these statements."""
    return read(f"class Shop {{ async Task Run(int a, int b) {{ {text} }} }}")


def value(expression: str) -> Value:
    """What an expression is worth."""
    (assignment,) = [entry for entry in body(f"var it = {expression};").assignments if entry.target == "it"]
    assert assignment.value is not None
    return assignment.value


def function(text: str, name: str) -> FunctionFacts:
    """The only function of this name."""
    (found,) = [entry for entry in read(text).functions if entry.name == name]
    return found


def call(text: str, name: str) -> CallFacts:
    """The only call whose callee ends in `name`, in the statements of a method."""
    (found,) = [entry for entry in body(text).calls if _last(entry.callee) == name]
    return found


def assignments(text: str, target: str) -> list[Assignment]:
    """The assignments to `target` in the statements of a method, in order."""
    return [entry for entry in body(text).assignments if entry.target == target]


def _last(callee: Value) -> str:
    return callee.name.rpartition(".")[2] if isinstance(callee, (Reference, Attribute)) else ""
