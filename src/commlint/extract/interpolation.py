"""Text with references to variables (`${NAME:-default}`, `$NAME`, `$(NAME)`) as Values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain, islice

from commlint.model.values import Choice, EnvironmentRead, Literal, Template, Unknown, Value, walk

NESTING_LIMIT = 10
REFERENCE_LIMIT = 500
# Beyond these a text is no address, and values filled into values could grow without end.
TEXT_LIMIT = 5_000
PARTS_LIMIT = 100

Lookup = Callable[[str], Value | None]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
_KUBERNETES = re.compile(r"\$\$|\$\(([-._A-Za-z][-._A-Za-z0-9]*)\)")


def join(parts: Iterable[Value]) -> Value:
    """One Value for `parts` in a row: templates are opened, neighbouring literals become one, one part stands alone."""
    joined: list[Value] = []
    for part in chain.from_iterable(part.parts if isinstance(part, Template) else (part,) for part in parts):
        if isinstance(part, Literal) and joined and isinstance(joined[-1], Literal):
            joined[-1] = Literal(f"{joined[-1].value}{part.value}")
        else:
            joined.append(part)
    solid = [part for part in joined if part != Literal("")]
    if not solid:
        return Literal("")
    return solid[0] if len(solid) == 1 else Template(tuple(solid))


def interpolate(text: str, lookup: Lookup | None = None, depth: int = 0) -> Value:
    """
    Read shell-like references: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}`; `$$` is a dollar sign.

    `lookup` may know the value of a name; what it does not know is read from the environment.
    Text that only looks like a reference stays as it is, and so does text too long to be an address.
    """
    if "$" not in text or len(text) > TEXT_LIMIT:
        return Literal(text)
    parts: list[Value] = []
    position, room = 0, TEXT_LIMIT
    while (dollar := text.find("$", position)) >= 0:
        parts.append(Literal(text[position:dollar]))
        if text.startswith("$$", dollar):
            parts.append(Literal("$"))
            position = dollar + 2
            continue
        found = _reference(text, dollar, lookup, depth)
        value, position = found if found is not None else (Literal("$"), dollar + 1)
        parts.append(value)
        room -= _weight(value)
        if room < 0:
            return Unknown("too long once its references are filled in")
    parts.append(Literal(text[position:]))
    return join(parts)


def interpolate_kubernetes(text: str) -> Value:
    """Read `$(NAME)` as Kubernetes does in the values of environment variables; `$$` is a dollar sign."""
    parts: list[Value] = []
    position = 0
    for match in _KUBERNETES.finditer(text):
        parts.append(Literal(text[position : match.start()]))
        parts.append(EnvironmentRead(match[1]) if match[1] else Literal("$"))
        position = match.end()
    parts.append(Literal(text[position:]))
    return join(parts)


def flat(value: Value) -> str:
    """`value` as one text: defaults are taken, what has none stays written as `${NAME}`."""
    match value:
        case Literal(value=content):
            return str(content)
        case Template(parts=parts):
            return "".join(flat(part) for part in parts)
        case EnvironmentRead(default=default) if default is not None:
            return flat(default)
        case EnvironmentRead(name=name):
            return f"${{{name}}}"
        case Choice(options=options) if options:
            return flat(options[0])
        case _:
            return ""


def is_known(value: Value) -> bool:
    """Whether `flat` gives the text itself: nothing in it is without a value or a default."""
    return not any(isinstance(part, EnvironmentRead) and part.default is None for part in walk(value)) and not any(
        isinstance(part, Unknown) for part in walk(value)
    )


def _reference(text: str, dollar: int, lookup: Lookup | None, depth: int) -> tuple[Value, int] | None:
    """The Value of the reference at `dollar` and where the text goes on, None when there is none."""
    braced = text.startswith("{", dollar + 1)
    name = _NAME.match(text, dollar + 2 if braced else dollar + 1)
    if name is None:
        return None
    if not braced:
        return _named(name[0], None, lookup), name.end()
    end = _closing_brace(text, name.end())
    if end < 0:
        return None
    if end == name.end():
        return _named(name[0], None, lookup), end + 1
    operator = _OPERATOR.match(text, name.end())
    if operator is None or depth >= NESTING_LIMIT:
        return None
    other = text[operator.end() : end]
    if operator[0].endswith("?"):
        return _named(name[0], None, lookup), end + 1
    alternative = interpolate(other, lookup, depth + 1)
    if operator[0].endswith("+"):
        return Choice((alternative, Literal(""))), end + 1
    return _named(name[0], alternative, lookup), end + 1


def _weight(value: Value) -> int:
    """Characters of the literals in `value`; of one with very many parts more than there is room for."""
    inner = list(islice(walk(value), PARTS_LIMIT + 1))
    if len(inner) > PARTS_LIMIT:
        return TEXT_LIMIT + 1
    return sum(len(str(part.value)) for part in inner if isinstance(part, Literal)) + TEXT_LIMIT // PARTS_LIMIT


def _named(name: str, default: Value | None, lookup: Lookup | None) -> Value:
    known = lookup(name) if lookup is not None else None
    return known if known is not None else EnvironmentRead(name, default)


def _closing_brace(text: str, position: int) -> int:
    """Where the brace opened before `position` closes, -1 when it does not."""
    depth = 1
    for index in range(position, min(len(text), position + REFERENCE_LIMIT)):
        if text[index] == "{" and text[index - 1] == "$":
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
    return -1
