"""Where the options of a use stand: the locators of library models, looked up at the place that uses them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from commlint.model.values import (
    ConfigRead,
    EnvironmentRead,
    Literal,
    Mapping,
    Parameter,
    Sequence,
    Template,
)
from commlint.resolve import arguments, chains, conditions, decorated, makers, options, typed, worth
from commlint.resolve.arguments import Arguments
from commlint.resolve.entities import (
    Data,
    Entities,
    External,
    Function,
    Made,
    Object,
    Scope,
    Type,
    Written,
    unknown,
)
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

EVERY = "*"
"""As a key: each entry of a mapping, whatever it is called."""
_JOINED = re.compile(r"\|(?![^{}]*\})")


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
            found = argument(program, use, opened, kind, rest)
        elif kind == "config":
            found = _setting(program, use, rest, "|".join(told[number + 1 :]))
        else:
            found = _elsewhere(program, use, kind, rest)
        if found is not None:
            return found
    return None


def _setting(program: Program, use: Use, text: str, otherwise: str) -> Entities | None:
    """A configuration key, with what holds where no file gives it."""
    key = conditions.filled_text(program, use, text)
    if "?" in key:
        return conditions.asked_by_callers(program, use, text)
    entities = locate(program, use, otherwise) if otherwise else None
    return (Data(ConfigRead(key, worth.as_value(program, entities) if entities is not None else None)),)


def argument(program: Program, use: Use, opened: Arguments, kind: str, rest: str) -> Entities | None:
    where, *keys = rest.split("/")
    if kind == "args":
        found = _remaining(opened, int(where), use.scope)
    else:
        found = _single(program, opened, kind, where)
    return _inside(program, found, keys, use.scope.path)


def _inside(program: Program, found: Entities | None, keys: Iterable[str], path: str) -> Entities | None:
    """What stands under the keys, one inside the other."""
    for key in keys:
        if found is None:
            return None
        found = _entry(program, found, key, path)
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
    if opened is not None and not any(makers.settled(program, each, key) for each in entities):
        # Callers are asked first: the type of a parameter alone tells nothing of how the object was made.
        return (opened,)
    for entity in entities:
        match entity:
            case Written(value=Mapping(entries=entries, open=is_open), scope=scope) if key == EVERY:
                return (Written(Sequence(tuple(value for _, value in entries), is_open), scope),)
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
                return makers.factory(program, entity, key, path)
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
            return decorated.enclosing(use)
        case "value":
            return use.given or None
        case _ if kind.startswith("value/"):
            return _inside(program, use.given, kind.split("/")[1:], use.scope.path)
        case "owner":
            return decorated.of_owner(program, use, rest)
        case "beside":
            return decorated.other_decorators(program, use, rest)
        case "factory":
            return (
                makers.factory(program, use.receiver, rest, use.scope.path)
                if use.receiver is not None
                else _set_up(program, use, rest)
            )
        case "everywhere":
            return _set_up(program, use, rest)
        case "owner-name":
            return decorated.owner_name(program, use, rest)
        case "base-name":
            return decorated.base_name(program, use)
        case "owner-path":
            return decorated.owner_path(program, use)
        case "decorated-name":
            last = use.decorated.name.rpartition(".")[2] if isinstance(use.decorated, (Function, Type)) else ""
            return (Data(Literal(last.partition("#")[0])),) if last else None
        case "decorated-result":
            return decorated.result_type(use.decorated, program)
        case "decorated-takes":
            return decorated.parameter_type(use.decorated, program, int(rest))
        case "receiver-type":
            made = makers.maker(program, use.receiver)
            written = program.call(made).types if made is not None else ()
            place = int(rest)
            return (
                program.evaluate(typed.bare(written[place]), program.site_scope(made))
                if made and place < len(written)
                else None
            )
        case "type":
            return decorated.type_argument(program, use, int(rest))
        case "deriving":
            return decorated.deriving(program, use, rest)
        case "type-name":
            return typed.names(decorated.type_argument(program, use, int(rest)))
        case "object-type":
            return typed.object_names(program, decorated.given_back(program, locate(program, use, rest)))
        case "path-of":
            return typed.paths(program, locate(program, use, rest))
        case "half":
            found = locate(program, use, rest)
            return worth.halves(found) if found is not None else None
        case "chain":
            return chains.later(program, use, rest)
        case "returned":
            return chains.returned(program, use, rest)
        case "member":
            return decorated.class_member(program, use, rest)
        case "handler-name":
            function = use.decorated if isinstance(use.decorated, Function) else None
            return (Data(Literal(decorated.handler_name(function, rest == "bare"))),) if function else None
        case _:
            return None


def _keywords(program: Program, use: Use) -> Entities | None:
    """All keyword arguments as one mapping; None when there are none."""
    opened = arguments.collect(program, use.arguments, use.scope)
    if not opened.keywords and not opened.others:
        return None
    entries = tuple((Literal(name), value) for name, (value, _) in sorted(opened.keywords.items()))
    return (Written(Mapping(entries, opened.others), use.scope),)


def _set_up_later(program: Program, use: Use, field: str) -> Entities | None:
    """What configure sites called on the object this call makes say of `field`."""
    made = Made("", use.site) if use.site is not None else None
    return next(
        (found for each in program.configuring(made) if (found := options.said(program, each, field)) is not None), None
    )


def _set_up(program: Program, use: Use, field: str) -> Entities | None:
    """What the set-up of a whole module says of `field` for a function of it."""
    return makers.set_up_for_all(program, use.match.name.rpartition(".")[0] or use.match.name, field, use.scope.path)
