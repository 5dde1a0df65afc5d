"""The functions of infrastructure code, as far as they can be worked out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from commlint.model.values import Choice, Literal, Mapping, Sequence, Template, Unknown, Value
from commlint.provision.operators import equal
from commlint.provision.pointers import NOTHING, Pointer, entry_of, is_open, text_of

Arguments = tuple[Value, ...]
SIZE_LIMIT = 2000


def call(name: str, arguments: Arguments) -> Value:
    """What a function gives; unknown for those that read files, hash, or are not listed here."""
    function = _FUNCTIONS.get(name)
    if function is None or not arguments:
        return Unknown(f"{name}()")
    return function(arguments)


def _same(arguments: Arguments) -> Value:
    return arguments[0]


def _length(arguments: Arguments) -> Value:
    match arguments[0]:
        case Sequence(items=items, open=False):
            return Literal(len(items))
        case Mapping(entries=entries, open=False):
            return Literal(len(entries))
        case Literal(value=str() as text):
            return Literal(len(text))
        case _:
            return Unknown("length()")


def _first(arguments: Arguments) -> Value:
    """`try`: what fails is not told from what is not known, so that only sure values are skipped over."""
    return arguments[0] if not is_open(arguments[0]) or len(arguments) == 1 else Choice(arguments)


def _coalesce(arguments: Arguments) -> Value:
    for position, value in enumerate(arguments):
        if is_open(value):
            return Choice(arguments[position:]) if arguments[position + 1 :] else value
        if value not in (NOTHING, Literal(""), Sequence(()), Mapping(())):
            return value
    return NOTHING


def _concat(arguments: Arguments) -> Value:
    items = tuple(item for each in arguments if isinstance(each, Sequence) for item in each.items)
    whole = all(isinstance(each, Sequence) and not each.open for each in arguments)
    return Sequence(items[:SIZE_LIMIT], open=not whole or len(items) > SIZE_LIMIT)


def _merge(arguments: Arguments) -> Value:
    entries: dict[Value, Value] = {}
    for each in arguments:
        if isinstance(each, Mapping):
            entries.update(each.entries)
    whole = all((isinstance(each, Mapping) and not each.open) or each == NOTHING for each in arguments)
    return Mapping(tuple(entries.items()), open=not whole)


def _lookup(arguments: Arguments) -> Value:
    if len(arguments) < 2 or not isinstance(arguments[1], Literal):
        return Unknown("lookup()")
    found = entry_of(arguments[0], str(arguments[1].value))
    return found if found is not None else arguments[2] if len(arguments) > 2 else Unknown("lookup()")


def _element(arguments: Arguments) -> Value:
    match arguments:
        case (Sequence(items=items, open=False), Literal(value=int() as number)) if items:
            return items[number % len(items)]
        case (Sequence(items=(only,), open=False), *_):
            return only
        case _:
            return Unknown("element()")


def _only(arguments: Arguments) -> Value:
    match arguments[0]:
        case Sequence(items=(), open=False):
            return NOTHING
        case Sequence(items=(only,), open=False):
            return only
        case _:
            return Unknown("one()")


def _keys(arguments: Arguments) -> Value:
    match arguments[0]:
        case Mapping(entries=entries, open=is_open):
            return Sequence(tuple(key for key, _ in entries), is_open)
        case _:
            return Unknown("keys()")


def _values(arguments: Arguments) -> Value:
    match arguments[0]:
        case Mapping(entries=entries, open=is_open):
            return Sequence(tuple(entry for _, entry in entries), is_open)
        case _:
            return Unknown("values()")


def _flatten(arguments: Arguments) -> Value:
    match arguments[0]:
        case Sequence(items=items, open=False):
            return _concat(tuple(item if isinstance(item, Sequence) else Sequence((item,)) for item in items))
        case _:
            return Unknown("flatten()")


def _compact(arguments: Arguments) -> Value:
    match arguments[0]:
        case Sequence(items=items, open=is_open):
            return Sequence(tuple(item for item in items if item not in (NOTHING, Literal(""))), is_open)
        case _:
            return Unknown("compact()")


def _contains(arguments: Arguments) -> Value:
    if len(arguments) == 2 and isinstance(arguments[0], Sequence | Mapping):
        inside = arguments[0]
        items = inside.items if isinstance(inside, Sequence) else tuple(key for key, _ in inside.entries)
        answers = {equal(item, arguments[1]) for item in items}
        if True in answers:
            return Literal(True)
        if not inside.open and answers <= {False}:
            return Literal(False)
    return Unknown("contains()")


def _format(arguments: Arguments) -> Value:
    if not isinstance(arguments[0], Literal):
        return Unknown("format()")
    pieces = str(arguments[0].value).replace("%d", "%s").replace("%v", "%s").split("%s")
    parts: list[Value] = [Literal(pieces[0])]
    for position, piece in enumerate(pieces[1:], start=1):
        parts.extend((arguments[position] if position < len(arguments) else Unknown("format()"), Literal(piece)))
    return join(parts)


def _join(arguments: Arguments) -> Value:
    if len(arguments) < 2 or not isinstance(arguments[0], Literal):
        return Unknown("join()")
    items: list[Value] = []
    for each in arguments[1:]:
        items.extend(each.items if isinstance(each, Sequence) else (each,))
    parts: list[Value] = []
    for item in items:
        parts.extend((arguments[0], item) if parts else (item,))
    return join(parts)


def join(parts: list[Value]) -> Value:
    """Texts in a row as one value."""
    merged: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Template) else (part,):
            if isinstance(piece, Literal) and merged and isinstance(merged[-1], Literal):
                merged[-1] = Literal(text_of(merged[-1]) + _shown(piece))
            else:
                merged.append(Literal(_shown(piece)) if isinstance(piece, Literal) else piece)
    kept = tuple(part for part in merged if part != Literal(""))
    if len(kept) > SIZE_LIMIT or sum(len(text_of(part)) for part in kept) > 100 * SIZE_LIMIT:
        return Unknown("a text too long to work out")
    return Literal("") if not kept else kept[0] if len(kept) == 1 else Template(kept)


def _shown(value: Literal) -> str:
    return str(value.value).lower() if isinstance(value.value, bool) else text_of(value)


def _text(change: Callable[[str], str]) -> Callable[[Arguments], Value]:
    def apply(arguments: Arguments) -> Value:
        first = arguments[0]
        if isinstance(first, Template):
            return Template(tuple(Literal(change(text_of(p))) if isinstance(p, Literal) else p for p in first.parts))
        return Literal(change(text_of(first))) if isinstance(first, Literal) and first != NOTHING else first

    return apply


def _replace(arguments: Arguments) -> Value:
    match arguments:
        case (Literal(value=str() as text), Literal(value=str() as old), Literal(value=str() as new)):
            return Literal(text.replace(old, new))
        case _:
            return Unknown("replace()")


def _json(arguments: Arguments) -> Value:
    """What a JSON text says; parts of it may be resources."""
    first = arguments[0]
    if not isinstance(first, Literal | Template):
        return first
    return decoded(first) or Unknown("jsondecode()")


def decoded(value: Value) -> Value | None:
    """A text that is JSON as the value it writes, open parts included; None when it is none."""
    parts = value.parts if isinstance(value, Template) else (value,)
    text = "".join(text_of(part) if isinstance(part, Literal) else f"\x01{i}\x02" for i, part in enumerate(parts))
    if text.lstrip()[:1] not in ("{", "["):
        return None
    holes = {f"\x01{i}\x02": part for i, part in enumerate(parts) if not isinstance(part, Literal)}
    for hole in holes:
        # A number or object that is filled in stands without quotes.
        text = text.replace(f'"{hole}"', hole).replace(hole, json.dumps(hole)) if f'"{hole}"' in text else text
    for hole in holes:
        text = text if json.dumps(hole) in text or hole not in text else text.replace(hole, json.dumps(hole))
    try:
        return _from_plain(json.loads(text, strict=False), holes)
    except (ValueError, RecursionError):
        return None


def _from_plain(data: Any, holes: dict[str, Value]) -> Value:
    if isinstance(data, dict):
        return Mapping(tuple((Literal(str(key)), _from_plain(inner, holes)) for key, inner in data.items()))
    if isinstance(data, list):
        return Sequence(tuple(_from_plain(inner, holes) for inner in data))
    if isinstance(data, str) and "\x01" in data:
        return holes.get(data, Template((Unknown("a part of a text"),)))
    return Literal(data)


def _able(arguments: Arguments) -> Value:
    return Literal(True) if isinstance(arguments[0], Literal | Pointer | Mapping | Sequence) else Unknown("can()")


_FUNCTIONS: dict[str, Callable[[Arguments], Value]] = {
    **dict.fromkeys(
        (
            "jsonencode", "tolist", "toset", "tomap", "tostring", "tonumber", "tobool", "distinct", "sort",
            "nonsensitive", "sensitive", "trimspace", "yamlencode", "reverse", "abspath",
        ),
        _same,
    ),
    "jsondecode": _json,
    "length": _length,
    "try": _first,
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "concat": _concat,
    "setunion": _concat,
    "merge": _merge,
    "lookup": _lookup,
    "element": _element,
    "one": _only,
    "keys": _keys,
    "values": _values,
    "flatten": _flatten,
    "compact": _compact,
    "contains": _contains,
    "format": _format,
    "join": _join,
    "lower": _text(str.lower),
    "upper": _text(str.upper),
    "title": _text(str.title),
    "replace": _replace,
    "can": _able,
}  # fmt: skip
