"""Later calls on what a call gives: in the same expression, or where the function hands on what it was given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from commlint.model.values import CallResult, Literal
from commlint.resolve import arguments, locators
from commlint.resolve.entities import CallSite, Data, Entities, Function, unknown
from commlint.resolve.index import call_names
from commlint.resolve.use import Use

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_CHAIN = 30
MAX_CALLERS = 12
MAX_LEVELS = 3


def later(program: Program, use: Use, rest: str) -> Entities | None:
    """
    What a later call on the result of this one, in the same expression, is given: `call().timeout(5).block()`.

    Without an argument's place, true when there is such a call; None when there is none.
    """
    name, _, place = rest.partition("/")
    found = _named(program, use.site, name) if use.site is not None else None
    return _given(program, use, found, place) if found is not None else None


def returned(program: Program, use: Use, rest: str) -> Entities | None:
    """The same at the calls of the function that gives this result back; unknown where some of them say nothing."""
    name, _, place = rest.partition("/")
    sites = list(islice(_handed_on(program, use.site), MAX_CALLERS)) if use.site is not None else []
    each = [_named(program, site, name) for site in sites]
    if not any(each):
        return None
    if not all(each):
        return unknown("given on some ways only")
    return tuple(entity for site in each if site is not None for entity in _given(program, use, site, place) or ())


def _named(program: Program, site: CallSite, name: str) -> CallSite | None:
    """The later call of `name` on the result of a call."""
    return next((each for each in _chain(program, site) if call_names(program.call(each)) == name), None)


def _chain(program: Program, site: CallSite) -> Iterator[CallSite]:
    index = program.file(site.path)
    current: int | None = site.call
    for _ in range(MAX_CHAIN):
        current = index.called_on.get(current) if current is not None else None
        if current is None:
            return
        yield CallSite(site.path, current, site.frame)


def _handed_on(program: Program, site: CallSite, level: int = 0) -> Iterator[CallSite]:
    """The calls of the function that gives back what a call and those chained to it give, and so on outwards."""
    last = [site, *_chain(program, site)][-1]
    function = program.call(last).function
    exits = program.file(site.path).returns.get(function, ())
    if level == MAX_LEVELS or not any(each.value == CallResult(last.call) for each in exits):
        return
    for path, number in program.callers(Function(site.path, function)):
        caller = CallSite(path, number, program.open_frame(path, program.file(path).code.calls[number].function))
        yield caller
        yield from _handed_on(program, caller, level + 1)


def _given(program: Program, use: Use, site: CallSite, place: str) -> Entities | None:
    if not place:
        return (Data(Literal(True)),)
    kind, _, where = place.partition(":")
    given = arguments.collect(program, program.call(site).arguments, program.site_scope(site))
    return locators.argument(program, use, given, kind, where)
