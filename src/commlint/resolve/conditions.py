"""Words of models filled in for a use, and the conditions under which a site of a model holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commlint.model.values import (
    ConfigRead,
    Literal,
    Parameter,
    Reference,
    Unknown,
    Value,
)
from commlint.resolve import locators, worth
from commlint.resolve.entities import (
    Data,
    Entities,
    Made,
)
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

_INSIDE = re.compile(r"\{([^{}]+)\}")


def asked_by_callers(program: Program, use: Use, text: str) -> Entities | None:
    """The parameter that decides which section of the configuration is meant, None when none does."""
    for inside in _INSIDE.findall(text):
        entities = locators.locate(program, use, inside) if use.match.capture(inside) is None else None
        opened = [each for each in entities or () if isinstance(each, Data) and isinstance(each.value, Parameter)]
        if opened:
            return (opened[0],)
    return None


def filled_text(program: Program, use: Use, text: str) -> str:
    """`text` with every `{locator}` replaced by the literal there, `?` when it is not one."""

    def fill(found: re.Match[str]) -> str:
        captured = use.match.capture(found.group(1))
        if captured is not None or found.group(1) == "member":
            return captured if captured is not None else found.group(0)
        entities = locators.locate(program, use, found.group(1))
        if entities and isinstance(entities[0], Made):
            return entities[0].type.rpartition(".")[2]
        value = worth.as_value(program, entities) if entities else None
        if isinstance(value, ConfigRead):
            # A section of the configuration is told by its key.
            return value.key
        return str(value.value) if isinstance(value, Literal) else "?"

    return _INSIDE.sub(fill, text)


def filled(program: Program, use: Use, locator: str) -> Entities | None:
    """A locator, or a constant with `{capture}` or `{locator}` in it, as entities; `{member}` is left as it is."""
    if locator.startswith("const:") and "{" in locator:
        return (Data(Literal(filled_text(program, use, locator.removeprefix("const:")))),)
    return locators.locate(program, use, locator)


def holds(program: Program, use: Use) -> bool:
    """Whether every condition of the site's `when` is known to hold."""
    for locator, accepted in use.match.site.when.items():
        entities = locators.locate(program, use, locator)
        if entities is None:
            if "unset" not in accepted:
                return False
            continue
        if not _accepted(worth.as_value(program, entities), accepted):
            return False
    return True


def _accepted(value: Value, accepted: tuple[str, ...]) -> bool:
    if isinstance(value, (Unknown, Parameter)):
        return "unknown" in accepted
    if value == Literal(None):
        return "none" in accepted
    word = plain_word(value)
    refused = [each[1:] for each in accepted if each.startswith("!")]
    return "set" in accepted or word in accepted or (bool(refused) and word not in refused)


def plain_word(value: Value) -> str | None:
    """A literal, or the last segment of a library's name, as lower-case text; None for anything else."""
    match value:
        case Literal(value=plain):
            return str(plain).lower()
        case Reference(name=name):
            return name.rpartition(".")[2].lower()
        case _:
            return None
