"""What the fields of objects and classes hold: assigned in methods, declared, filled by settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commlint.model.code import Assignment
from commlint.model.values import (
    Index,
    Literal,
    Reference,
)
from commlint.resolve import (
    assignments,
    calls,
    filled,
    lifting,
    members,
    overloads,
    provided,
    scattered,
    settings,
    tables,
    types,
)
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    Frame,
    Function,
    Object,
    Scope,
    Type,
    is_unknown,
    unknown,
)
from commlint.resolve.index import last_name, unnumbered

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_MAKERS = 6
STATIC = Reference("static")
MAX_DELEGATIONS = 8


def of_all(fields: list[Assignment]) -> Assignment:
    """The field that the class itself has, of several of a name: one marked so, else the last."""
    return next((each for each in fields if STATIC in each.decorators), fields[-1])


def set_on_type(program: Program, owner: Type, name: str) -> Entities:
    """
    What methods assign to a field that all objects share, by all their callers together.

    Where the own object has to be named, it is the class itself in static methods only.
    """
    rules = program.language(owner.path)
    if not rules.implicit_receiver and not rules.own_object:
        return ()
    index = program.file(owner.path)
    found: list[Entity] = []
    for entry in index.attributes.get(owner.name, {}).get(name, ()):
        if not rules.implicit_receiver and STATIC not in index.functions[entry.function].decorators:
            continue

        def look(frame: Frame, entry: Assignment = entry) -> Entities:
            return assignments.assigned_value(program, entry, frame)

        found.extend(lifting.gathered(program, Frame(owner.path, entry.function, None, owner), look))
    null = Data(Literal(None))
    return tuple(each for each in found if each != null)


def field_value(program: Program, entry: Type, owner: Type, field: Assignment) -> Entities:
    """A field of a class body; in a settings class it is an environment read."""
    read = settings.environment_field(program, entry, field, owner) or settings.tagged(program, field, owner)
    if read is not None:
        return (Data(read),)
    return assignments.assigned_value(program, field, Frame(owner.path))


def field_of(program: Program, entity: Object, owner: Type, name: str) -> Entities:
    """What `name` reads as one class of the lineage defines it; a method where it has no such field."""
    read = settings.configured_field(program, owner, name)
    if read:
        return read
    told = provided.configured(program, entity, owner, name)
    if told:
        return told
    found = [value for part in scattered.parts(program, owner) for value in _attributes(program, entity, part, name)]
    found.extend(filled.outside(program, entity, owner, name))
    if found:
        return (*calls.constructor_field(program, entity, name), *found)
    index = program.file(owner.path)
    method = types.own_method(program, owner, name)
    fields = index.fields.get(owner.name, {}).get(name)
    if method is not None and not (fields and program.language(owner.path).methods_apart):
        return members.bound_method(program, entity, Function(method.path, method.name, entity), name)
    if fields:
        given = calls.constructor_field(program, entity, name)
        return given or (*field_value(program, entity.type, owner, fields[-1]), *_redefined(program, entity, name))
    promoted = _promoted(program, entity, owner, name)
    if promoted is not None:
        return promoted
    qualified = f"{owner.name}.{name}"
    return (Type(owner.path, qualified),) if qualified in index.types else ()


def _promoted(program: Program, entity: Object, owner: Type, name: str) -> Entities | None:
    """A member of one of the parts an object is made of; None where bases are no parts."""
    facts = program.file(owner.path).types.get(owner.name)
    if not program.language(owner.path).embeds or facts is None or facts.is_abstract:
        return None
    for base in facts.bases:
        part = last_name(base.of if isinstance(base, Index) else base)
        if part in program.file(owner.path).fields.get(owner.name, ()) and part != name:
            held = program.member(entity, part, owner.path)
            found = [each for one in held for each in program.member(one, name, owner.path)]
            known = tuple(each for each in found if not is_unknown(each))
            if known:
                return known
    return unknown(f"{owner.name} has no member {name}")


def _redefined(program: Program, entity: Object, name: str) -> Entities:
    """The field as classes that derive from the object's define it, when its exact class is not known."""
    if entity.site is not None or program.language(entity.type.path).structural:
        return ()
    found: list[Entity] = []
    for each in types.subclasses(program, entity.type):
        fields = program.file(each.path).fields.get(each.name, {}).get(name)
        if fields:
            found.extend(field_value(program, each, each, fields[-1]))
    return tuple(found)


