"""Messages named after a class that nobody makes objects of: each is of one of the classes that derive from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from commlint.model.operations import Operation
from commlint.model.values import Choice, Literal, Value
from commlint.recognize import frames
from commlint.resolve import types
from commlint.resolve.entities import Type
from commlint.resolve.index import plain_name
from commlint.resolve.program import Program

MAX_KINDS = 64


def by_class(program: Program, operation: Operation) -> Iterator[Operation]:
    """The operation once for each derived class that objects are made of, as those who make them decide it."""
    kinds = dict.fromkeys(_kinds(program, operation.address.routing_key))
    if not kinds or len(kinds) > MAX_KINDS:
        yield operation
        return
    for name, decided in kinds:
        yield replace(operation, address=replace(operation.address, routing_key=Literal(name)), decided=decided)


def _kinds(program: Program, key: Value | None) -> Iterator[tuple[str, str]]:
    """Name of a class and the file where an object of it is made; nothing where the base itself is made too."""
    names = {each.value for each in (key.options if isinstance(key, Choice) else (key,)) if isinstance(each, Literal)}
    name = names.pop() if len(names) == 1 else None
    candidates = program.types_by_base.get(name, ()) if isinstance(name, str) else ()
    bases = {each for one in candidates for each in types.bases(program, one) if isinstance(each, Type)}
    called = sorted((each for each in bases if plain_name(each.name) == name), key=lambda each: each.path)
    made = [each for base in called for each in program.makers(base)]
    if any(each.type in called for each in made):
        return
    for each in made:
        if each.site is not None:
            yield plain_name(each.type.name), frames.deciding_file(each.site.frame, "")
