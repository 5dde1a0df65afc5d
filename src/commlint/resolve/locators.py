"""Where the options of a use stand: the locators of library models, looked up at the place that uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commlint.model.code import Argument
from commlint.model.libraries import Option
from commlint.model.values import (
    Attribute,
    Choice,
    ConfigRead,
    EnvironmentRead,
    Index,
    Literal,
    Mapping,
    Parameter,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
)
from commlint.resolve import arguments, typed, types, worth
from commlint.resolve.arguments import Arguments
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
    Written,
    is_unknown,
    unknown,
)
from commlint.resolve.index import call_names
from commlint.resolve.library import Match

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_FACTORIES = 12
MAX_CHAIN = 30
_INSIDE = re.compile(r"\{([^{}]+)\}")
_JOINED = re.compile(r"\|(?![^{}]*\})")
_WIRE = ("client", "server", "producer")
SCALES = {
    "seconds": 1.0, "milliseconds": 0.001, "microseconds": 1e-6, "nanoseconds": 1e-9, "minutes": 60.0, "hours": 3600.0,
    "days": 86400.0, "ofseconds": 1.0, "ofmilliseconds": 0.001,
}  # fmt: skip
_ADDRESS = ("url", "base", "host", "channel", "exchange", "routing_key", "group", "method", "rpc")


@dataclass(frozen=True, slots=True)
class Handed:
    """
    A function that a call is given without calling it, at this position; the arguments after it are its own.

    `whole`: they are all it is called with, as far as it takes more none are given.
    """

    function: Function
    position: int
    whole: bool


def handed(program: Program, use: Use, given: str, whole: bool) -> Handed | None:
    """The function a use is given at the positional argument that `given` names, None when it is given none there."""
    place = next((int(each[4:]) for each in given.split("|") if each.startswith("arg:") and each[4:].isdigit()), None)
    if place is None or use.site is None:
        return None
    positional = [each for each in program.call(use.site).arguments if each.name is None and not each.spread]
    if place >= len(positional):
        return None
    found = program.evaluate(positional[place].value, program.site_scope(use.site))
    return next((Handed(each, place, whole) for each in found if isinstance(each, Function)), None)


@dataclass(frozen=True, slots=True)
class Use:
    """
    One use of a site of a library model: the place where its locators are looked up.

    `site`: the call, None for a bare decorator, a base class or an iteration. `decorated`: what a decorator
    stands on. `given`: the value of form assign or iterate, the type arguments of form field. `turn`: which of
    several bases, where a class derives from one library type more than once.
    """

    match: Match
    scope: Scope
    arguments: tuple[Argument, ...] = ()
    receiver: Entity | None = None
    site: CallSite | None = None
    decorated: Entity | None = None
    given: Entities = ()
    turn: int = 0


def use_of_call(program: Program, site: CallSite, match: Match, receiver: Entity | None) -> Use:
    """The use a call makes of a site."""
    return Use(match, program.site_scope(site), program.call(site).arguments, receiver, site)


# -- locators ------------------------------------------------------------------------------------------


def alternatives(locator: str) -> list[str]:
    """The locators that `|` joins; one inside braces belongs to the key it fills in."""
    return [part for part in (each.strip() for each in _JOINED.split(locator)) if part]


def locate(program: Program, use: Use, locator: str) -> Entities | None:
    """
    What stands where `locator` points; alternatives are tried in order.

    None when it is known not to be given; an unknown entity when it may be.
    """
    opened: Arguments | None = None
    told = alternatives(locator)
    for number, alternative in enumerate(told):
        kind, _, rest = alternative.partition(":")
        if kind in ("arg", "args", "kw"):
            opened = opened or arguments.collect(program, use.arguments, use.scope)
            found = _argument(program, use, opened, kind, rest)
        elif kind == "config":
            found = _setting(program, use, rest, "|".join(told[number + 1 :]))
        else:
            found = _elsewhere(program, use, kind, rest)
        if found is not None:
            return found
    return None


def _setting(program: Program, use: Use, text: str, otherwise: str) -> Entities | None:
    """A configuration key, with what holds where no file gives it."""
    key = filled_text(program, use, text)
    if "?" in key:
        return _asked_by_callers(program, use, text)
    entities = locate(program, use, otherwise) if otherwise else None
    return (Data(ConfigRead(key, worth.as_value(program, entities) if entities is not None else None)),)


def _asked_by_callers(program: Program, use: Use, text: str) -> Entities | None:
    """The parameter that decides which section of the configuration is meant, None when none does."""
    for inside in _INSIDE.findall(text):
        entities = locate(program, use, inside) if use.match.capture(inside) is None else None
        opened = [each for each in entities or () if isinstance(each, Data) and isinstance(each.value, Parameter)]
        if opened:
            return (opened[0],)
    return None


def _argument(program: Program, use: Use, opened: Arguments, kind: str, rest: str) -> Entities | None:
    where, *keys = rest.split("/")
    if kind == "args":
        found = _remaining(opened, int(where), use.scope)
    else:
        found = _single(program, opened, kind, where)
    for key in keys:
        if found is None:
            return None
        found = _entry(program, found, key, use.scope.path)
    return found


def _single(program: Program, opened: Arguments, kind: str, where: str) -> Entities | None:
    return opened.at(program, int(where)) if kind == "arg" else opened.named(program, where)


def _remaining(opened: Arguments, start: int, scope: Scope) -> Entities | None:
    """All positional arguments from `start` on, as one sequence; None when there are none."""
    rest = opened.positional[start:]
    if not rest and not opened.more:
        return None
    given = Written(Sequence(tuple(value for value, _ in rest), opened.more), rest[0][1] if rest else scope)
    return (given, *opened.rest) if rest else opened.rest or (given,)


def _entry(program: Program, entities: Entities, key: str, path: str) -> Entities | None:
    """
    Entry `key` of a mapping, or of each mapping in a sequence, as seen from the file `path`.

    None when the mapping is known and has no such entry.
    """
    opened = next((each for each in entities if isinstance(each, Data) and isinstance(each.value, Parameter)), None)
    if opened is not None and not any(_settled(program, each, key) for each in entities):
        # Callers are asked first: the type of a parameter alone tells nothing of how the object was made.
        return (opened,)
    for entity in entities:
        match entity:
            case Written(value=Mapping(entries=entries, open=is_open), scope=scope):
                for name, value in entries:
                    if program.value(name, scope) == Literal(key):
                        return program.evaluate(value, scope)
                if is_open:
                    return unknown(f"entry {key} of a mapping that is not fully known")
            case Written(value=Sequence(items=items, open=is_open), scope=scope):
                inner = [_entry(program, program.evaluate(item, scope), key, path) for item in items]
                if any(inner):
                    return tuple(each for found in inner if found for each in found)
                if is_open and not items:
                    return unknown(f"{key} of what is not fully known")
            case Made() | Object() | Function() | External():
                return factory(program, entity, key, path)
            case Data(value=Literal() | Template() | EnvironmentRead() | ConfigRead()):
                continue
            case Data(value=Parameter()):
                return (entity,)
            case _:
                return unknown(f"entry {key} of a mapping that is not known")
    return None


def _elsewhere(program: Program, use: Use, kind: str, rest: str) -> Entities | None:
    match kind:
        case "const":
            return (Data(Literal(rest)),)
        case "name":
            return (Data(Literal(use.match.name.rpartition(".")[2])),)
        case "capture":
            captured = use.match.capture(rest)
            return (Data(Literal(captured)),) if captured is not None else None
        case "kws":
            return _keywords(program, use)
        case "result" if rest:
            return _set_up_later(program, use, rest)
        case "result":
            return program.result(use.site) if use.site is not None else None
        case "receiver":
            return (use.receiver,) if use.receiver is not None else None
        case "decorated":
            return (use.decorated,) if use.decorated is not None else None
        case "enclosing":
            return _enclosing(use)
        case "value":
            return use.given or None
        case _ if kind.startswith("value/"):
            return _entry(program, use.given, kind.removeprefix("value/"), use.scope.path)
        case "owner":
            return _of_owner(program, use, rest)
        case "beside":
            return _other_decorators(program, use, rest)
        case "factory":
            return (
                factory(program, use.receiver, rest, use.scope.path)
                if use.receiver is not None
                else _set_up(program, use, rest)
            )
        case "owner-name":
            return _owner_name(program, use, rest)
        case "decorated-name":
            last = use.decorated.name.rpartition(".")[2] if isinstance(use.decorated, (Function, Type)) else ""
            return (Data(Literal(last.partition("#")[0])),) if last else None
        case "decorated-result":
            return _result_type(use.decorated, program)
        case "decorated-takes":
            return _parameter_type(use.decorated, program, int(rest))
        case "receiver-type":
            made = maker(program, use.receiver)
            written = program.call(made).types if made is not None else ()
            place = int(rest)
            return (
                program.evaluate(typed.bare(written[place]), program.site_scope(made))
                if made and place < len(written)
                else None
            )
        case "type":
            return _type_argument(program, use, int(rest))
        case "type-name":
            return typed.names(_type_argument(program, use, int(rest)))
        case "object-type":
            return typed.object_names(program, _given_back(program, locate(program, use, rest)))
        case "chain":
            return _chained(program, use, rest)
        case "member":
            return _class_member(program, use, rest)
        case "handler-name":
            return (Data(Literal(_dotted_name(use.decorated))),) if isinstance(use.decorated, Function) else None
        case _:
            return None


def _of_owner(program: Program, use: Use, field: str) -> Entities | None:
    """What decorates the class of a decorated method says of a field; calls it declares have fields of their own."""
    if not isinstance(use.decorated, Function):
        return None
    for each in program.decorators.of_owner(use.decorated):
        found = _field(program, each, field) if each.match.site.role not in ("client", "factory") else None
        if found is not None:
            return found
    return None


def _other_decorators(program: Program, use: Use, field: str) -> Entities | None:
    """What other decorators of the same function say of a field; of what it receives only the address."""
    if not isinstance(use.decorated, Function):
        return None
    roles = ("configure", "consumer") if field in _ADDRESS else ("configure",)
    others = (each for each in program.decorators.of(use.decorated) if each.match.name != use.match.name)
    told = (each for each in others if each.match.site.role in roles)
    return next((found for each in told if (found := _field(program, each, field)) is not None), None)


def _keywords(program: Program, use: Use) -> Entities | None:
    """All keyword arguments as one mapping; None when there are none."""
    opened = arguments.collect(program, use.arguments, use.scope)
    if not opened.keywords and not opened.others:
        return None
    entries = tuple((Literal(name), value) for name, (value, _) in sorted(opened.keywords.items()))
    return (Written(Mapping(entries, opened.others), use.scope),)


def _owner(program: Program, use: Use) -> Type | None:
    """The class a decorated method belongs to, or the decorated class."""
    if isinstance(use.decorated, Function):
        owner = program.function(use.decorated).owner
        return Type(use.decorated.path, owner) if owner else None
    return use.decorated if isinstance(use.decorated, Type) else None


def _owner_name(program: Program, use: Use, suffix: str) -> Entities | None:
    owner = _owner(program, use)
    return (Data(Literal(owner.name.rpartition(".")[2].removesuffix(suffix))),) if owner is not None else None


def _type_argument(program: Program, use: Use, position: int) -> Entities | None:
    """A type argument of the call, or of the library type that a class derives from."""
    if use.site is not None:
        written = program.call(use.site).types
        return program.evaluate(typed.bare(written[position]), use.scope) if position < len(written) else None
    if isinstance(use.decorated, Type):
        given = typed.of_base(program, use.decorated, use.match.name)
        return given[use.turn][position] if use.turn < len(given) and position < len(given[use.turn]) else None
    return None


def _given_back(program: Program, located: Entities | None) -> Entities | None:
    """The same with what functions without a name give back in place of these: `context => new OrderPlaced(…)`."""
    found: list[Entity] = []
    for each in located or ():
        if isinstance(each, Function) and "<lambda@" in each.name:
            found.extend(program.run(each, Frame(each.path, each.name, None, each.receiver)))
        else:
            found.append(each)
    return tuple(found) if located is not None else None


def _result_type(decorated: Entity | None, program: Program) -> Entities | None:
    """The name of the type that a decorated function says it returns, without namespace and type arguments."""
    return _last_of_type(program.function(decorated).returns) if isinstance(decorated, Function) else None


def _parameter_type(decorated: Entity | None, program: Program, position: int) -> Entities | None:
    """The name of the type of a parameter of a decorated function, without namespace and type arguments."""
    taken = program.function(decorated).parameters if isinstance(decorated, Function) else ()
    return _last_of_type(taken[position].annotation) if position < len(taken) else None


def _last_of_type(written: Value | None) -> Entities | None:
    written = written.of if isinstance(written, Index) else written
    name = written.name.rpartition(".")[2] if isinstance(written, (Reference, Attribute)) else ""
    return (Data(Literal(name)),) if name else None


def _chained(program: Program, use: Use, rest: str) -> Entities | None:
    """
    What a later call on the result of this one, in the same expression, is given: `call().timeout(5).block()`.

    Without an argument's place, true when there is such a call; None when there is none.
    """
    name, _, place = rest.partition("/")
    if use.site is None:
        return None
    index = program.file(use.site.path)
    current = use.site.call
    for _ in range(MAX_CHAIN):
        later = index.called_on.get(current)
        if later is None:
            return None
        current, call = later, index.code.calls[later]
        if call_names(call) == name:
            break
    else:
        return None
    if not place:
        return (Data(Literal(True)),)
    kind, _, where = place.partition(":")
    scope = program.scope_of(use.site.path, current, use.scope.frame)
    return _argument(program, use, arguments.collect(program, call.arguments, scope), kind, where)


def _enclosing(use: Use) -> Entities | None:
    frame = use.scope.frame
    return (Function(frame.path, frame.function, frame.receiver),) if frame.function else None


def _dotted_name(function: Function) -> str:
    module = function.path.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
    return f"{module}.{function.name}"


def _class_member(program: Program, use: Use, name: str) -> Entities | None:
    owner = _owner(program, use)
    if owner is None:
        return None
    for keyword, value in program.file(owner.path).types[owner.name].keywords:
        if keyword == name:
            return program.evaluate(value, Scope(Frame(owner.path)))
    found = program.member(owner, name, owner.path)
    return None if is_unknown(found[0]) else found


def _set_up_later(program: Program, use: Use, field: str) -> Entities | None:
    """What configure sites called on the object this call makes say of `field`."""
    made = Made("", use.site) if use.site is not None else None
    return next(
        (found for each in program.configuring(made) if (found := _field(program, each, field)) is not None), None
    )


def _set_up(program: Program, use: Use, field: str) -> Entities | None:
    """What the set-up of a whole module says of `field` for a function of it."""
    return _set_up_for_all(program, use.match.name.rpartition(".")[0] or use.match.name, field, use.scope.path)


def _set_up_for_all(program: Program, name: str, field: str, path: str) -> Entities | None:
    """
    What is said of `field` once for all calls or objects of a name, as seen from a file.

    A use that hands on what its own function is given says nothing.
    """
    for use in program.configuring_all(name, path):
        found = _field(program, use, field)
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
            found = _field(program, _beside(program, use, current), field)
            if found is not None:
                return found
        site = maker(program, current)
        if isinstance(current, External):
            return _of_name(program, current, field)
        if site is None:
            if isinstance(current, Function):
                return None
            if isinstance(current, Made) and path:
                found = _set_up_for_all(program, current.type, field, path)
                if found is not None or program.library(path).is_set_up(current.type):
                    return found
            return unknown("it is not known how the object was made") if current is not None else None
        asked = None
        told = False
        for entity in program.callee(site.path, site.call, site.frame):
            for each in program.decorators.of(entity) if isinstance(entity, Function) else ():
                if each.match.is_maker:
                    return _field(program, each, field)
            if not isinstance(entity, (External, Method)) and not _library_type(program, current):
                continue
            name = entity.name if isinstance(entity, (External, Method)) else _library_type(program, current)
            made_from = entity.receiver if isinstance(entity, Method) else None
            for match in program.library(site.path).sites(str(name)):
                told = True
                if match.site.role in _WIRE:
                    return unknown(f"it comes back from {name}")
                found = _field(program, use_of_call(program, site, match, made_from), field)
                if found is not None:
                    return found
                if _ends_the_question(match, field):
                    said = _set_up_for_all(program, match.name, field, site.path)
                    return said or _set_up_for_all(program, getattr(current, "type", ""), field, site.path)
                if match.site.role in ("provide", "inject"):
                    # A container makes its objects of nothing but what is said of all that are told to it so.
                    return _set_up_for_all(program, match.name, field, site.path)
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


def _settled(program: Program, entity: Entity, field: str) -> bool:
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
        locator = getattr(match.site.address, field) if field in _ADDRESS else option.at if option else ""
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


def _field(program: Program, use: Use, field: str) -> Entities | None:
    site = use.match.site
    if field == "style":
        return style(program, use)
    if field == "handler":
        locator = site.handler.at if site.handler is not None and site.role == "configure" else ""
    elif field in _ADDRESS:
        locator = getattr(site.address, field)
    else:
        option = site.policies.get(field)
        found = locate(program, use, option.at) if option and option.at else None
        return scaled(program, found, scale(program, use, option)) if found and option else found
    return locate(program, use, locator) if locator else None


def scale(program: Program, use: Use, option: Option) -> float:
    """What a number given for a policy is multiplied by to be seconds; the unit may be an argument too."""
    unit = option.unit
    if ":" in unit:
        told = locate(program, use, unit)
        unit = (plain_word(worth.as_value(program, told)) or "") if told else "seconds"
    return SCALES.get(unit, 1.0)


def scaled(program: Program, found: Entities, factor: float) -> Entities:
    """A given number in another unit; what is no plain number stays a product."""
    if factor == 1.0 or any(isinstance(each, (Made, Object)) for each in found):
        return found
    value = worth.as_value(program, found)
    options = value.options if isinstance(value, Choice) else (value,)
    return tuple(Data(worth.times(each, factor)) for each in options)


def style(program: Program, use: Use) -> Entities | None:
    """How a use waits: the word its model states, or the word where its locator points."""
    told = use.match.site.style
    if isinstance(use.receiver, Made):
        told = program.library(use.scope.path).type_fact(use.receiver.type, "style") or told
    if not told:
        return None
    return locate(program, use, told) if ":" in told else (Data(Literal(told)),)


# -- words and conditions -----------------------------------------------------------------------------


def filled_text(program: Program, use: Use, text: str) -> str:
    """`text` with every `{locator}` replaced by the literal there, `?` when it is not one."""

    def fill(found: re.Match[str]) -> str:
        captured = use.match.capture(found.group(1))
        if captured is not None or found.group(1) == "member":
            return captured if captured is not None else found.group(0)
        entities = locate(program, use, found.group(1))
        if entities and isinstance(entities[0], Made):
            return entities[0].type.rpartition(".")[2]
        value = worth.as_value(program, entities) if entities else None
        if isinstance(value, ConfigRead):
            # A section of the configuration is told by its key.
            return value.key
        return str(value.value) if isinstance(value, Literal) else "?"

    return _INSIDE.sub(fill, text)


def filled(program: Program, use: Use, locator: str) -> Entities | None:
    """A locator, or a constant with `{capture}` or `{locator}` in it, as entities; `{member}` is left as it is."""
    if locator.startswith("const:") and "{" in locator:
        return (Data(Literal(filled_text(program, use, locator.removeprefix("const:")))),)
    return locate(program, use, locator)


def holds(program: Program, use: Use) -> bool:
    """Whether every condition of the site's `when` is known to hold."""
    for locator, accepted in use.match.site.when.items():
        entities = locate(program, use, locator)
        if entities is None:
            if "unset" not in accepted:
                return False
            continue
        if not _accepted(worth.as_value(program, entities), accepted):
            return False
    return True


def _accepted(value: Value, accepted: tuple[str, ...]) -> bool:
    if isinstance(value, (Unknown, Parameter)):
        return "unknown" in accepted
    if value == Literal(None):
        return "none" in accepted
    return "set" in accepted or plain_word(value) in accepted


def plain_word(value: Value) -> str | None:
    """A literal, or the last segment of a library's name, as lower-case text; None for anything else."""
    match value:
        case Literal(value=plain):
            return str(plain).lower()
        case Reference(name=name):
            return name.rpartition(".")[2].lower()
        case _:
            return None
