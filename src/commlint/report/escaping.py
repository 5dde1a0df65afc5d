"""Text of the analysed tree made safe to show: it may hold anything, terminal sequences included."""

from __future__ import annotations

import json
import re
import unicodedata

# Cc and Cf hold terminal sequences and bidi controls, Cs cannot be encoded, Zl and Zp break lines
# where nobody expects it, Cn holds the noncharacters XML forbids.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"})
_UNESCAPED_BY_JSON = re.compile(r"[^\n\x20-\x7e\xa1-\xac\xae-\u024f]")


def visible(text: str) -> str:
    r"""`text` on one line, with control, format and unencodable characters written out (`\x1b`, `\u202e`, `\n`)."""
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN:
        return character.encode("unicode_escape").decode("ascii")
    return character


def shorten(text: str, width: int) -> str:
    """At most `width` characters; dots stand for the middle, as names and paths differ at their ends."""
    if len(text) <= width:
        return text
    room = max(width - 3, 0)
    return f"{text[: room // 2]}...{text[len(text) - (room - room // 2) :]}"[:width]


def to_json(document: object) -> str:
    """
    Indented JSON ending in a newline, valid UTF-8 whatever the strings hold.

    Letters stay readable; what a terminal or editor would obey is written as an escape.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _UNESCAPED_BY_JSON.sub(_json_escape, text) + "\n"


def _json_escape(match: re.Match[str]) -> str:
    character = match.group()
    category = unicodedata.category(character)
    if category not in _HIDDEN:
        return character
    if category == "Cs":
        return "\\ufffd"
    return json.dumps(character)[1:-1]
