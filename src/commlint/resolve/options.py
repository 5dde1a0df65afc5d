"""What a use says of one field of its model: a part of the address, a policy in seconds, how it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.libraries import Option
from commlint.model.values import (
    Choice,
    Literal,
)
from commlint.resolve import conditions, locators, worth
from commlint.resolve.entities import (
    Data,
    Entities,
    Made,
    Object,
)
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

SCALES = {
    "seconds": 1.0, "milliseconds": 0.001, "microseconds": 1e-6, "nanoseconds": 1e-9, "minutes": 60.0, "hours": 3600.0,
    "days": 86400.0, "ofseconds": 1.0, "ofmilliseconds": 0.001,
}  # fmt: skip
ADDRESS = ("url", "base", "host", "port", "channel", "exchange", "routing_key", "group", "method", "rpc")


def said(program: Program, use: Use, field: str) -> Entities | None:
    site = use.match.site
    if field == "style":
        return style(program, use)
    if field == "target":
        locator = site.target
    elif field == "handler":
        locator = site.handler.at if site.handler is not None and site.role == "configure" else ""
    elif field in ADDRESS:
        locator = getattr(site.address, field)
    else:
        option = site.policies.get(field)
        found = locators.locate(program, use, option.at) if option and option.at else None
        return scaled(program, found, scale(program, use, option)) if found and option else found
    return locators.locate(program, use, locator) if locator else None


def scale(program: Program, use: Use, option: Option) -> float:
    """What a number given for a policy is multiplied by to be seconds; the unit may be an argument too."""
    unit = option.unit
    if ":" in unit:
        told = locators.locate(program, use, unit)
        unit = (conditions.plain_word(worth.as_value(program, told)) or "") if told else "seconds"
    return SCALES.get(unit, 1.0)


def scaled(program: Program, found: Entities, factor: float) -> Entities:
    """A given number in another unit; what is no plain number stays a product."""
    if factor == 1.0 or any(isinstance(each, (Made, Object)) for each in found):
        return found
    value = worth.as_value(program, found)
    options = value.options if isinstance(value, Choice) else (value,)
    return tuple(Data(worth.times(each, factor)) for each in options)


def style(program: Program, use: Use) -> Entities | None:
    """How a use waits: the word its model states, or the word where its locator points."""
    told = use.match.site.style
    if isinstance(use.receiver, Made):
        told = program.library(use.scope.path).type_fact(use.receiver.type, "style") or told
    if not told:
        return None
    return locators.locate(program, use, told) if ":" in told else (Data(Literal(told)),)
