"""Every place where the code of a system uses something a library model describes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from commlint.model.code import Block, CallFacts
from commlint.model.values import Index, Reference, Sequence
from commlint.resolve import annotated, given, kept, typed, types
from commlint.resolve.decorators import definition_scope, uses_of
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Made,
    Method,
    Object,
    Scope,
    Type,
)
from commlint.resolve.index import FileIndex, plain_name
from commlint.resolve.program import Program
from commlint.resolve.use import Use, use_of_call


def of_call(program: Program, site: CallSite) -> tuple[Use, ...]:
    """The uses one call makes, in its frame."""
    found: list[Use] = []
    entered = site.call in program.file(site.path).entered
    for entity in program.callee(site.path, site.call, site.frame):
        if isinstance(entity, Function):
            found.extend(_declared(program, site, program.decorators.mapped(entity)) or _derived(program, site, entity))
        name, receiver = types.library_name(program, entity)
        if not name:
            continue
        for match in program.library(site.path).sites(name):
            if match.site.form == "call" or (match.site.form == "with" and entered):
                found.append(use_of_call(program, site, match, receiver))
    return tuple(found)


def _declared(program: Program, site: CallSite, function: Function) -> tuple[Use, ...]:
    """The calls to other services that calling a function is, by what decorates it or its class."""
    uses = program.decorators.operations(function)
    return tuple(replace(use, receiver=function.receiver, site=site, decorated=function) for use in uses)


def _derived(program: Program, site: CallSite, function: Function) -> Iterator[Use]:
    """What a library makes of the name of a method that nobody writes: `findByOrder` of a repository."""
    facts = program.function(function)
    if not facts.is_abstract or not facts.owner or facts.decorators:
        return
    name = plain_name(function.name)
    for base in types.external_bases(program, Type(function.path, facts.owner)):
        for match in program.library(function.path).sites(f"{base}.{name}"):
            if match.site.form == "call":
                yield use_of_call(program, site, match, function.receiver)


def candidates(program: Program) -> Iterator[CallSite]:
    """
    The calls whose last name some model has, and those of what a parameter of a type that is called holds.

    In order of file and place, run by any caller.
    """
    for path, index in program.own:
        library, generated, declared = (
            program.library(path),
            program.takes_in_generated(path),
            program.decorators.declared,
        )
        called = program.called(path)
        known = {name for name in set(called) if name in declared or library.may_match(name, generated)}
        for number, name in enumerate(called):
            call = index.code.calls[number]
            if name in known or is_computed(program, path, call) or _calls_its_parameter(index, call, library.called):
                yield CallSite(path, number, program.open_frame(path, call.function))


def is_computed(program: Program, path: str, call: CallFacts) -> bool:
    """Whether a call is of a member whose name is computed: `client[method](…)`."""
    return isinstance(call.callee, Index) and program.language(path).entries_are_members


def _calls_its_parameter(index: FileIndex, call: CallFacts, called: Collection[str]) -> bool:
    """Whether a call calls a parameter of its function that has one of these types by its annotation."""
    if not called or not isinstance(call.callee, Reference) or call.function not in index.functions:
        return False
    given = index.functions[call.function].parameters
    held = next((each.annotation for each in given if each.name == call.callee.name), None)
    return isinstance(held, Reference) and held.name.rpartition(".")[2] in called


def of_decorators(program: Program) -> Iterator[Use]:
    """The uses that decorators of functions, their parameters and classes make."""
    for path, index in program.own:
        on_parameters = program.library(path).has_parameters
        for function in index.code.functions:
            inner = [each for one in function.parameters for each in one.decorators] if on_parameters else []
            if not function.decorators and not inner:
                continue
            this = Function(path, function.name)
            outer = definition_scope(program, this)
            for decorator in function.decorators:
                yield from uses_of(program, path, decorator, outer, this)
            for decorator in inner:
                yield from uses_of(program, path, decorator, outer, this, composing=False, form="parameter")
        for entry in index.code.types:
            outer = Scope(Frame(path), entry.extent.start_line)
            for decorator in entry.decorators:
                yield from uses_of(program, path, decorator, outer, Type(path, entry.name))
        yield from _of_held(program, path, index)


def _of_held(program: Program, path: str, index: FileIndex) -> Iterator[Use]:
    """What decorators of fields make of the types these have: `@DubboReference private Orders orders`."""
    if not program.library(path).has_held:
        return
    for owner, fields in index.fields.items():
        for entry in (entry for entries in fields.values() for entry in entries if entry.decorators):
            scope = Scope(Frame(path), entry.extent.start_line, owner=owner)
            for each in annotated.objects(program, entry.annotation, scope) if entry.annotation is not None else ():
                if isinstance(each, Object):
                    for decorator in entry.decorators:
                        yield from uses_of(program, path, decorator, scope, each.type, composing=False, form="held")


def of_classes(program: Program) -> Iterator[Use]:
    """The uses that classes make by deriving from a library type, by a name a library looks for, and by fields."""
    for path, index in program.own:
        packages = sorted({each.module.partition(".")[0] for each in index.code.imports if not each.level})
        for entry in index.code.types:
            this = Type(path, entry.name)
            for match in (each for name in packages for each in program.library(path).sites(f"{name}.{entry.name}")):
                if match.site.form == "class":
                    yield Use(match, Scope(Frame(path), entry.extent.start_line), decorated=this)
            for base in types.external_bases(program, this):
                for match in program.library(path).sites(base):
                    if match.site.form == "subclass":
                        use = Use(match, Scope(Frame(path), entry.extent.start_line), decorated=this)
                        turns = max(1, len(typed.of_base(program, this, base)))
                        yield from (replace(use, turn=turn) for turn in range(turns))
        yield from _of_fields(program, path, index)


def _of_fields(program: Program, path: str, index: FileIndex) -> Iterator[Use]:
    """The uses that classes make by fields of a library type: `public Event<OrderPlaced> Placed { get; }`."""
    library = program.library(path)
    if not library.has_fields:
        return
    for owner, fields in index.fields.items():
        for entry in (entry for entries in fields.values() for entry in entries):
            # A property may be called like its type, so types are looked up outside the class.
            scope = Scope(Frame(path), entry.extent.start_line)
            arguments = typed.written_arguments(entry.annotation)
            for held in program.evaluate(typed.bare(entry.annotation), scope) if entry.annotation is not None else ():
                name = held.name if isinstance(held, External) else ""
                for match in (each for each in library.sites(name) if each.site.form == "field"):
                    told = tuple(of for each in arguments for of in program.evaluate(typed.bare(each), scope))
                    made = annotated.made_by(program, entry.decorators, scope, (Made(name, None),))
                    injected = next((each for each in made if isinstance(each, Made) and each.site), None)
                    yield Use(match, scope, receiver=injected, decorated=Type(path, owner), given=told)


def of_assignments(program: Program) -> Iterator[Use]:
    """The uses that assignments to members of library objects make: `app.conf.task_acks_late = True`."""
    for path, index in program.own:
        library = program.library(path)
        for entry in index.code.assignments:
            holder, _, last = entry.target.rpartition(".")
            if not holder or entry.value is None or not library.may_match(last):
                continue
            scope = Scope(Frame(path, entry.function), entry.extent.start_line, entry.block, entry.owner)
            for entity in program.evaluate(Reference(holder), scope):
                for name, receiver in _member_names(program, entity, last, path):
                    for match in library.sites(name):
                        if match.site.form == "assign":
                            assigned = given.where_wanted(program, entry.value, library.attribute_of(name), scope)
                            yield Use(match, scope, receiver=receiver, given=assigned, written=entry.value)


def of_wholes(program: Program) -> Iterator[Use]:
    """The same where a call takes all members over from somewhere else: `app.config_from_object(settings)`."""
    for site in program.told.get("", ()):
        library = program.library(site.path)
        for whole in kept.wholes(program, site):
            for name in library.assigned(whole.match.site.fills):
                taken = kept.of_wholes(program, whole, name.rpartition(".")[2])
                for match in library.sites(name) if taken else ():
                    if match.site.form == "assign":
                        yield Use(match, whole.scope, receiver=whole.receiver, given=taken)


def _member_names(program: Program, entity: Entity, member: str, path: str) -> Iterator[tuple[str, Entity]]:
    """The library names a member of an object has, with the object."""
    match entity:
        case Made(type=of_type):
            yield program.library(path).canonical(f"{of_type}.{member}"), entity
        case Method(name=name, receiver=receiver):
            yield program.library(path).canonical(f"{name}.{member}"), receiver
        case External(name=name):
            yield program.library(path).canonical(f"{name}.{member}"), entity
        case _:
            return


def of_except(program: Program, path: str, block: int) -> tuple[Use, ...]:
    """The uses an exception handler makes by catching a library's exception."""
    index = program.file(path)
    entry = index.code.blocks[block]
    if entry.kind != "except" or entry.value is None:
        return ()
    scope = Scope(Frame(path, entry.function), entry.extent.start_line, entry.parent)
    caught = entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)
    found = []
    for value in caught:
        for entity in program.evaluate(value, scope):
            name, receiver = types.library_name(program, entity)
            for match in program.library(path).sites(name) if name else ():
                if match.site.form == "except":
                    found.append(Use(match, scope, receiver=receiver))
    return tuple(found)


