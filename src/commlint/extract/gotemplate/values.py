"""Values inside templates: those of YAML, and what is not known."""

from __future__ import annotations

import re
from typing import Any

from commlint.extract.nodes import ListNode, MapNode, Node

# Stands in rendered text for whatever could not be worked out.
MARK = "\ue000"

WEIGHT_LIMIT = 300_000
DEPTH_LIMIT = 120

_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TRUE, _FALSE = frozenset(("true", "True", "TRUE")), frozenset(("false", "False", "FALSE"))


class Unknown:
    """What could not be worked out; there is one of it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


def plain(node: Node | None) -> Any:
    """A tree of YAML as dictionaries, lists and scalars."""
    match node:
        case None:
            return None
        case MapNode(entries=entries):
            return {key.text: plain(entry) for key, entry in entries}
        case ListNode(items=items):
            return [plain(item) for item in items]
        case _:
            return _scalar(node.text) if node.plain else node.text


def _scalar(text: str) -> Any:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def is_open(value: Any) -> bool:
    """Whether something in a value is not known."""
    if isinstance(value, str):
        return MARK in value
    if isinstance(value, dict):
        return any(map(is_open, value.values()))
    return any(map(is_open, value)) if isinstance(value, list) else value is UNKNOWN


def weight(value: Any) -> int:
    """How many values stand in one when it is written out, up to a little more than what is too much."""
    found = 0
    pending = [(value, 0)]
    while pending and found <= WEIGHT_LIMIT:
        current, depth = pending.pop()
        found += WEIGHT_LIMIT if depth > DEPTH_LIMIT else 1
        if isinstance(current, dict | list):
            inner = current.values() if isinstance(current, dict) else current
            pending.extend((each, depth + 1) for each in inner)
    return found


def holds(value: Any, wanted: dict[str, Any]) -> bool:
    """Whether this very mapping stands somewhere in a value that is not too much."""
    pending = [value]
    while pending:
        current = pending.pop()
        if current is wanted:
            return True
        if isinstance(current, dict | list):
            pending.extend(current.values() if isinstance(current, dict) else current)
    return False


def truth(value: Any) -> bool | None:
    """Whether a condition holds, None when that is not known."""
    if value is UNKNOWN or (isinstance(value, str) and value.strip(" \n") == MARK):
        return None
    return bool(value)


def shown(value: Any) -> str:
    """A value as a template prints it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Unknown():
            return MARK
        case float():
            return f"{value:.15g}"
        case dict():
            return "map[" + " ".join(f"{key}:{shown(entry)}" for key, entry in sorted(value.items())) + "]"
        case list():
            return "[" + " ".join(map(shown, value)) + "]"
        case _:
            return str(value)


def merged(base: Any, over: Any) -> Any:
    """Values with others laid over them; null takes a key away."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    result = dict(base)
    for key, entry in over.items():
        if entry is None and key in result:
            del result[key]
        else:
            result[key] = merged(result[key], entry) if key in result else entry
    return result
