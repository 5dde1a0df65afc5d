"""What a container hands out by a token: lists of declarations, as modules of a framework write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commlint.model.values import Element, Literal, Mapping, Sequence, Value
from commlint.resolve import worth
from commlint.resolve.decorators import uses_of
from commlint.resolve.entities import (
    Entities,
    External,
    Frame,
    Function,
    Made,
    Object,
    Scope,
    Type,
    Written,
)
from commlint.resolve.locators import alternatives, locate
from commlint.resolve.port import closeness
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands for a token: the value of a declaration, in the scope it is written in, or a type of a library."""

    path: str
    value: Value | None
    scope: Scope
    returns: str


class Tokens:
    """
    The declarations of a tree by their tokens, texts and types alike.

    One tree holds many programs, so a place sees what is told in the files that share the longest way of folders
    with it.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._declared: dict[str, list[Declared]] = defaultdict(list)

    def learn(self, uses: Iterable[Use]) -> None:
        """Remember the declarations that further uses list."""
        for use in uses:
            for written in _mappings(self._program, locate(self._program, use, use.match.site.child) or ()):
                entries = _entries(written)
                token = self._token(_entry(entries, use.match.site.key), written.scope)
                if not token:
                    continue
                given = _entry(entries, use.match.site.target)
                returns = self._program.library(use.scope.path).canonical(use.match.site.returns)
                if given is not None or returns:
                    self._declared[token].append(Declared(use.scope.path, given, written.scope, returns))

    def given(self, decorators: tuple[Value, ...], scope: Scope, promised: Entities) -> Entities:
        """What is put in where decorators ask for a token, unless the type of the place `promised` a library's own."""
        if not self._declared or any(isinstance(each, Made) for each in promised):
            return ()
        for decorator in decorators:
            for use in uses_of(self._program, scope.path, decorator, scope, None):
                if use.match.site.role == "inject":
                    told = self._declared.get(self._key(locate(self._program, use, use.match.site.key) or ()), [])
                    near = max((closeness(each.path, scope.path) for each in told), default=0)
                    nearest = (each for each in told if closeness(each.path, scope.path) == near)
                    return tuple(dict.fromkeys(made for each in nearest for made in self._made(each)))
        return ()

    def _token(self, value: Value | None, scope: Scope) -> str:
        return self._key(self._program.evaluate(value, scope)) if value is not None else ""

    def _key(self, entities: Entities) -> str:
        if len(entities) == 1 and isinstance(entities[0], Type):
            return f"{entities[0].path}::{entities[0].name}"
        value = worth.as_value(self._program, entities) if entities else None
        return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""

    def _made(self, declared: Declared) -> Iterator[Made | Object]:
        """The objects that a declaration stands for: of a class, of what a function gives back, or as they are."""
        if declared.value is None:
            yield Made(declared.returns)
            return
        for entity in self._program.evaluate(declared.value, declared.scope):
            match entity:
                case Type():
                    yield Object(entity)
                case External(name=name):
                    yield Made(name)
                case Function():
                    frame = Frame(entity.path, entity.name, None, entity.receiver)
                    found = self._program.run(entity, frame)
                    yield from (each for each in found if isinstance(each, (Made, Object)))
                case Made() | Object():
                    yield entity
                case _:
                    pass


def _mappings(program: Program, entities: Entities, depth: int = 0) -> Iterator[Written]:
    """The mappings in lists, and in the lists that these take in."""
    for entity in entities if depth < MAX_DEPTH else ():
        if isinstance(entity, Written) and isinstance(entity.value, Mapping):
            yield entity
        elif isinstance(entity, Written) and isinstance(entity.value, Sequence):
            for item in entity.value.items:
                inner = item.of if isinstance(item, Element) else item
                yield from _mappings(program, program.evaluate(inner, entity.scope), depth + 1)


def _entries(written: Written) -> dict[str, Value]:
    found = written.value.entries if isinstance(written.value, Mapping) else ()
    return {_text(key): value for key, value in found}


def _entry(entries: dict[str, Value], locator: str) -> Value | None:
    """The first of the entries that a locator names: `entry:useClass|entry:useFactory`."""
    names = (each.removeprefix("entry:") for each in alternatives(locator))
    return next((entries[name] for name in names if name in entries), None)


def _text(key: Value) -> str:
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""
