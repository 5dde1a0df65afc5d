"""What the calls that made and set up an object say of it: part of its address, or a policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.values import CARRIED, ConfigRead, Literal, Parameter
from commlint.resolve import conditions, given, options, types
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
    Type,
    is_unknown,
    unknown,
)
from commlint.resolve.library import Match
from commlint.resolve.use import Use, use_of_call

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_FACTORIES = 12
_WIRE = ("client", "server", "producer")


def set_up_for_all(program: Program, name: str, field: str, path: str) -> Entities | None:
    """
    What is said of `field` once for all calls or objects of a name, as seen from a file.

    A use that hands on what its own function is given says nothing.
    """
    for use in program.configuring_all(name, path):
        found = options.said(program, use, field)
        if found is not None and not all(_is_handed_on(each, use) for each in found):
            return found
    return None


def _is_handed_on(entity: Entity, use: Use) -> bool:
    given = entity.value if isinstance(entity, Data) else None
    own = isinstance(given, Parameter) and given.name.startswith(f"{use.scope.frame.function}.")
    return own or is_unknown(entity)


def factory(program: Program, receiver: Entity | None, field: str, path: str = "") -> Entities | None:
    """
    What the call that made `receiver` says of `field`: a part of the address or a policy.

    A maker that says nothing passes the question on to what it was made from. None when every maker is
    known and none says anything; unknown when a maker is not known.
    """
    asked = (receiver, field)
    if asked in program.asking:
        return unknown("depends on itself")
    program.asking.add(asked)
    try:
        return _made_with(program, receiver, field, path)
    finally:
        program.asking.discard(asked)


def _made_with(program: Program, receiver: Entity | None, field: str, path: str) -> Entities | None:
    current = receiver
    for _ in range(MAX_FACTORIES):
        for use in program.configuring(current):
            found = options.said(program, _beside(program, use, current), field)
            if found is not None:
                return found
        site = maker(program, current)
        if isinstance(current, External):
            return _of_name(program, current, field)
        if site is None:
            if isinstance(current, Function):
                return None
            if isinstance(current, Made) and path:
                found = set_up_for_all(program, current.type, field, path)
                library = program.library(path)
                handed = library.handed(current.type, field)
                if found is None and handed == "caller":
                    return (Data(ConfigRead(CARRIED)),)
                if found is not None or handed or library.is_set_up(current.type):
                    return found
            return unknown("it is not known how the object was made") if current is not None else None
        asked = None
        told = False
        for entity in program.callee(site.path, site.call, site.frame):
            for each in program.decorators.of(entity) if isinstance(entity, Function) else ():
                if each.match.is_maker:
                    return options.said(program, each, field)
            if not isinstance(entity, (External, Method)) and not _library_type(program, current):
                continue
            name = entity.name if isinstance(entity, (External, Method)) else _library_type(program, current)
            made_from = entity.receiver if isinstance(entity, Method) else None
            for match in program.library(site.path).sites(str(name)):
                told = True
                use = use_of_call(program, site, match, made_from)
                if match.site.role == "factory" and not conditions.holds(program, use):
                    continue
                if match.site.role in _WIRE:
                    return unknown(f"it comes back from {name}")
                found = options.said(program, use, field)
                if found is not None:
                    return found
                if _ends_the_question(match, field):
                    said = set_up_for_all(program, match.name, field, site.path)
                    return said or set_up_for_all(program, getattr(current, "type", ""), field, site.path)
                if match.site.role in ("provide", "inject"):
                    # A container makes its objects of nothing but what is said of all that are told to it so.
                    return set_up_for_all(program, match.name, field, site.path)
            asked = made_from
        if not told and asked is None:
            return unknown("it is made by code that no library model describes")
        if asked is None:
            return None
        current = asked
    return None


def _beside(program: Program, use: Use, entity: Entity | None) -> Use:
    """A use that sets up an object, as it runs for the object that made it: `self.consumer.subscribe(…)`."""
    made = getattr(entity, "site", None)
    frame = use.scope.frame
    if made is None or made.path != frame.path or frame.site is not None:
        return use
    if made.frame.site is not None and frame.function.startswith(f"{made.frame.function}."):
        # A function that the maker's own function hands on knows what that one was given.
        scope = use.scope._replace(frame=replace(frame, outer=made.frame))
        library = program.library(frame.path)
        wanted = library.attribute_of(use.match.name) if use.written is not None else ""
        assigned = given.where_wanted(program, use.written, wanted, scope) if use.written is not None else use.given
        return replace(use, scope=scope, given=assigned)
    if made.frame.function != frame.function:
        index = program.file(frame.path)
        mine, its = index.owner_of(frame.function), index.owner_of(made.frame.function)
        if mine is None or its is None or mine.type != its.type or made.frame.receiver is None:
            return use
        running = Frame(frame.path, frame.function, None, made.frame.receiver)
    else:
        running = made.frame
    site = replace(use.site, frame=running) if use.site is not None else None
    return replace(use, scope=use.scope._replace(frame=running), site=site)


def settled(program: Program, entity: Entity, field: str) -> bool:
    """Whether an object comes from a method that is known to give nothing, whatever it is called on."""
    site = entity.site if isinstance(entity, Made) else None
    called = program.callee(site.path, site.call, site.frame) if site is not None else ()
    return any(
        _ends_the_question(match, field)
        for each in called
        if isinstance(each, Method) and site is not None
        for match in program.library(site.path).sites(each.name)
    )


def _ends_the_question(match: Match, field: str) -> bool:
    """Whether a maker is known to give nothing, whatever it is made from: the context of a request has no deadline."""
    option = match.site.policies.get(field)
    return option is not None and not option.at and option.default in ("unset", None)


def _of_name(program: Program, entity: External, field: str) -> Entities | None:
    """What the models say of an object that a library has ready under a name, such as a default client."""
    languages = [library for library in program.libraries.values() if library.sites(entity.name)]
    for match in languages[0].sites(entity.name) if languages else ():
        option = match.site.policies.get(field)
        locator = getattr(match.site.address, field) if field in options.ADDRESS else option.at if option else ""
        return (Data(Literal(locator.removeprefix("const:"))),) if locator.startswith("const:") else None
    return unknown("it is not known how the object was made")


def _library_type(program: Program, entity: Entity | None) -> str:
    """The library type an object of the tree derives from."""
    if isinstance(entity, Object):
        return next(iter(types.external_bases(program, entity.type)), "")
    return ""


def own_maker(program: Program, use: Use) -> CallSite | None:
    """The call that makes the object which a use hands to its callback: itself, or the maker of its receiver."""
    handler = use.match.site.handler
    if handler is None or not handler.own:
        return None
    return use.site if use.match.site.role != "configure" else maker(program, use.receiver)


def maker(program: Program, entity: Entity | None) -> CallSite | None:
    """The call that made a library object: of its own type, or the `super()` call of a class of the tree."""
    match entity:
        case Made(site=site):
            return site
        case Object(type=of_type, site=site) if site is not None:
            return _super_call(program, entity, of_type) or site
        case _:
            return None


def is_made_here(program: Program, entity: Entity | None) -> bool:
    """Whether code makes an object out of nothing that a container hands it: what is set for those is not for it."""
    current = entity
    for _ in range(MAX_FACTORIES):
        site = maker(program, current) if isinstance(current, Made) else None
        if site is None:
            return False
        called = program.callee(site.path, site.call, site.frame)
        made_from = next((each.receiver for each in called if isinstance(each, Method)), None)
        if made_from is None:
            named = [each.name for each in called if isinstance(each, External)]
            uses = [match.site.form for name in named for match in program.library(site.path).sites(name)]
            return bool(named) and "decorator" not in uses
        current = made_from
    return False


def _super_call(program: Program, entity: Object, of_type: Type) -> CallSite | None:
    constructor = program.language(of_type.path).constructor
    own = types.method(program, of_type, constructor)
    if own is None:
        return None
    frame = Frame(own.path, own.name, entity.site, entity)
    for number in program.file(own.path).calls_of.get(own.name, ()):
        for callee in program.callee(own.path, number, frame):
            if isinstance(callee, Method) and callee.name.endswith(f".{constructor}"):
                return CallSite(own.path, number, frame)
    return None
