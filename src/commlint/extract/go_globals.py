"""Variables of the package that functions give a value: Go says so by what it does not declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from commlint.model.code import Assignment, FunctionFacts
from commlint.model.values import Output


def in_their_scope(
    assignments: Iterable[Assignment], plain: Collection[int], functions: Iterable[FunctionFacts]
) -> Iterator[Assignment]:
    """
    The assignments with those to names that no function around them declares as the package's own.

    `plain`: the places of those made by `=`, which declares nothing.
    """
    listed = tuple(assignments)
    # Nor does giving away an address declare anything.
    plain = {*plain, *(place for place, entry in enumerate(listed) if isinstance(entry.value, Output))}
    declared: dict[str, set[str]] = defaultdict(set)
    for facts in functions:
        declared[facts.name].update(parameter.name for parameter in facts.parameters)
    for place, entry in enumerate(listed):
        if place not in plain:
            declared[entry.function].add(entry.target)
    for place, entry in enumerate(listed):
        inside = place not in plain or not entry.function or "." in entry.target or entry.target.endswith("[]")
        if inside or any(entry.target in declared[scope] for scope in _around(entry.function)):
            yield entry
        else:
            yield replace(entry, function="", within=entry.function)


def _around(function: str) -> Iterator[str]:
    """A function and those around it, by their names; the type of a method is told apart by having no entry."""
    while function:
        yield function
        function = function.rpartition(".")[0]
