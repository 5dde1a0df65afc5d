"""Bounds that travel with a request: what a handler does in turn is bounded by whoever asked it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from commlint.link.operations import Finished
from commlint.model.operations import Confidence, Policy, State
from commlint.model.system import Edge, Endpoint, Flow

_PERHAPS = Policy(State.UNKNOWN, source="context", detail="whoever sends the request may bound it")


def carried(
    operations: Sequence[Finished], endpoints: Iterable[Endpoint], edges: Iterable[Edge], flows: Iterable[Flow]
) -> tuple[Finished, ...]:
    """
    The operations, those that a bound of their callers may hold for told so.

    Who has no caller in the system may be asked by others: that nothing bounds it is likely and not certain.
    """
    asking = [each for each in operations if _is_open(each)]
    if not asking:
        return tuple(operations)
    callers = _callers(asking, endpoints, edges, flows)
    perhaps = _bounded(operations, callers)
    return tuple(
        _told(each, bool(callers[each.site.id]), each.site.id in perhaps) if _is_open(each) else each
        for each in operations
    )


def _is_open(each: Finished) -> bool:
    timeout = each.site.policies.timeout
    return timeout.carried and timeout.state is State.UNSET


def _callers(
    asking: Iterable[Finished], endpoints: Iterable[Endpoint], edges: Iterable[Edge], flows: Iterable[Flow]
) -> dict[str, set[str]]:
    """The calls that have the requests sent in which an operation runs, by its id."""
    endpoint = {each.operation: each.id for each in endpoints}
    sending: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.source:
            sending[edge.target].add(edge.source)
    found: dict[str, set[str]] = {each.site.id: set() for each in asking}
    for flow in flows:
        if flow.exit in found and flow.entry in endpoint:
            found[flow.exit] |= sending[endpoint[flow.entry]]
    return found


def _bounded(operations: Iterable[Finished], callers: Mapping[str, set[str]]) -> set[str]:
    """The operations that have, or may have, a bound of their own or of one of their callers."""
    found = {each.site.id for each in operations if each.site.policies.timeout.state is not State.UNSET}
    while more := {each for each, asked in callers.items() if each not in found and asked & found}:
        found |= more
    return found


def _told(each: Finished, is_called: bool, perhaps: bool) -> Finished:
    site = each.site
    if perhaps:
        return replace(each, site=replace(site, policies=replace(site.policies, timeout=_PERHAPS)))
    if is_called or site.operation.confidence is not Confidence.CERTAIN:
        return each
    return replace(each, site=replace(site, operation=replace(site.operation, confidence=Confidence.LIKELY)))
