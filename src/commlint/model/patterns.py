"""Regular expressions that files of the tree hold: matched in bounded time, or not at all."""

from __future__ import annotations

import re
from functools import lru_cache

# Each unbounded repetition multiplies the ways to match a text by its length.
_REPEATS = 3
_LONGEST = 300
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]|[*+]|\{\d*,?\d*\}|.", re.DOTALL)
_GROUP = re.compile(r"\$\{(\w+)\}|\$(\w+)|\\(\d)")
# Languages agree on how a group is named but for Python.
_NAMED = re.compile(r"\(\?<(?=\w)")
_ENDLESS = re.compile(r"[*+]|\{\d*,\d*\}")


def searched(expression: str, text: str) -> bool | None:
    """Whether the expression is found in a text; None when it cannot be told, or not in bounded time."""
    pattern = compiled(expression)
    return None if pattern is None or len(text) > _LONGEST else pattern.search(text) is not None


def matched(expression: str, text: str) -> bool | None:
    """Whether a whole text is what the expression says; None when it cannot be told, or not in bounded time."""
    pattern = compiled(expression)
    return None if pattern is None or len(text) > _LONGEST else pattern.fullmatch(text) is not None


def replaced(expression: str, text: str, replacement: str) -> str | None:
    """A text with what the expression finds replaced, `$1` being its groups; None when it finds nothing."""
    pattern = compiled(expression)
    found = pattern.search(text) if pattern is not None and len(text) <= _LONGEST else None
    if found is None:
        return None
    new = _GROUP.sub(lambda name: _group(found, name[1] or name[2] or name[3]), replacement)
    return text[: found.start()] + new + text[found.end() :]


def _group(found: re.Match[str], name: str) -> str:
    try:
        return found[int(name) if name.isdigit() else name] or ""
    except IndexError:
        return ""


@lru_cache(maxsize=1024)
def compiled(expression: str) -> re.Pattern[str] | None:
    """An expression that takes bounded time on texts that are not long; None for any other."""
    if len(expression) > _LONGEST or not _is_tame(expression):
        return None
    try:
        return re.compile(_NAMED.sub("(?P<", expression))
    except (re.error, RecursionError, OverflowError):
        return None


def _is_tame(expression: str) -> bool:
    """Whether few parts repeat without end, and none of these inside a group that is repeated itself."""
    open_groups: list[bool] = []
    repeats, closed = 0, False
    for token in _TOKEN.findall(expression):
        endless = _ENDLESS.fullmatch(token) is not None
        if closed and (endless or token[0] == "{"):
            return False
        repeats += endless
        closed = False
        if token == "(":
            open_groups.append(False)
        elif token == ")":
            closed = open_groups.pop() if open_groups else False
            if closed and open_groups:
                open_groups[-1] = True
        if (endless or token == "|") and open_groups:
            # Alternatives that are repeated can overlap just as well.
            open_groups[-1] = True
    return repeats <= _REPEATS
