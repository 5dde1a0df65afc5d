"""Objects that a container makes and hands to those who ask for their type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commlint.model.values import Literal, Value
from commlint.resolve import worth
from commlint.resolve.decorators import definition_scope, uses_of
from commlint.resolve.entities import Entities, Entity, External, Frame, Function, Made, Object, Scope, Type
from commlint.resolve.index import plain_name
from commlint.resolve.locators import locate
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program


@dataclass(frozen=True, slots=True)
class Provider:
    """A function whose result a container hands out, and the name it is known by."""

    function: Function
    name: str
    home: str


class Container:
    """
    What the functions of a tree provide, by type.

    One tree holds many programs, so what is provided counts only in the program it belongs to and in those
    that import from it.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._by_type: dict[Entity, list[Provider]] = defaultdict(list)
        self._reach: dict[str, frozenset[str]] = {}

    def learn(self, uses: Iterable[Use]) -> None:
        """Remember what further uses provide."""
        for use in uses:
            if isinstance(use.decorated, Function):
                self._add(use, use.decorated)

    def _add(self, use: Use, function: Function) -> None:
        facts = self._program.function(function)
        scope = definition_scope(self._program, function)
        # What is not said is what the body gives: `fun client() = WebClient.create()`.
        given = self._program.annotated(facts.returns, scope) if facts.returns is not None else self._run(function)
        name = _text(self._program, use, use.match.site.key) or plain_name(function.name)
        provider = Provider(function, name, self._program.home(function.path))
        for entity in given:
            of = _type(entity)
            if of is not None and provider not in self._by_type[of]:
                self._by_type[of].append(provider)

    def given(self, asked: Entities, path: str, name: str, decorators: tuple[Value, ...]) -> Entities:
        """What stands for objects of which only the type is known, at a place of this name: what provides them."""
        if not self._by_type:
            return asked
        found: list[Entity] = []
        for entity in asked:
            of = _type(entity) if isinstance(entity, (Made, Object)) and entity.site is None else None
            providers = self._visible(self._by_type.get(of, ()), path) if of is not None else ()
            provider = self._chosen(providers, name, path, decorators)
            found.extend(self._made(provider, entity) if provider is not None else (entity,))
        return tuple(found)

    def _visible(self, providers: Iterable[Provider], path: str) -> tuple[Provider, ...]:
        home = self._program.home(path)
        own = tuple(each for each in providers if each.home == home)
        return own or tuple(each for each in providers if each.home in self._reached(home))

    def _reached(self, home: str) -> frozenset[str]:
        """The homes whose files those of a home import."""
        known = self._reach.get(home)
        if known is None:
            files = [path for path in self._program.files if self._program.home(path) == home]
            entries = ((path, entry) for path in files for entry in self._program.file(path).code.imports)
            imported = (self._program.imported(path, entry)[0] for path, entry in entries)
            known = frozenset(self._program.home(path) for path in imported if path is not None)
            self._reach[home] = known
        return known

    def _chosen(
        self, providers: tuple[Provider, ...], name: str, path: str, decorators: tuple[Value, ...]
    ) -> Provider | None:
        """The one that is asked for by its name, the only one, or the one called like the place."""
        if not providers:
            return None
        wanted = _asked_name(self._program, path, decorators) or (name if len(providers) > 1 else "")
        named = [each for each in providers if each.name == wanted]
        return named[0] if named else providers[0] if len(providers) == 1 else None

    def _made(self, provider: Provider, asked: Entity) -> Entities:
        found = self._run(provider.function)
        return tuple(each for each in found if isinstance(each, (Made, Object))) or (asked,)

    def _run(self, function: Function) -> Entities:
        owner = self._program.function(function).owner
        receiver = Object(Type(function.path, owner)) if owner else None
        return self._program.run(function, Frame(function.path, function.name, None, receiver))


def _type(entity: Entity) -> Entity | None:
    match entity:
        case Made(type=name):
            return External(name)
        case Object(type=of):
            return of
        case _:
            return None


def _asked_name(program: Program, path: str, decorators: tuple[Value, ...]) -> str:
    """The name that a place asks for, "" when it asks for none."""
    for decorator in decorators:
        for use in uses_of(program, path, decorator, Scope(Frame(path)), None):
            if use.match.site.role == "inject":
                return _text(program, use, use.match.site.key)
    return ""


def _text(program: Program, use: Use, locator: str) -> str:
    entities = locate(program, use, locator) if locator else None
    value = worth.as_value(program, entities) if entities else None
    return str(value.value) if isinstance(value, Literal) and isinstance(value.value, str) else ""
