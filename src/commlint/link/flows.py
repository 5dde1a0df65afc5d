"""Which entry of a service reaches which exit, by which calls, and whether the entry waits for it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from commlint.link.operations import Finished
from commlint.link.programs import path_of
from commlint.model.operations import CallEdge, Loop, Recognition, Role
from commlint.model.places import Region
from commlint.model.system import Flow

ENTRIES = (Role.SERVER, Role.CONSUMER)


@dataclass(frozen=True, slots=True)
class Way:
    """How a function is reached: the function before it and the call, None at the start."""

    before: str
    call: CallEdge | None


class CallGraph:
    """The calls between the functions that one service may run."""

    def __init__(self, recognition: Recognition, files: frozenset[str]) -> None:
        self.callers: dict[str, list[CallEdge]] = defaultdict(list)
        self.callees: dict[str, list[CallEdge]] = defaultdict(list)
        for call in recognition.calls:
            if path_of(call.caller) in files and path_of(call.callee) in files:
                self.callees[call.caller].append(call)
                self.callers[call.callee].append(call)

    def ways(self, start: str, along: Callable[[CallEdge], bool]) -> dict[str, Way]:
        """Every function that `start` reaches, with the shortest way there; circles do no harm."""
        found = {start: Way("", None)}
        pending = deque((start,))
        while pending:
            function = pending.popleft()
            for call in self.callees.get(function, ()):
                if call.callee not in found and along(call):
                    found[call.callee] = Way(function, call)
                    pending.append(call.callee)
        return found


def calls_between(ways: Mapping[str, Way], function: str) -> tuple[CallEdge, ...]:
    """The calls on the way to `function`, in order."""
    found: list[CallEdge] = []
    way = ways[function]
    while way.call is not None:
        found.append(way.call)
        way = ways[way.before]
    return tuple(reversed(found))


def flows_of(service: str, operations: Iterable[Finished], graph: CallGraph) -> tuple[Flow, ...]:
    """All flows of one service, sorted by entry and exit."""
    entries: dict[str, list[str]] = defaultdict(list)
    exits: dict[str, list[Finished]] = defaultdict(list)
    for each in operations:
        if each.operation.role in ENTRIES:
            entries[each.operation.function].append(each.site.id)
        else:
            exits[each.operation.function].append(each)
    flows: list[Flow] = []
    for function, starts in sorted(entries.items()):
        waiting = graph.ways(function, _waits)
        any_way = graph.ways(function, lambda call: True)
        for reached in sorted(set(any_way) & set(exits)):
            blocking = reached in waiting
            calls = calls_between(waiting if blocking else any_way, reached)
            flows.extend(_flow(service, start, each, calls, blocking) for start in starts for each in exits[reached])
    return tuple(sorted(flows, key=lambda flow: (flow.entry, flow.exit)))


def _waits(call: CallEdge) -> bool:
    return call.kind != "spawn"


def _flow(service: str, entry: str, each: Finished, calls: tuple[CallEdge, ...], blocking: bool) -> Flow:
    operation = each.operation
    lines: tuple[Region, ...] = (*(call.region for call in calls), *operation.via)
    loops: list[Loop | None] = [*(call.loop for call in calls), operation.loop]
    return Flow(
        service,
        entry,
        each.site.id,
        lines,
        blocking and operation.style != "spawned",
        next((loop.region for loop in loops if loop is not None and loop.kind == "data"), None),
    )