def _attributes(program: Program, entity: Object, owner: Type, name: str) -> list[Entity]:
    """What methods of `owner` assign to the attribute, null only when there is nothing else."""
    found: list[Entity] = []
    for entry in program.file(owner.path).attributes.get(owner.name, {}).get(name, ()):
        found.extend(_assigned(program, entity, owner, entry))
    null = Data(Literal(None))
    known = [each for each in found if each != null] or _declared(program, owner, name) or found
    return [tables.with_keys(program, entity, owner, name, each) for each in known]


def _declared(program: Program, owner: Type, name: str) -> list[Entity]:
    """Objects of the classes of the tree that annotations give an attribute which is only ever set to null here."""
    stated = program.file(owner.path).attributes.get(owner.name, {}).get(name, ())
    told = [each for entry in stated for each in program.annotated(entry.annotation, Scope(Frame(owner.path)))]
    return [each for each in told if isinstance(each, Object)]


def _assigned(program: Program, entity: Object, owner: Type, entry: Assignment) -> Iterator[Entity]:
    """
    What one assignment to the attribute gives.

    Methods that set an object up, `setup(self, host)`, are asked about through their callers.
    """
    if unnumbered(entry.function) == f"{owner.name}.{program.language(owner.path).constructor}":
        for frame in _frames(program, entity, owner, entry):
            yield from assignments.assigned_value(program, entry, frame)
        return
    open_frame = Frame(owner.path, entry.function, None, entity)
    yield from lifting.agreed(program, open_frame, lambda frame: assignments.assigned_value(program, entry, frame))


def _frames(program: Program, entity: Object, owner: Type, entry: Assignment) -> list[Frame]:
    """
    The frames in which a constructor assigns an attribute.

    It runs with the call that made the object, or, when that is not known, with each call that makes one of its class.
    """
    makers = (entity,) if entity.site is not None else program.makers(entity.type)
    if not makers or len(makers) > MAX_MAKERS:
        entered = None if makers else _entered(program, entity, owner, entry.function)
        return [Frame(owner.path, entry.function, entered, entity)]
    written = Function(owner.path, entry.function)
    frames = []
    for made in makers:
        site = constructor_site(program, made, owner, written)
        if site is not None or len(program.file(owner.path).overloads[unnumbered(entry.function)]) == 1:
            frames.append(Frame(owner.path, entry.function, site, made))
    return frames


def _entered(program: Program, entity: Object, owner: Type, constructor: str) -> CallSite | None:
    """
    The call by which the constructor that a container uses leaves the work to another one of its class.

    Of several constructors a container uses the one that is decorated, else the one that asks for nothing.
    """
    index = program.file(owner.path)
    several = [index.functions[name] for name in index.overloads.get(unnumbered(constructor), ())]
    decorated = [each for each in several if each.decorators]
    used = decorated or [each for each in several if not each.parameters]
    if len(used) != 1 or used[0].name == constructor:
        return None
    frame = Frame(owner.path, used[0].name, None, entity)
    site = _delegated(program, frame, program.language(owner.path).constructor)
    called = program.callee(site.path, site.call, site.frame) if site is not None else ()
    return site if any(isinstance(each, Function) and each.name == constructor for each in called) else None


def constructor_site(program: Program, entity: Object, owner: Type, wanted: Function) -> CallSite | None:
    """
    The call that runs one constructor of `owner` for an object, None when another one is run.

    Its maker, or the call by which a constructor of the same class or of a subclass runs it in turn.
    """
    constructor = program.language(owner.path).constructor
    current = types.method(program, entity.type, constructor)
    site = entity.site
    for _ in range(MAX_DELEGATIONS):
        if current is None or site is None:
            return site
        current = overloads.constructor(program, current, site)
        if (current.path, current.name) == (wanted.path, wanted.name):
            return site
        site = _delegated(program, Frame(current.path, current.name, site, entity), constructor)
        called = program.callee(site.path, site.call, site.frame) if site is not None else ()
        current = next((each for each in called if isinstance(each, Function)), None)
    return None


def _delegated(program: Program, frame: Frame, constructor: str) -> CallSite | None:
    """The call in a constructor that runs another one on the same object."""
    index = program.file(frame.path)
    for number in index.calls_of.get(frame.function, ()):
        if getattr(index.code.calls[number].callee, "name", "").rpartition(".")[2] == constructor:
            return CallSite(frame.path, number, frame)
    return None
