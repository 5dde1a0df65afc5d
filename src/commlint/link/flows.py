"""Which entry of a service reaches which exit, by which calls, and whether the entry waits for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce

from commlint.link.calls import CallGraph, calls_between
from commlint.link.operations import Finished
from commlint.model.operations import STRAIGHT, CallEdge, Course, Loop, Role
from commlint.model.places import Region
from commlint.model.system import Flow

ENTRIES = (Role.SERVER, Role.CONSUMER)


def flows_of(service: str, operations: Iterable[Finished], graph: CallGraph) -> tuple[Flow, ...]:
    """All flows of one service, sorted by entry and exit."""
    entries: dict[str, list[str]] = defaultdict(list)
    exits: dict[str, list[Finished]] = defaultdict(list)
    for each in operations:
        if each.operation.role in ENTRIES:
            entries[each.operation.function].append(each.site.id)
        else:
            exits[each.operation.function].append(each)
    useful = graph.leading_to(exits)
    flows: list[Flow] = []
    for function, starts in sorted(entries.items()):
        waiting = graph.ways(function, lambda call: call.kind != "spawn" and call.callee in useful)
        any_way = graph.ways(function, lambda call: call.callee in useful) if graph.spawns else waiting
        for reached in sorted(exits.keys() & any_way.keys()):
            blocking = reached in waiting
            calls = calls_between(waiting if blocking else any_way, reached)
            flows.extend(_flow(service, start, each, calls, blocking) for start in starts for each in exits[reached])
    return tuple(sorted(flows, key=lambda flow: (flow.entry, flow.exit)))


def _flow(service: str, entry: str, each: Finished, calls: tuple[CallEdge, ...], blocking: bool) -> Flow:
    operation = each.operation
    lines: tuple[Region, ...] = (*(call.region for call in calls), *operation.via)
    loops: list[Loop | None] = [*(call.loop for call in calls), operation.loop]
    course = reduce(Course.then, (*(call.course for call in calls), operation.course), STRAIGHT)
    return Flow(
        service,
        entry,
        each.site.id,
        lines,
        blocking and operation.style != "spawned",
        next((loop.region for loop in loops if loop is not None and loop.kind == "data"), None),
        course,
    )
