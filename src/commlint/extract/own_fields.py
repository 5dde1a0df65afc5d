"""Assignments to plain names that set a field of the object around, where `this` goes without saying."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from commlint.model.code import Assignment, CodeFacts, FunctionFacts


def placed(code: CodeFacts, bare: Collection[int]) -> CodeFacts:
    """
    The same facts, with `client = made` told as `this.client = made` where `client` is a field of the class around.

    `bare`: the numbers of the assignments that declare nothing; what a function or one around it declares is no field.
    """
    if not bare:
        return code
    functions = {each.name: each for each in code.functions}
    fields: dict[str, set[str]] = defaultdict(set)
    declared: dict[str, set[str]] = defaultdict(set)
    for number, entry in enumerate(code.assignments):
        if entry.owner:
            fields[entry.owner].add(entry.target)
        elif number not in bare:
            declared[entry.function].add(entry.target)
    assignments = list(code.assignments)
    for number in bare:
        entry = code.assignments[number]
        if entry.target in fields[_owner(entry, functions, declared)]:
            assignments[number] = replace(entry, target=f"this.{entry.target}")
    return replace(code, assignments=tuple(assignments))


def _owner(entry: Assignment, functions: dict[str, FunctionFacts], declared: dict[str, set[str]]) -> str:
    """The class whose method sets a name that no function around the place declares, "" when one does."""
    for facts in _around(entry.function, functions):
        parameters = {each.name for each in facts.parameters}
        if entry.target in parameters or entry.target in declared[facts.name]:
            return ""
        if facts.owner:
            return facts.owner
    return ""


def _around(function: str, functions: dict[str, FunctionFacts]) -> Iterator[FunctionFacts]:
    name = function
    while name:
        if name in functions:
            yield functions[name]
        name = name.rpartition(".")[0]