def of_loops(program: Program, path: str, block: int, frame: Frame | None = None) -> tuple[Use, ...]:
    """The uses a loop makes by iterating over a library object."""
    index = program.file(path)
    entry = index.code.blocks[block]
    if entry.kind not in ("loop", "comprehension") or entry.value is None:
        return ()
    scope = _loop_scope(entry, path, frame)
    found = []
    entities = program.evaluate(entry.value, scope)
    for entity in entities:
        for name in _iterated_names(program, entity):
            for match in program.library(path).sites(name):
                if match.site.form == "iterate":
                    found.append(Use(match, scope, receiver=entity, given=entities, site=getattr(entity, "site", None)))
    return tuple(found)


def looped_over(program: Program, path: str, block: int, frame: Frame) -> Entities:
    """What a loop goes over."""
    entry = program.file(path).code.blocks[block]
    return program.evaluate(entry.value, _loop_scope(entry, path, frame)) if entry.value is not None else ()


def _loop_scope(entry: Block, path: str, frame: Frame | None) -> Scope:
    return Scope(frame or Frame(path, entry.function), entry.extent.start_line, entry.parent)


def _iterated_names(program: Program, entity: Entity) -> tuple[str, ...]:
    match entity:
        case Made(type=name):
            return (name.removesuffix("()"),)
        case Method(name=name):
            return (name,)
        case Object(type=of_type):
            return types.external_bases(program, of_type)
        case _:
            return ()


def is_open(entities: Entities) -> bool:
    """Whether it depends on a parameter that a caller binds."""
    return any(isinstance(each, Data) and each.value.kind == "parameter" for each in entities)
