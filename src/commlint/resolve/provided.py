"""What calls tell a container of objects: which type stands for which, what an object gets that it makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from commlint.model.values import Choice, ConfigRead, EnvironmentRead, Literal, Parameter, Sequence, Value
from commlint.resolve import calls, lifting, settings, types, worth
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Made,
    Object,
    Scope,
    Several,
    Type,
    Written,
    is_unknown,
)
from commlint.resolve.locators import locate
from commlint.resolve.port import closeness
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_LEVELS = 3
MAX_CALLERS = 40

_Placed = tuple[str, tuple[Entity, ...]]


class Provided:
    """
    Registrations by call, nearest to the asking file first.

    One tree holds many programs, each with a container of its own, so a place sees what is told in the files that
    share the longest way of folders with it.
    """

    def __init__(self, program: Program, uses: Iterable[Use] = ()) -> None:
        self._program = program
        self.hands_out = False
        self._standing: dict[Entity, list[_Placed]] = defaultdict(list)
        self._generated: dict[str, list[_Placed]] = defaultdict(list)
        self._injected: dict[tuple[Type, str], list[CallSite]] = defaultdict(list)
        self._keyed: dict[tuple[str, str], list[CallSite]] = defaultdict(list)
        self._bound: dict[Type, list[tuple[str, str]]] = defaultdict(list)
        for use in uses:
            if use.match.site.role == "settings":
                self._bind(use)
            elif use.site is not None:
                self._provide(use, use.site)

    def _provide(self, use: Use, call: CallSite, level: int = 0) -> None:
        """Keep what a use tells, once for each caller of its function where that decides the types it is about."""
        site = use.match.site
        if site.target and not (site.parent or site.injects or site.key):
            for each in self._each(use, site.target):
                self._hand_out(each)
            return
        made = locate(self._program, use, site.target) or () if site.target else ()
        standing = locate(self._program, use, site.parent) or () if site.parent else ()
        lifted = self._lifted(use, (*made, *standing)) if level < MAX_LEVELS else ()
        for above in lifted:
            if above.site is not None:
                self._provide(above, above.site, level + 1)
        if lifted:
            return
        for of in made if site.injects else ():
            if isinstance(of, Type):
                self._injected[of, site.injects].append(call)
        key = self._text(use, site.key)
        if key:
            self._keyed[site.injects, key].append(call)
        for asked in self._each(use, site.parent) if site.parent else ():
            of = asked.type if isinstance(asked, Object) else asked
            placed = (call.path, tuple(made) or _of_call(of, call))
            self._standing[of].append(placed)
            if isinstance(of, External) and self._program.library(call.path).is_generated(of.name):
                self._generated[_own_name(of.name)].append(placed)

    def _hand_out(self, entity: Entity) -> None:
        """A function that a container is given stands for the type of what it returns, of several results the first."""
        if not isinstance(entity, Function):
            return
        returns = self._program.function(entity).returns
        first = returns.items[0] if isinstance(returns, Sequence) and returns.items and not returns.open else returns
        for promised in self._program.annotated(first, Scope(Frame(entity.path))):
            of = promised.type if isinstance(promised, Object) else promised
            asked = External(of.type) if isinstance(of, Made) else of
            self._standing[asked].append((entity.path, (entity,)))
            self.hands_out = True

    def _each(self, use: Use, locator: str) -> Iterable[Entity]:
        """What stands at a place, one by one where it is a list."""
        for entity in locate(self._program, use, locator) or ():
            listed = isinstance(entity, Written) and isinstance(entity.value, Sequence)
            yield from worth.elements(self._program, (entity,), use.scope.path) if listed else (entity,)

    def _bind(self, use: Use, level: int = 0) -> None:
        """Bind what a use fills, once for each caller of its function where that decides the section or the class."""
        site = use.match.site
        prefix = locate(self._program, use, site.prefix) if site.prefix else None
        filled = locate(self._program, use, site.target) or ()
        lifted = self._lifted(use, (*(prefix or ()), *filled)) if level < MAX_LEVELS else ()
        for each in lifted:
            self._bind(each, level + 1)
        if lifted:
            return
        value = worth.as_value(self._program, prefix) if prefix else None
        if isinstance(value, Choice):
            value = next((each for each in value.options if isinstance(each, ConfigRead)), value)
        told = value.key if isinstance(value, ConfigRead) else value.value if isinstance(value, Literal) else ""
        for of in filled:
            kind = of.type if isinstance(of, Object) else of
            if isinstance(kind, Type):
                self.bind(kind, str(told or ""), use.scope.frame.root.path)

    def _lifted(self, use: Use, located: Entities) -> tuple[Use, ...]:
        """A use as the callers of its function make it, none when they decide nothing of what is located."""
        frame = use.scope.frame
        opened = tuple(each.value for each in located if isinstance(each, Data) and isinstance(each.value, Parameter))
        asked = lifting.asked(self._program, frame, opened)
        if not asked or use.site is None:
            return ()
        above = islice(lifting.lift_all(self._program, frame, asked), MAX_CALLERS)
        site = use.site
        return tuple(
            replace(use, scope=use.scope._replace(frame=each), site=replace(site, frame=each)) for each in above
        )

    def bind(self, kind: Type, prefix: str, path: str) -> None:
        """The fields of a class are entries of the configuration below `prefix`."""
        if (path, prefix) not in self._bound[kind]:
            self._bound[kind].append((path, prefix))

    def _text(self, use: Use, locator: str) -> str:
        entities = locate(self._program, use, locator) if locator else None
        value = worth.as_value(self._program, entities) if entities else None
        return str(value.value) if isinstance(value, Literal) and isinstance(value.value, str) else ""

    # -- questions -------------------------------------------------------------------------------------

    def given(self, asked: Entities, path: str, owner: str) -> Entities:
        """What a constructor's parameter gets where its type alone is known."""
        found: list[Entity] = []
        for entity in asked:
            match entity:
                case Made(type=of, site=None):
                    sites = self._sites(Type(path, owner), of)
                    found.extend(Made(of, site) for site in sites)
                    found.extend(() if sites else self._instead(External(of), path, entity))
                case Object(type=of_type, site=None):
                    found.extend(self._instead(of_type, path, entity))
                case _:
                    found.append(entity)
        return tuple(found)

    def keyed(self, of: str, key: str, path: str) -> tuple[CallSite, ...]:
        """The registrations of a library type under a name."""
        return _nearest(self._keyed.get((of, key), ()), path)

    def prefix(self, kind: Type, path: str) -> str | None:
        """Where in the configuration the fields of a class stand, None when nothing binds it."""
        bound = self._bound.get(kind)
        if not bound:
            return None
        return max(bound, key=lambda each: closeness(each[0], path))[1]

    def prefix_of_member(self, kind: Type, owner: Type, path: str) -> str | None:
        """The same of fields that a class of the lineage of `kind` has: what fills an object fills what it inherits."""
        lineage = types.lineage(self._program, kind) if kind != owner else (kind,)
        told = (self.prefix(each, path) for each in lineage if isinstance(each, Type))
        return next((each for each in told if each is not None), None)

    def _sites(self, owner: Type, of: str) -> tuple[CallSite, ...]:
        for each in (owner, *types.parts(self._program, owner)) if owner.name else ():
            sites = self._injected.get((each, of))
            if sites:
                return _nearest(sites, owner.path)
        return ()

    def _instead(self, asked: Entity, path: str, otherwise: Entity) -> Entities:
        standing = self._standing.get(asked, ())
        if not standing and isinstance(asked, External):
            # In which of the namespaces that a file takes in whole a generated type lies is not told by that file.
            standing = self._generated.get(_own_name(asked.name), ())
        near = max((closeness(where, path) for where, _ in standing), default=0)
        found: list[Entity] = []
        for where, entities in standing:
            if closeness(where, path) == near:
                found.extend(made for entity in entities for made in self._made(entity))
        library = self._program.library(path)
        known = [
            each
            for each in found
            if not is_unknown(each) and not (isinstance(each, Made) and not library.describes(each.type))
        ]
        return tuple(dict.fromkeys(known)) or (otherwise,)

    def _made(self, entity: Entity) -> Entities:
        match entity:
            case Type():
                return (Object(entity),)
            case External(name=name):
                return (Made(name),)
            case Function():
                results = self._program.run(entity, Frame(entity.path, entity.name, None, entity.receiver))
                return tuple(one for each in results for one in (each.of[0] if isinstance(each, Several) else (each,)))
            case Made() | Object():
                return (entity,)
            case _:
                return ()


