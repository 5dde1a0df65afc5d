"""What Java's literals mean: texts with their escapes, text blocks, numbers, and formats that are filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from commlint.extract.combined import joined
from commlint.extract.quick import new_literal
from commlint.model.values import Literal, Unknown, Value

_ESCAPE = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "s": " "}
_PLACEHOLDER = re.compile(r"%(?:(?P<position>\d+)\$)?[-#+ 0,(<]*\d*(?:\.\d+)?(?P<type>[a-zA-Z%])[A-Za-z]?")
_DATE = "tT"
_LARGEST = 2**63


def content(literal: str) -> str:
    """The text a written text, text block or character stands for, quotes included in `literal`."""
    if literal.startswith('"""'):
        return unescape(_unindented(literal[3:].removesuffix('"""')))
    inner = literal[1:-1] if len(literal) > 1 and literal[-1] == literal[0] else literal[1:]
    return unescape(inner)


def unescape(text: str) -> str:
    """`text` with its escapes replaced."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    code, octal, newline, simple = escape.groups()
    if newline is not None:
        return ""
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    number = int(code, 16) if code is not None else int(octal, 8)
    # Half a surrogate pair is no character and could not be written as UTF-8 later.
    return "\ufffd" if 0xD800 <= number <= 0xDFFF else chr(number)


def _unindented(block: str) -> str:
    """A text block without its first line break and the indentation that all its lines share."""
    lines = block.replace("\r\n", "\n").split("\n")[1:]
    told = [line for line in lines if line.strip()] + ([lines[-1]] if lines else [])
    indent = min((len(line) - len(line.lstrip()) for line in told), default=0)
    return "\n".join(line[indent:].rstrip() for line in lines)


def number(text: str) -> Value:
    """The value of a written number; what JSON could not carry is unknown."""
    if text.isdigit() and len(text) < 18 and text[0] != "0":
        return new_literal(int(text))
    digits = text.replace("_", "")
    try:
        if digits[:2].lower() == "0x" and not any(each in digits for each in ".pP"):
            whole = int(digits.rstrip("lL"), 16)
        elif digits[:2].lower() == "0b":
            whole = int(digits.rstrip("lL"), 2)
        elif digits.rstrip("lL").isdigit():
            plain = digits.rstrip("lL")
            whole = int(plain, 8) if len(plain) > 1 and plain[0] == "0" else int(plain)
        else:
            real = float.fromhex(digits.rstrip("fFdD")) if digits[:2].lower() == "0x" else float(digits.rstrip("fFdD"))
            return new_literal(real) if abs(real) != float("inf") else Unknown("number out of range")
    except (ValueError, OverflowError):
        return Unknown("number that cannot be read")
    return new_literal(whole) if abs(whole) < _LARGEST else Unknown("number out of range")


def formatted(template: str, items: Sequence[Value]) -> Value | None:
    """`String.format(template, …)` as a text, None when a placeholder has no value."""
    parts: list[Value] = []
    end = next_item = 0
    for found in _PLACEHOLDER.finditer(template):
        letter = found["type"]
        parts.append(Literal(template[end : found.start()]))
        end = found.end() if letter in _DATE else found.end("type")
        if letter in "%n":
            parts.append(Literal("%" if letter == "%" else "\n"))
            continue
        place = int(found["position"]) - 1 if found["position"] else next_item
        next_item += not found["position"]
        if not 0 <= place < len(items):
            return None
        parts.append(items[place])
    return joined((*parts, Literal(template[end:])))
