"""What Python's literals mean: text with its escapes, numbers, and text that is filled in."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence

from commlint.extract.combined import joined
from commlint.extract.quick import new_literal
from commlint.model.values import Attribute, Index, Literal, Reference, Unknown, Value
from commlint.model.values import Mapping as Written

_START = re.compile(r"([A-Za-z]*)(\"\"\"|'''|\"|')")
_ESCAPE = re.compile(
    r"\\(?:(\r?\n)|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]+)\}|([\\'\"abfnrtv]))"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PLACEHOLDER = re.compile(
    r"%(?:\((?P<name>[^)]*)\))?[-#0 +]*(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>[a-zA-Z%])"
)
_NAME = re.compile(r"[^\W\d]\w*\Z")
_FIELD_STEP = re.compile(r"\.([^.\[\]]+)|\[([^\]]+)\]")
_LARGEST = 2**63


def content(literal: str) -> str:
    """The text a written string or bytes literal stands for, prefix and quotes included in `literal`."""
    first = literal[:1]
    if first in ("'", '"') and "\\" not in literal and not literal.startswith(('"""', "'''")):
        return literal[1:].removesuffix(first)
    start = _START.match(literal)
    if start is None:
        return literal
    quotes = start[2]
    end = len(literal) - len(quotes) if literal.endswith(quotes, start.end()) else len(literal)
    return unescape(literal[start.end() : end], start[1])


def unescape(text: str, prefix: str) -> str:
    """`text` with its escapes replaced, unless `prefix` makes the literal a raw one."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" not in text or "r" in prefix or "R" in prefix:
        return text
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(escape: re.Match[str]) -> str:
    newline, octal, short, middle, long, name, simple = escape.groups()
    if newline is not None:
        return ""
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    if name is not None:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            return escape[0]
    code = int(octal, 8) if octal is not None else int(short or middle or long, 16)
    # Half a surrogate pair is no character and could not be written as UTF-8 later.
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def number(text: str) -> Value:
    """The value of a written number; what JSON could not carry is unknown."""
    if text.isdigit() and len(text) < 18 and text[0] != "0":
        return new_literal(int(text))
    digits = text.replace("_", "").rstrip("lL")
    try:
        if digits[-1:] in "jJ":
            return Unknown("complex number")
        if digits[:2].lower() in ("0x", "0o", "0b"):
            whole = int(digits, 0)
        elif digits.isdigit():
            whole = int(digits, 8) if len(digits) > 1 and digits[0] == "0" and digits.strip("0") else int(digits)
        else:
            real = float(digits)
            return new_literal(real) if abs(real) != float("inf") else Unknown("number out of range")
    except ValueError:
        return Unknown("number that cannot be read")
    return new_literal(whole) if abs(whole) < _LARGEST else Unknown("number out of range")


def percent(template: str, right: Value, items: Sequence[Value] | None) -> Value | None:
    """
    `template % right` as a text, None when the two do not fit together.

    Args:
        items: the values of a tuple written out on the right side.
    """
    found = list(_PLACEHOLDER.finditer(template))
    open_ones = [match for match in found if match["type"] != "%"]
    if not open_ones or any("*" in (match["width"], match["precision"]) for match in open_ones):
        return None
    if items is None:
        single = len(open_ones) == 1
        items = [right] if single else [Index(right, Literal(place)) for place in range(len(open_ones))]
    named = all(match["name"] is not None for match in open_ones)
    if not named and len(items) != len(open_ones):
        return None
    remaining = iter(items)
    parts: list[Value] = []
    end = 0
    for match in found:
        parts.append(Literal(template[end : match.start()]))
        end = match.end()
        if match["type"] == "%":
            parts.append(Literal("%"))
        else:
            parts.append(_entry(right, match["name"]) if named else next(remaining))
    return joined((*parts, Literal(template[end:])))


def _entry(mapping: Value, key: str) -> Value:
    entries = mapping.entries if isinstance(mapping, Written) else ()
    found = {name.value: value for name, value in entries if isinstance(name, Literal)}
    return found.get(key) or Index(mapping, Literal(key))


def formatted(template: str, positional: Sequence[Value], named: Mapping[str, Value]) -> Value | None:
    """`template.format(…)` as a text, None when a placeholder has no value."""
    parts: list[Value] = []
    automatic = 0
    try:
        for text, field, _, _ in string.Formatter().parse(template):
            parts.append(Literal(text))
            if field is None:
                continue
            head = re.match(r"[^.\[]*", field)
            name = head[0] if head else ""
            if not name:
                name, automatic = str(automatic), automatic + 1
            value = positional[int(name)] if name.isdigit() else named[name]
            parts.append(_member(value, field[head.end() if head else 0 :]))
    except (ValueError, IndexError, KeyError):
        return None
    return joined(parts)


def _member(value: Value, path: str) -> Value:
    """The member of `value` that the rest of a format field such as `.host[0]` names."""
    for attribute, key in _FIELD_STEP.findall(path):
        if not attribute:
            value = Index(value, Literal(int(key) if key.isdigit() else key))
        elif isinstance(value, Reference) and _NAME.match(attribute):
            value = Reference(f"{value.name}.{attribute}")
        else:
            value = Attribute(value, attribute)
    return value
