"""What a member of something is: attributes, methods, fields, properties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.values import (
    ConfigRead,
    Literal,
    Mapping,
    Parameter,
    Reference,
    Template,
    Unknown,
    Value,
)
from commlint.resolve import (
    assignments,
    attributes,
    extensions,
    given,
    kept,
    scattered,
    settings,
    types,
)
from commlint.resolve.entities import (
    Accessor,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Made,
    Many,
    Method,
    Module,
    Object,
    Super,
    Type,
    Written,
    is_unknown,
    unknown,
)

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def member(program: Program, entity: Entity, name: str, path: str) -> Entities:
    """What `entity.name` is; `path` is the asking file."""
    match entity:
        case Module(path=module):
            return program.lookup_in(module, name)
        case External(name=of) if (known := program.library(path).constant(f"{of}.{name}")) is not None:
            return (Data(known),)
        case External(name=of):
            told = settings.module_setting(program, of, name, path) or given.member(program, entity, of, name, path)
            if told:
                return told
            return (External(program.library(path).canonical(f"{of}.{name}")),)
        case Made(type=of_type):
            told = given.member(program, entity, of_type, name, path)
            return told or of_library_type(program, entity, of_type, name, path)
        case Method(name=of):
            told = given.member(program, entity.receiver, of, name, path)
            return told or (Method(program.library(path).canonical(f"{of}.{name}"), entity.receiver),)
        case Type():
            return of_type_itself(program, entity, name)
        case Object():
            return of_object(program, entity, name, path=path)
        case Super(object=receiver, owner=owner):
            return _of_bases(program, receiver, owner, name)
        case Function():
            return of_function(program, entity, name)
        case Many(of=of):
            # What a generator function gives is used like this only as the object a context manager yields.
            return tuple(found for each in of for found in program.member(each, name, path)) or unknown(
                "yields nothing"
            )
        case Written(value=Mapping()) if program.language(path).entries_are_members:
            return _of_mapping(program, entity, name, path)
        case Written(value=value):
            kind = "dict" if value.kind == "mapping" else "list"
            return (Method(f"builtins.{kind}.{name}", entity),)
        case Data(value=Unknown() | Parameter()):
            return (entity,)
        case Data(value=ConfigRead(key=key)) if program.language(path).structural:
            # Where texts have no members, what is asked is a section of the configuration.
            return (Data(ConfigRead(f"{key}.{name}" if key else name)),)
        case Data() if program.library(path).attribute_type("builtins.str", name) == "same":
            return (entity,)
        case Data(value=Literal(value=str()) | Template()) if name in ("value", "name"):
            return (entity,)
        case Data(value=Literal(value=str()) | Template()):
            told = given.member(program, entity, "builtins.str", name, path)
            return told or (Method(f"builtins.str.{name}", entity),)
        case Data(value=Literal(value=None)):
            return unknown("a member of nothing")
        case Data():
            told = given.member(program, entity, "builtins.str", name, path)
            return (entity,) if name == "value" else told or (Method(f"builtins.str.{name}", entity),)
        case _:
            return unknown(f"member {name} of something that is not known")


def _of_mapping(program: Program, entity: Written, name: str, path: str) -> Entities:
    """The entry `name` of a mapping that is used as an object; a function in it runs on it."""
    assert isinstance(entity.value, Mapping)
    for key, value in reversed(entity.value.entries):
        if key == Literal(name):
            found = program.evaluate(value, entity.scope)
            return tuple(
                replace(each, receiver=entity) if isinstance(each, Function) and each.receiver is None else each
                for each in found
            )
        if isinstance(key, Unknown):
            # What is spread into it may have the member too.
            for each in program.evaluate(value, entity.scope):
                taken = program.member(each, name, path) if isinstance(each, (Written, Module, Object)) else ()
                if taken and not is_unknown(taken[0]):
                    return taken
    later = _set_later(program, entity, name)
    if later:
        return later
    if program.library(path).sites(f"builtins.dict.{name}"):
        return (Method(f"builtins.dict.{name}", entity),)
    return unknown(f"no entry {name!r}")


def _set_later(program: Program, entity: Written, name: str) -> Entities:
    """What the variable that holds a mapping is given as a member: `const shop = {}; shop.orders = …`."""
    index, frame = program.file(entity.scope.path), entity.scope.frame
    holder = index.mapping_holders.get((frame.function, entity.scope.line), "")
    stated = index.assignments.get((frame.function, f"{holder}.{name}"), ()) if holder else ()
    return tuple(found for entry in stated for found in assignments.assigned_value(program, entry, frame))


def of_library_type(program: Program, receiver: Entity, of_type: str, name: str, path: str) -> Entities:
    """A told attribute of a library type, else its method."""
    library = program.library(path)
    attribute = library.attribute_type(of_type, name)
    if attribute.startswith("type:"):
        kinds = receiver.arguments if isinstance(receiver, Made) else ()
        found = tuple(Object(each) for each in kinds if isinstance(each, Type))
        return found or unknown(f"what {of_type} holds")
    if attribute:
        return (Made(attribute, receiver.site if isinstance(receiver, Made) else None),)
    stored = kept.member(program, of_type, name, path)
    if stored:
        return stored
    called = library.canonical(f"{of_type}.{name}")
    written = () if library.sites(called) else extensions.of(program, receiver, name, path)
    return written or (Method(called, receiver),)


def of_type_itself(program: Program, entry: Type, name: str, called: bool = False) -> Entities:
    """A class attribute, static or class method, nested class, enum member; `called`: only what can be called."""
    outside: External | None = None
    for each in types.pieces(program, entry):
        if isinstance(each, External):
            if program.library(entry.path).knows(each.name):
                return of_library_type(program, entry, each.name, name, entry.path)
            outside = outside or each
        if not isinstance(each, Type):
            continue
        index = program.file(each.path)
        qualified = f"{each.name}.{name}"
        fields = index.fields.get(each.name, {}).get(name) if not called else None
        if qualified in index.functions and not (fields and program.language(each.path).methods_apart):
            return (Function(each.path, qualified, entry),)
        if qualified in index.types:
            return (Type(each.path, qualified),)
        assigned = attributes.set_on_type(program, each, name) if fields else ()
        if assigned:
            return assigned
        if fields:
            return attributes.field_value(program, entry, each, attributes.of_all(fields))
    if outside is not None:
        return of_library_type(program, entry, outside.name, name, entry.path)
    if name == program.language(entry.path).type_name:
        return (Data(Literal(entry.name.rpartition(".")[2])),)
    return unknown(f"{entry.name} has no member {name}")


def of_object(program: Program, entity: Object, name: str, called: bool = False, path: str = "") -> Entities:
    """
    An attribute set in a method, a constructor field, a method, a property, or a library base's member.

    `called`: only what can be called, for languages where that is another thing than what can be read.
    """
    rules = program.language(entity.type.path)
    if rules.type_name and name == rules.constructor:
        return (entity.type,)
    outside: External | None = None
    for each in types.lineage(program, entity.type):
        if isinstance(each, External):
            if program.library(entity.type.path).knows(each.name):
                return of_library_type(program, entity, each.name, name, entity.type.path)
            outside = outside or each
        elif isinstance(each, Type):
            found = (
                _method_of(program, entity, each, name) if called else attributes.field_of(program, entity, each, name)
            )
            if found:
                return found
    written = extensions.of(program, entity, name, path)
    if written:
        return written
    if program.library(entity.type.path).sites(f"builtins.object.{name}"):
        return (Method(f"builtins.object.{name}", entity),)
    if outside is not None:
        return of_library_type(program, entity, outside.name, name, entity.type.path)
    return unknown(f"{entity.type.name} has no member {name}")


def _method_of(program: Program, entity: Object, owner: Type, name: str) -> Entities:
    """The method `name` that one class of the lineage writes, or that gives back a field without being written."""
    method = types.own_method(program, owner, name)
    if method is not None:
        return bound_method(program, entity, Function(method.path, method.name, entity), name)
    index = program.file(owner.path)
    for field in program.language(owner.path).accessed(name):
        if field in index.fields.get(owner.name, ()):
            return (Accessor(entity, field),)
    qualified = f"{owner.name}.{name}"
    return (Type(owner.path, qualified),) if qualified in index.types else ()


def _of_bases(program: Program, receiver: Object, owner: Type, name: str) -> Entities:
    """A member as the bases of `owner` define it, on the object itself."""
    for each in types.lineage(program, owner)[1:]:
        if isinstance(each, External):
            return of_library_type(program, receiver, each.name, name, owner.path)
        if isinstance(each, Type):
            qualified = f"{each.name}.{name}"
            if qualified in program.file(each.path).functions:
                return (Function(each.path, qualified, receiver),)
    return unknown(f"no base of {owner.name} has a member {name}")


def bound_method(program: Program, entity: Object, function: Function, name: str) -> Entities:
    """A method bound to its object; a property is what it returns; overrides join when the class is not exact."""
    facts = program.function(function)
    if any(_is_named(decorator, "property", "cached_property") for decorator in facts.decorators):
        return program.run(function, Frame(function.path, function.name, None, entity))
    if entity.site is not None or program.decorators.operations(function):
        return (function,)
    if program.language(function.path).structural:
        owner = Type(function.path, facts.owner)
        return (facts.is_abstract and scattered.implementations(program, owner, name)) or (function,)
    others = types.overrides(program, entity.type, name)
    if others and (facts.is_abstract or any(_is_named(each, "abstractmethod") for each in facts.decorators)):
        return others
    return (function, *others)


def _is_named(decorator: Value, *names: str) -> bool:
    return isinstance(decorator, Reference) and decorator.name.rpartition(".")[2] in names


def of_function(program: Program, function: Function, name: str) -> Entities:
    """A member of a decorated function: of what its decorator turned it into (a task has `delay`)."""
    for use in program.decorators.of(function):
        if use.match.site.returns:
            return (Method(f"{use.match.site.returns}.{name}", function),)
    library = program.library(function.path)
    if library.sites(f"builtins.function.{name}"):
        return (Method(f"builtins.function.{name}", function),)
    return unknown(f"{function.name} has no member {name}")
