"""Address models → addresses: where a use leads, as far as its values are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from commlint.model.operations import Address
from commlint.model.placeholders import placeholders
from commlint.model.values import Choice, Literal, Mapping, Parameter, Sequence, Template, Unknown, Value, transform
from commlint.resolve import worth
from commlint.resolve.conditions import filled, plain_word
from commlint.resolve.entities import Data, Entities, Entity, Frame, Function, Made, Method, Object, Written, is_unknown
from commlint.resolve.makers import factory
from commlint.resolve.program import Program
from commlint.resolve.use import Use

MAX_MAKERS = 4
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


def address(program: Program, use: Use) -> Address:
    """The address of a client, producer or consumer."""
    model = use.match.site.address
    base = part(program, use, model.base, "base")
    url = part(program, use, model.url, "url")
    return Address(
        url=joined(base, url),
        method=next(iter(methods(program, use)), ""),
        host=_ported(part(program, use, model.host, "host"), part(program, use, model.port, "port")),
        rpc=rpc(program, use),
        channel=part(program, use, model.channel, "channel"),
        exchange=part(program, use, model.exchange, "exchange"),
        routing_key=part(program, use, model.routing_key, "routing_key"),
        group=part(program, use, model.group, "group"),
    )


def _ported(host: Value | None, port: Value | None) -> Value | None:
    """A host with the port that is given beside it, where that is a number or a setting."""
    if host is None or port is None or isinstance(port, (Unknown, Parameter)):
        return host
    return Template((host, Literal(":"), port))


def part(program: Program, use: Use, locator: str, field: str) -> Value | None:
    """One part of an address; an object stands for what it was made with."""
    if not locator:
        return None
    if locator.startswith("method:"):
        return _declared(program, use, locator.removeprefix("method:"))
    entities = filled(program, use, locator)
    if entities is None:
        return None
    standing = tuple(each for entity in entities for each in _standing_for(program, entity, field))
    found = worth.told(worth.as_value(program, standing))
    found = transform(found, _with_placeholders) if use.match.site.placeholders else found
    return _replaced(program, use, found)


def _declared(program: Program, use: Use, field: str) -> Value | None:
    """Part of the address that a declared method names, for the call it stands for."""
    for each in _of_method(program, use):
        found = address(program, each)
        return found.url if field == "url" else None
    return None


def _of_method(program: Program, use: Use) -> Iterator[Use]:
    """What maps the method that a declared call runs."""
    if isinstance(use.decorated, Function):
        for each in program.decorators.of(use.decorated):
            if each.match.site.role == "server":
                yield replace(each, decorated=use.decorated)


def _with_placeholders(value: Value) -> Value | None:
    match value:
        case Literal(value=str(text)):
            return placeholders(text)
        case _:
            return None


def paths(url: Value | None) -> tuple[Value, ...]:
    """The paths of a route: each of several that it names, an empty one when it names none."""
    match url:
        case None:
            return (Literal(""),)
        case Sequence(items=items):
            return items
        case Choice(options=options):
            return tuple(each for each in options if not isinstance(each, Unknown)) or (url,)
        case _:
            return (url,)


def _replaced(program: Program, use: Use, value: Value) -> Value:
    """A text with the words in it replaced that the library fills in."""
    if isinstance(value, Choice):
        return Choice(tuple(_replaced(program, use, option) for option in value.options))
    if not use.match.site.replaces or not isinstance(value, Literal) or not isinstance(value.value, str):
        return value
    text = value.value
    for word, locator in use.match.site.replaces.items():
        if word in text.lower():
            told = filled(program, use, locator)
            filling = worth.as_value(program, told) if told else None
            if isinstance(filling, Literal):
                text = re.sub(re.escape(word), lambda _: str(filling.value), text, flags=re.IGNORECASE)  # noqa: B023
    return Literal(text)


def _standing_for(program: Program, entity: Entity, field: str, depth: int = 0) -> Entities:
    """An object given as an address (a channel as host, a queue as channel) is what its maker was given."""
    if isinstance(entity, (Made, Object)) and depth < MAX_MAKERS:
        found = factory(program, entity, field)
        if found is not None and not is_unknown(found[0]):
            return tuple(each for inner in found for each in _standing_for(program, inner, field, depth + 1))
    if isinstance(entity, (Made, Object)):
        return (Data(Unknown(_object_of(entity))),)
    if isinstance(entity, Written) and isinstance(entity.value, Sequence) and depth < MAX_MAKERS:
        named = tuple(
            worth.as_value(program, tuple(e for each in program.evaluate(item, entity.scope) for e in _standing_for(
                program, each, field, depth + 1)))
            for item in entity.value.items
        )  # fmt: skip
        return (Data(Sequence(named, entity.value.open)),)
    if isinstance(entity, Written) and isinstance(entity.value, Mapping) and field == "channel":
        # Streams are given with the position to read from.
        return (Data(Sequence(tuple(program.value(key, entity.scope) for key, _ in entity.value.entries))),)
    if isinstance(entity, Function) and field in ("url", "base") and depth < MAX_MAKERS:
        # A URL that is written as a function is what it gives back.
        given = program.run(entity, Frame(entity.path, entity.name, None, entity.receiver))
        return tuple(each for inner in given for each in _standing_for(program, inner, field, depth + 1))
    if isinstance(entity, Method):
        return (Data(Unknown(f"{entity.name} is not a plain value")),)
    return (entity,)


def _object_of(entity: Made | Object) -> str:
    name = entity.type if isinstance(entity, Made) else entity.type.name
    return f"an object of {name} that is made elsewhere"


def methods(program: Program, use: Use) -> tuple[str, ...]:
    """The HTTP methods of a use, upper case; empty when any or not known."""
    locator = use.match.site.address.method
    if not locator:
        return ()
    if locator == "method:method":
        return next((methods(program, each) for each in _of_method(program, use)), ())
    entities = filled(program, use, locator)
    if entities is None:
        return ()
    value = worth.as_value(program, entities)
    options = value.items if isinstance(value, Sequence) else value.options if isinstance(value, Choice) else (value,)
    found = [word.upper() for each in options if (word := plain_word(each)) is not None]
    return tuple(verb for verb in dict.fromkeys(found) if verb in _VERBS)


def rpc(program: Program, use: Use) -> str:
    """`Service/Method` as far as the model tells."""
    locator = use.match.site.address.rpc
    if not locator:
        return ""
    entities = filled(program, use, locator)
    value = worth.as_value(program, entities) if entities else None
    return str(value.value) if isinstance(value, Literal) else ""


def joined(base: Value | None, url: Value | None) -> Value | None:
    """A URL below a base; an absolute URL stands alone."""
    if base is None or url is None or base == Literal("") or base == Literal(None):
        return url if url is not None else base
    if isinstance(base, Sequence) or isinstance(url, Sequence):
        return Sequence(tuple(joined(one, other) or Literal("") for one in paths(base) for other in paths(url)))
    start = _start(url)
    if start.startswith(("http://", "https://", "ws://", "wss://")):
        return url
    if isinstance(base, (Unknown, Parameter)) and url == Literal(None):
        return base
    if isinstance(base, Unknown) and not start:
        # What begins with a setting is an address of its own, as far as is known.
        return url
    if isinstance(base, Literal) and isinstance(base.value, str) and base.value.endswith("/") and start.startswith("/"):
        base = Literal(base.value.rstrip("/"))
    # Where a setting or an argument begins the path, one slash too many is taken away once its text is known.
    apart = start.startswith("/") or _end(base).endswith("/") or url == Literal("")
    return worth.join((base, *(() if apart else (Literal("/"),)), url))


def _start(value: Value) -> str:
    first = value.parts[0] if isinstance(value, Template) and value.parts else value
    return str(first.value) if isinstance(first, Literal) and first.value is not None else ""


def _end(value: Value) -> str:
    last = value.parts[-1] if isinstance(value, Template) and value.parts else value
    return str(last.value) if isinstance(last, Literal) and last.value is not None else ""


def leading(value: Value | None) -> tuple[Value, ...]:
    """The part of an address that decides where it leads: all before the path."""
    if value is None:
        return ()
    if isinstance(value, Choice):
        return (value, *(part for option in value.options for part in leading(option)))
    if not isinstance(value, Template):
        return (value,)
    found: list[Value] = []
    seen = ""
    for piece in value.parts:
        if not isinstance(piece, Literal):
            found.append(piece)
            if not seen.strip("/"):
                return tuple(found)
            continue
        seen += str(piece.value)
        authority = seen.partition("://")[2] if "://" in seen else seen
        if "/" in authority:
            return tuple(found)
    return tuple(found)


def split_pattern(text: str) -> tuple[str, str]:
    """The method and the path of a pattern that may begin with both: `GET /stock/{sku}`."""
    verb, space, path = text.partition(" ")
    return (verb, path.lstrip()) if space and verb in _VERBS else ("", text)
