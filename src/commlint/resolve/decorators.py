"""What decorators and annotations of libraries say of the functions, classes, fields and parameters they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from commlint.model.code import Argument
from commlint.model.values import CallResult, Value
from commlint.resolve import applied, types
from commlint.resolve.conditions import holds
from commlint.resolve.entities import (
    CallSite,
    Entities,
    Entity,
    Frame,
    Function,
    Made,
    Object,
    Scope,
    Type,
)
from commlint.resolve.index import plain_name
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

_MADE = ("client", "producer")
_MAPPING = (*_MADE, "server")
_WIRE = (*_MAPPING, "consumer")


class Decorators:
    """The library decorators of a tree, by what they stand on."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._of: dict[tuple[str, str], list[Use]] = {}
        self.declared: set[str] = set()

    def learn(self, uses: Iterable[Use]) -> None:
        """Remember further ones."""
        for use in uses:
            if isinstance(use.decorated, (Function, Type)):
                self._of.setdefault((use.decorated.path, use.decorated.name), []).append(use)
            if isinstance(use.decorated, Function) and use.match.site.role in _MAPPING:
                self._declare(use.decorated)
            if isinstance(use.decorated, Type) and use.match.site.form == "held":
                functions = self._program.file(use.decorated.path).functions.values()
                self.declared.update(plain_name(each.name) for each in functions if each.owner == use.decorated.name)

    def _declare(self, function: Function) -> None:
        if self._program.function(function).is_abstract:
            self.declared.add(plain_name(function.name))

    def of(self, decorated: Function | Type) -> tuple[Use, ...]:
        """The library decorators of a function or class."""
        return tuple(self._of.get((decorated.path, decorated.name), ()))

    def of_owner(self, function: Function) -> Iterator[Use]:
        """The decorators of the class a method belongs to, then of its bases, nearest first."""
        for each in self._owners(function):
            yield from self.of(each)

    def operations(self, function: Function) -> tuple[Use, ...]:
        """
        The uses that make each call of a function a call or message to another service.

        A decorator of the function says so, or one of its class where the function is one that it maps, or one of a
        field that has this class as its type.
        """
        if not self._program.function(function).is_abstract:
            return ()
        own = [use for use in self.of(function) if use.match.site.role in _MAPPING]
        calling = [use for use in own if use.match.site.role in _MADE and holds(self._program, use)]
        if own and not calling:
            calling = [use for use in self.of_owner(function) if use.match.site.role == "client"]
        held = (use for use in self.of_owner(function) if use.match.site.form == "held")
        return tuple(calling) or tuple(held)[:1]

    def mapped(self, function: Function) -> Function:
        """The method of a base that maps an abstract method which says nothing itself; else the function."""
        facts = self._program.function(function)
        if not facts.is_abstract or not facts.owner or self.of(function):
            return function
        own = Type(function.path, facts.owner)
        for each in types.lineage(self._program, own)[1:]:
            method = (
                types.own_method(self._program, each, plain_name(function.name)) if isinstance(each, Type) else None
            )
            if method is not None and self.of(method):
                return Function(method.path, method.name, function.receiver or Object(own))
        return function

    def is_client(self, entry: Type) -> bool:
        """Whether a class, or one of its bases, declares calls to another service."""
        return any(
            use.match.site.role == "client"
            for each in types.lineage(self._program, entry)
            if isinstance(each, Type)
            for use in self.of(each)
        )

    def _owners(self, function: Function) -> Iterator[Type]:
        owner = self._program.function(function).owner
        receiver = function.receiver.type if isinstance(function.receiver, Object) else None
        start = receiver or (Type(function.path, owner) if owner else None)
        for each in types.lineage(self._program, start) if start is not None else ():
            if isinstance(each, Type):
                yield each


def uses_of(
    program: Program,
    path: str,
    decorator: Value,
    scope: Scope,
    decorated: Entity | None,
    composing: bool = True,
    form: str = "decorator",
) -> Iterator[Use]:
    """
    The uses that one decorator written in a file makes; `composing`: one of the tree stands for those on it.

    `form`: whether it stands on what it decorates, or on a parameter of it.
    """
    site: CallSite | None = None
    arguments: tuple[Argument, ...] = ()
    entities: Entities
    if isinstance(decorator, CallResult):
        site = CallSite(path, decorator.call, scope.frame)
        call = program.call(site)
        entities = program.evaluate(call.callee, scope)
        arguments = call.arguments
    else:
        entities = program.evaluate(decorator, scope)
    for entity in entities:
        if isinstance(entity, Made) and entity.site is not None:
            yield from _kept(program, entity.site, decorated)
        if isinstance(entity, Type) and composing:
            yield from _composed(program, entity, decorated, bool(arguments))
        if isinstance(entity, Function) and isinstance(decorated, Type):
            yield from applied.uses(program, entity, decorated)
        name, receiver = types.library_name(program, entity)
        for match in program.library(path).sites(name) if name else ():
            if match.site.form == form:
                yield Use(match, scope, arguments, receiver, site, decorated)


def _composed(program: Program, annotation: Type, decorated: Entity | None, given: bool) -> Iterator[Use]:
    """
    What the annotations say that stand on an annotation of the tree: it stands for all of them.

    What it is given may take the place of what they are given, so where it is they tell no address.
    """
    index = program.file(annotation.path)
    facts = index.types[annotation.name]
    if not facts.is_abstract:
        return
    scope = Scope(Frame(annotation.path), facts.extent.start_line)
    for decorator in facts.decorators:
        for use in uses_of(program, annotation.path, decorator, scope, decorated, composing=False):
            if not given or use.match.site.role not in _WIRE:
                yield use


def _kept(program: Program, site: CallSite, decorated: Entity | None) -> Iterator[Use]:
    """A decorator that was made earlier and kept in a name: `again = retry(…)`, then `@again`."""
    for called in program.callee(site.path, site.call, site.frame):
        name, receiver = types.library_name(program, called)
        for match in program.library(site.path).sites(name) if name else ():
            if match.site.form == "decorator":
                yield Use(match, program.site_scope(site), program.call(site).arguments, receiver, site, decorated)


def definition_scope(program: Program, function: Function) -> Scope:
    """Where a function is defined: the module, a class body, or the function around it."""
    index = program.file(function.path)
    facts = index.functions[function.name]
    line = facts.extent.start_line
    if facts.owner:
        return Scope(Frame(function.path), line, owner=facts.owner)
    return Scope(Frame(function.path, next(index.enclosing(function.name), "")), line)
