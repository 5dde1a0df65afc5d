"""What JavaScript's literals mean: text with its escapes, and numbers."""

from __future__ import annotations

import re

from commlint.extract.quick import new_literal
from commlint.model.values import Unknown, Value

_ESCAPE = re.compile(
    r"\\(?:(\r\n|[\n\r\u2028\u2029])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|(.))",
    re.DOTALL,
)
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_LARGEST = 2**63


def content(literal: str) -> str:
    """The text a written string stands for, quotes included in `literal`."""
    quote = literal[:1]
    inner = literal[1:].removesuffix(quote) if len(literal) > 1 else ""
    return unescape(inner)


def unescape(text: str) -> str:
    """`text` with its escapes replaced."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    newline, short, middle, braced, octal, simple = escape.groups()
    if newline is not None:
        return ""
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    code = int(octal, 8) if octal is not None else int(short or middle or braced, 16)
    # Half a surrogate pair is no character and could not be written as UTF-8 later.
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def number(text: str) -> Value:
    """The value of a written number; what JSON could not carry is unknown."""
    digits = text.replace("_", "")
    try:
        if digits[-1:] == "n":
            whole = int(digits[:-1], 0)
        elif digits[:2].lower() in ("0x", "0o", "0b"):
            whole = int(digits, 0)
        elif digits.isdigit():
            is_octal = len(digits) > 1 and digits[0] == "0" and digits.isdecimal() and not set(digits) & {"8", "9"}
            whole = int(digits, 8) if is_octal else int(digits)
        else:
            real = float(digits)
            if abs(real) == float("inf"):
                return Unknown("number out of range")
            return new_literal(int(real) if real.is_integer() and abs(real) < _LARGEST else real)
    except ValueError:
        return Unknown("number that cannot be read")
    return new_literal(whole) if abs(whole) < _LARGEST else Unknown("number out of range")
