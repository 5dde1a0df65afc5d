"""Objects a database takes once: classes of the tree with unique fields, and what such a field is given."""

from __future__ import annotations

from commlint.model.values import CallResult, Literal, Sequence, Value, walk
from commlint.resolve import arguments, types, worth
from commlint.resolve.conditions import holds
from commlint.resolve.decorators import uses_of
from commlint.resolve.entities import CallSite, Entity, External, Frame, Function, Made, Object, Scope, Type
from commlint.resolve.program import Program
from commlint.resolve.use import use_of_call

GENERATED = "generated"
"""The detail of a site that makes the database give a field its value."""
UNIQUE = "unique"
"""The detail of a site that makes a field, or the fields it names, unique."""


def is_refused(program: Program, entity: Object) -> bool:
    """Whether a second object made like this one is refused: a unique field is given, and with no fresh value."""
    return entity.site is not None and refuses(program, entity.type, entity.site)


def refuses(program: Program, of: Type, site: CallSite) -> bool:
    """Whether the database takes one object only of all that a call makes of a class."""
    given = arguments.of_site(program, site).keywords
    return any(
        name in given and not _is_fresh(program, given[name][0], given[name][1]) for name in _fields(program, of)
    )


def _fields(program: Program, of: Type) -> set[str]:
    """The names of the unique fields of a class, those that several make unique together included."""
    found: set[str] = set()
    for each in types.lineage(program, of):
        if not isinstance(each, Type):
            continue
        for name, stated in program.file(each.path).fields.get(each.name, {}).items():
            value = stated[-1].value
            scope = Scope(Frame(each.path), stated[-1].extent.start_line, owner=each.name)
            if isinstance(value, CallResult) and _is_unique(program, CallSite(each.path, value.call, scope.frame)):
                found.add(name)
            elif isinstance(value, Sequence):
                found.update(_named(program, item, scope) for item in value.items)
    return found - {""}


def is_generated(program: Program, of: Type) -> bool:
    """Whether the database gives each object of a class a new key: a decorator of one of its fields says so."""
    return GENERATED in _decorated(program, of)


def is_kept_once(program: Program, of: Type) -> bool:
    """Whether decorators of the class or of its fields make something of it unique beside the key."""
    return UNIQUE in _decorated(program, of)


def _decorated(program: Program, of: Type) -> set[str]:
    """What decorators say of the fields of a class, and of it as a whole."""
    found: set[str] = set()
    for each in types.lineage(program, of):
        if not isinstance(each, Type):
            continue
        index = program.file(each.path)
        stated = [one for entries in index.fields.get(each.name, {}).values() for one in entries[-1].decorators]
        stated += index.types[each.name].decorators
        for function in index.functions.values():
            if function.owner == each.name:
                stated += function.decorators
                stated += [one for parameter in function.parameters for one in parameter.decorators]
        scope = Scope(Frame(each.path), index.types[each.name].extent.start_line)
        for use in (use for one in stated for use in uses_of(program, each.path, one, scope, None)):
            if use.match.site.role == "configure" and holds(program, use):
                found.add(use.match.site.detail)
    return found - {""}


def _named(program: Program, value: Value, scope: Scope) -> str:
    """The first of the fields that a constraint names, "" when it is none."""
    for entity in program.evaluate(value, scope):
        if isinstance(entity, Made) and entity.site is not None and _is_unique(program, entity.site):
            first = arguments.of_site(program, entity.site).at(program, 0)
            told = worth.as_value(program, first) if first else None
            return str(told.value) if isinstance(told, Literal) else ""
    return ""


def _is_unique(program: Program, site: CallSite) -> bool:
    return any(
        match.site.detail == UNIQUE and holds(program, use_of_call(program, site, match, None))
        for entity in program.callee(site.path, site.call, site.frame)
        if isinstance(entity, External)
        for match in program.library(site.path).sites(entity.name)
        if match.site.role == "factory"
    )


def _is_fresh(program: Program, value: Value, scope: Scope) -> bool:
    """Whether a value is made anew each time: something is called that is given nothing, as `uuid4()` is."""
    calls = [part.call for part in walk(value) if isinstance(part, CallResult)]
    inner = [program.file(scope.path).code.calls[call] for call in calls]
    calls += [part.call for call in inner for each in call.arguments for part in walk(each.value)
              if isinstance(part, CallResult)]  # fmt: skip
    return any(_gives_anew(program, CallSite(scope.path, call, scope.frame)) for call in calls) or any(
        isinstance(entity, Made) and entity.site is not None and _gives_anew(program, entity.site)
        for entity in program.evaluate(value, scope)
    )


def _gives_anew(program: Program, site: CallSite) -> bool:
    if program.call(site).arguments:
        return False
    return any(_stands_alone(each) for each in program.callee(site.path, site.call, site.frame))


def _stands_alone(entity: Entity) -> bool:
    return isinstance(entity, External) or (isinstance(entity, Function) and entity.receiver is None)
