"""Values worked out from values: joined, cased, formatted, counted."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from commlint.model.values import (
    Choice,
    Literal,
    Parameter,
    Sequence,
    Template,
    Unknown,
    Value,
)
from commlint.resolve import arguments, worth
from commlint.resolve.entities import (
    Entities,
)
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

_UNDERSCORE = Literal("_")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def product(values: list[Value]) -> Value:
    numbers = [number(value) for value in values]
    plain = [each.value for each in numbers if isinstance(each, Literal) and isinstance(each.value, (int, float))]
    if len(plain) == len(numbers) and plain:
        worked = math.prod(plain)
        return Literal(int(worked) if float(worked).is_integer() else worked)
    return next((each for each in numbers if not isinstance(each, Literal)), Unknown("no number is given"))


def joined(program: Program, given: list[Entities | None]) -> Value:
    """Parts (or the items of a sequence among them) with a separator, which comes first, between them."""
    separator = worth.as_value(program, given[0]) if given and given[0] else Literal("")
    parts: list[Value] = []
    for value in (worth.as_value(program, each) for each in given[1:] if each):
        if isinstance(value, Sequence) and value.open:
            return Unknown("a text joined from a sequence that is not fully known")
        for piece in value.items if isinstance(value, Sequence) else (value,):
            parts.extend((separator, piece) if parts else (piece,))
    return worth.join(tuple(parts))


def cased(text: Value, separator: Value = _UNDERSCORE) -> Value:
    """The words of a text in small letters with something between: `order_created` of `OrderCreated`."""
    if isinstance(text, Choice):
        return Choice(tuple(cased(option, separator) for option in text.options))
    if isinstance(text, Literal) and isinstance(text.value, str) and isinstance(separator, Literal):
        return Literal(str(separator.value).join(_WORDS.findall(text.value)).lower())
    return text


def number(value: Value) -> Value:
    if isinstance(value, Literal) and isinstance(value.value, str):
        try:
            plain = float(value.value)
        except ValueError:
            return Unknown(f"{value.value!r} is not a number")
        return Literal(int(plain) if plain.is_integer() and "." not in value.value else plain)
    if isinstance(value, Choice):
        return Choice(tuple(number(option) for option in value.options))
    return value


def longest(values: list[Value]) -> Value:
    numbers = [v.value for v in values if isinstance(v, Literal) and isinstance(v.value, (int, float))]
    if Literal(None) in values:
        return Literal(None)
    open_ones = [value for value in values if not isinstance(value, Literal)]
    if numbers:
        return Literal(max(numbers))
    return open_ones[0] if open_ones else Unknown("no number is given")


def url_join(values: list[Value]) -> Value:
    """Base and path as `urljoin` puts them together: a rooted path replaces the path of the base."""
    if len(values) < 2:
        return values[0] if values else Unknown("nothing to join")
    base, path = values[0], values[1]
    written = path.value if isinstance(path, Literal) and isinstance(path.value, str) else None
    if written is not None and written.startswith(("http://", "https://")):
        return path
    if isinstance(base, Literal) and isinstance(base.value, str):
        text = base.value
        if written is not None and written.startswith("/") and "://" in text:
            scheme, _, rest = text.partition("://")
            return Literal(f"{scheme}://{rest.split('/')[0]}{written}")
        folder = text if text.endswith("/") else text.rpartition("/")[0] + "/" if text.count("/") > 2 else text + "/"
        return worth.join((Literal(folder), path))
    separator = () if written is not None and written.startswith("/") else (Literal("/"),)
    return worth.join((base, *separator, path))


FIELD = re.compile(r"\{([^{}:!]*)[^{}]*\}|%\(?(\w*)\)?[sdrif]")
PRINTED = re.compile(r"%(?:%|[-+# 0]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?()()[a-zA-Z])")
_LENGTH = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def duration(value: Value) -> Value:
    """A written duration in seconds; a number is one already."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        found = _LENGTH.findall(value.value)
        if "".join(number + unit for number, unit in found) != value.value or not found:
            return Unknown(f"{value.value!r} is no duration")
        seconds = sum(float(number) * _UNITS[unit] for number, unit in found)
        return Literal(int(seconds) if seconds == int(seconds) else round(seconds, 9))
    if isinstance(value, Choice):
        return Choice(tuple(duration(option) for option in value.options))
    return value


def formatted(program: Program, use: Use, first: Entities, fields: re.Pattern[str]) -> Value:
    """A format text with its fields filled from the remaining arguments."""
    template = worth.as_value(program, first)
    if not isinstance(template, Literal) or not isinstance(template.value, str):
        return template if isinstance(template, (Template, Parameter)) else Unknown("a format that is not known")
    given = arguments.collect(program, use.arguments, use.scope)
    parts: list[Value] = []
    model = use.match.site.value
    where = model.of[0] if model is not None else ""
    position, last = int(where[4:]) + 1 if re.fullmatch(r"arg:\d+", where) else 0, 0
    for found in fields.finditer(template.value):
        parts.append(Literal(template.value[last : found.start()]))
        last = found.end()
        if found.group(0) == "%%":
            parts.append(Literal("%"))
            continue
        name = found.group(1) or found.group(2) or ""
        if name and not name.isdigit():
            entities = given.named(program, name.split(".")[0].split("[")[0])
        else:
            entities = given.at(program, int(name) if name else position)
            position += 1
        parts.append(worth.as_value(program, entities) if entities else Unknown(f"no value for {{{name}}}"))
    parts.append(Literal(template.value[last:]))
    return worth.join(tuple(parts))
