"""What Go's literals mean: text with its escapes, numbers, struct tags."""

from __future__ import annotations

import re

from commlint.model.values import Literal, Unknown, Value

_ESCAPE = re.compile(r"\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\\'\"abfnrtv]))")
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_TAG = re.compile(r'(\S+?):"((?:[^"\\]|\\.)*)"')
_LARGEST = 2**63


def constant(literal: str) -> Value:
    """The value of a written text, rune or number; what JSON could not carry is unknown."""
    first = literal[:1]
    if first == '"':
        inside = literal[1:].removesuffix('"')
        return Literal(unescaped(inside) if "\\" in inside else inside)
    if first == "`":
        return Literal(literal[1:].removesuffix("`").replace("\r", ""))
    if first == "'":
        return Literal(unescaped(literal[1:].removesuffix("'")))
    return number(literal)


def unescaped(text: str) -> str:
    """`text` with its escapes replaced."""
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    octal, short, middle, long, simple = escape.groups()
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    code = int(octal, 8) if octal is not None else int(short or middle or long, 16)
    # Half a surrogate pair is no character and could not be written as UTF-8 later.
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def number(text: str) -> Value:
    """The value of a written number."""
    digits = text.replace("_", "")
    if digits.endswith("i"):
        return Unknown("complex number")
    try:
        if digits[:2].lower() in ("0x", "0o", "0b") and "p" not in digits.lower():
            whole = int(digits, 0)
        elif digits.isdigit():
            # Past the digits Python reads at once, no Go type holds it either.
            whole = int(digits[:40], 8 if len(digits) > 1 and digits[0] == "0" else 10)
        else:
            real = float.fromhex(digits) if digits[:2].lower() == "0x" else float(digits)
            return Literal(real) if abs(real) != float("inf") else Unknown("number out of range")
    except (ValueError, OverflowError):
        return Unknown("number that cannot be read")
    return Literal(whole) if abs(whole) < _LARGEST else Unknown("number out of range")


def tags(literal: str) -> tuple[tuple[str, str], ...]:
    """The keys and values of a written struct tag: `json:"id" env:"PORT"`."""
    inside = constant(literal)
    text = inside.value if isinstance(inside, Literal) else None
    return tuple((key, unescaped(value)) for key, value in _TAG.findall(text)) if isinstance(text, str) else ()
