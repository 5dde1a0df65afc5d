"""
Uses that are no operations but decide what one means: acknowledgements, guards, transactions, sleeps.

Channels that code declares stand here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from commlint.model.operations import UNKNOWN, ChannelSite, Policy, Step
from commlint.model.places import Region
from commlint.model.values import Unknown, Value
from commlint.recognize import addresses, frames, keyed, policies, surroundings, uses
from commlint.recognize.policies import Taints
from commlint.resolve import worth
from commlint.resolve.conditions import holds
from commlint.resolve.entities import CallSite, Frame, Function, Object, Type, function_id
from commlint.resolve.locators import locate
from commlint.resolve.program import Program
from commlint.resolve.use import Use

STEPS = frozenset({"acknowledge", "reject", "commit", "guard", "transaction", "sleep", "instrument"})
DECLARING = frozenset({"declare", "bind"})
_NO_TAINTS = Taints({})


def of_call(program: Program, site: CallSite) -> Iterator[Step]:
    """The steps a call makes; a helper that is handed its object is understood through its callers."""

    def look(frame: Frame) -> tuple[tuple[Use, ...], tuple[Value, ...]]:
        here = CallSite(site.path, site.call, frame)
        entities = program.callee(here.path, here.call, here.frame)
        opened = (worth.as_value(program, entities),) if uses.is_open(entities) else ()
        return tuple(use for use in uses.of_call(program, here) if use.match.site.role in STEPS), opened

    region = Region.of(site.path, program.call(site).extent)
    function = function_id(site.path, site.frame.function)
    for _, (found, _opens) in frames.expand(program, site.frame, look, lambda seen: seen[1]):
        for use in found:
            if holds(program, use):
                near = surroundings.around(program, site)
                style = "offloaded" if near.kind == "offload" else use.match.site.style or "blocking"
                yield replace(_step(use, function, region, near.handled, style), clause=near.clause)


def _step(use: Use, function: str, region: Region, handled: bool, style: str) -> Step:
    site = use.match.site
    give = site.give
    remedy = give.remedy() if give else None
    return Step(site.role, site.detail, function, region, use.match.model.library, handled, style, remedy=remedy)


def of_decorator(program: Program, use: Use) -> Iterator[Step]:
    """A guard or transaction put around a whole function, or every method of a class."""
    if use.match.site.role not in STEPS or use.match.site.role == "instrument":
        return
    decorated = use.decorated
    if isinstance(decorated, Function):
        functions = [decorated]
    elif isinstance(decorated, (Type, Object)):
        owner = decorated if isinstance(decorated, Type) else decorated.type
        index = program.file(owner.path)
        functions = [Function(owner.path, each.name) for each in index.code.functions if each.owner == owner.name]
    else:
        return
    for function in functions:
        extent = program.function(function).extent
        region = Region(function.path, extent.start_line, extent.start_column, extent.start_line, extent.start_column)
        yield _step(use, function.id, region, False, "blocking")


def of_handler(program: Program, path: str, block: int) -> Iterator[Step]:
    """A guard that an exception handler is: it catches what a database says about a second time."""
    for use in uses.of_except(program, path, block):
        entry = program.file(path).code.blocks[block]
        line, column = entry.extent.start_line, entry.extent.start_column
        yield _step(use, function_id(path, entry.function), Region(path, line, column, line, column), True, "blocking")


def channels(program: Program, site: CallSite) -> Iterator[ChannelSite]:
    """The channels and bindings a call declares, one for each caller that names another."""

    def look(frame: Frame) -> tuple[tuple[tuple[Use, ChannelSite], ...], tuple[Value, ...]]:
        here = CallSite(site.path, site.call, frame)
        entities = program.callee(here.path, here.call, here.frame)
        opens = [worth.as_value(program, entities)] if uses.is_open(entities) else []
        seen = []
        for use in uses.of_call(program, here):
            if use.match.site.role in DECLARING and holds(program, use):
                channel = channel_site(program, use)
                seen.append((use, channel))
                opens.extend(v for v in (channel.channel, channel.exchange, channel.routing_key) if v is not None)
        return tuple(seen), tuple(opens)

    for frame, (seen, _opens) in frames.expand(program, site.frame, look, lambda found: found[1]):
        for _use, channel in seen:
            yield from _by_key(program, CallSite(site.path, site.call, frame), channel)


def _by_key(program: Program, site: CallSite, channel: ChannelSite) -> Iterator[ChannelSite]:
    """A binding; where its key is one of a mapping that others fill, one for each that they put in."""
    found = list(keyed.keys(program, site)) if isinstance(channel.routing_key, Unknown) else []
    for key, frame in found:
        yield replace(channel, routing_key=key, decided=frames.deciding_file(frame, site.path))
    if not found:
        yield channel


def channel_site(program: Program, use: Use) -> ChannelSite:
    """A declaration as its model describes it."""
    site = use.match.site
    address = addresses.address(program, use)
    options = site.policies

    def told(name: str) -> Policy:
        return policies.policy(program, use, options[name], name, _NO_TAINTS) if name in options else UNKNOWN

    region = (
        Region.of(use.site.path, program.call(use.site).extent)
        if use.site is not None
        else Region(use.scope.path, use.scope.line or 1)
    )
    kind = "binding" if site.role == "bind" else site.detail or ("queue" if address.channel is not None else "exchange")
    # Rules that send on what comes are told whole, and by no name.
    channel = _whole(program, use, site.address.channel) if kind == "routes" else address.channel
    return ChannelSite(
        kind=kind,
        protocol=site.protocol,
        function=function_id(use.scope.path, use.scope.frame.function),
        region=region,
        channel=channel,
        exchange=address.exchange,
        routing_key=address.routing_key,
        dead_letter=told("dead_letter"),
        redelivery_limit=told("redelivery_limit"),
        durable=told("durable"),
        ephemeral=told("ephemeral"),
        decided=frames.deciding_file(use.scope.frame, use.scope.path),
    )


def _whole(program: Program, use: Use, locator: str) -> Value:
    return worth.as_value(program, locate(program, use, locator) or ())
