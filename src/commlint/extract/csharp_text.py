"""What C#'s literals mean: texts of every kind with their escapes, numbers."""

from __future__ import annotations

import re

from commlint.extract.quick import new_literal
from commlint.model.values import Unknown, Value

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,4})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_SIMPLE = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SUFFIX = re.compile(r"(?:u8|U8)\Z")
_NUMBER_SUFFIX = re.compile(r"[uUlL]+\Z")
_REAL_SUFFIX = re.compile(r"[fFdDmM]\Z")
_LARGEST = 2**63


def content(literal: str) -> str:
    """The text that a written literal stands for: plain, verbatim (`@"…"`) or raw (three quotes or more)."""
    literal = _SUFFIX.sub("", literal)
    if literal.startswith('"""'):
        return raw(literal)
    if literal.startswith('@"'):
        return literal[2:].removesuffix('"').replace('""', '"')
    return unescape(literal[1:].removesuffix(literal[:1]))


def raw(literal: str) -> str:
    """The text of a raw literal: on several lines without the indentation of the line that closes it."""
    quotes = len(literal) - len(literal.lstrip('"'))
    inside = literal[quotes:].removesuffix('"' * quotes)
    lines = inside.replace("\r\n", "\n").split("\n")
    return undented(lines) if len(lines) > 2 and not lines[0].strip() else inside


def undented(lines: list[str]) -> str:
    """The lines between the first and the last, without what the last one is indented by."""
    indentation = lines[-1]
    return "\n".join(line.removeprefix(indentation) for line in lines[1:-1])


def unescape(text: str) -> str:
    """`text` with its escapes replaced."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    short, middle, long, simple = escape.groups()
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    code = int(short or middle or long, 16)
    # Half a surrogate pair is no character and could not be written as UTF-8 later.
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def number(text: str) -> Value:
    """The value of a written number; what JSON could not carry is unknown."""
    digits = text.replace("_", "")
    try:
        if digits[:2].lower() in ("0x", "0b"):
            whole = int(_NUMBER_SUFFIX.sub("", digits), 0)
        elif digits.isdigit():
            whole = int(digits)
        elif _NUMBER_SUFFIX.sub("", digits).isdigit():
            whole = int(_NUMBER_SUFFIX.sub("", digits))
        else:
            real = float(_REAL_SUFFIX.sub("", digits))
            return new_literal(real) if abs(real) != float("inf") else Unknown("number out of range")
    except ValueError:
        return Unknown("number")
    return new_literal(whole) if abs(whole) < _LARGEST else Unknown("number out of range")