def _own_name(name: str) -> str:
    """The name of a nested type with the one around it: `Stock.StockClient`."""
    return ".".join(name.rsplit(".", 2)[-2:])


def _of_call(of: Entity, call: CallSite) -> tuple[Entity, ...]:
    """An object of a type that the call itself makes."""
    match of:
        case Type():
            return (Object(of, call),)
        case External(name=name):
            return (Made(name, call),)
        case _:
            return ()


def _nearest(sites: Iterable[CallSite], path: str) -> tuple[CallSite, ...]:
    known = tuple(sites)
    near = max((closeness(each.path, path) for each in known), default=0)
    return tuple(dict.fromkeys(each for each in known if closeness(each.path, path) == near))


def configured(program: Program, entity: Object, owner: Type, name: str) -> Entities:
    """
    What a field of a class that the configuration fills is: the entry of its name, or an object filled in turn.

    A tag by which a library fills it tells another name, or a variable of the environment.
    """
    path = entity.type.path
    prefix = program.provided.prefix_of_member(entity.type, owner, path)
    field = next(iter(program.file(owner.path).fields.get(owner.name, {}).get(name, ())), None)
    if prefix is None or field is None:
        return ()
    told = settings.tagged(program, field, owner)
    if isinstance(told, EnvironmentRead):
        return (Data(told),)
    between = "." if program.language(owner.path).structural else ":"
    key = between.join(filter(None, (prefix, told.key if isinstance(told, ConfigRead) else name)))
    scope = Scope(Frame(owner.path), field.extent.start_line, field.block, owner.name)
    # A property may be called like its type, so types are looked up outside the class.
    outside = Scope(Frame(owner.path), field.extent.start_line)
    held = [each for each in program.annotated(field.annotation, outside) if isinstance(each, Object)]
    if held:
        for each in held:
            program.provided.bind(each.type, key, path)
        return tuple(held)
    written = calls.constructor_field(program, entity, name)
    default: Value | None = worth.as_value(program, written) if written else None
    if field.value is not None:
        default = program.value(field.value, scope)
    return (Data(ConfigRead(key, default if isinstance(default, Literal) and default.value is not None else None)),)
