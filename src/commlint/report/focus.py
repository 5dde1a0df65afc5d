"""The part of a system around one of its nodes."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace

from commlint.errors import UsageError, nearest
from commlint.model.system import System
from commlint.report.ends import Ends, infrastructure_of, peers


def around(system: System, name: str, depth: int) -> System:
    """
    The system within `depth` steps of the service, channel or external called `name`, direction ignored.

    From service to service through a channel is one step. Shared infrastructure is no way through.

    Raises:
        UsageError: nothing is called that.
    """
    start = _find(system, name)
    closed = infrastructure_of(system) - start
    channels = {channel.id for channel in system.channels}
    neighbours: dict[str, set[str]] = defaultdict(set)
    ends = Ends(system, endpoints=False)
    for edge in system.edges:
        for source, target in ends.of(edge):
            neighbours[source].add(target)
            neighbours[target].add(source)
    steps = dict.fromkeys(sorted(start), 0)
    pending = deque(steps)
    while pending:
        node = pending.popleft()
        if node in closed:
            continue
        cost = 0 if node in channels and node not in start else 1
        for neighbour in sorted(neighbours[node]):
            if steps[node] + cost < steps.get(neighbour, depth + 1):
                steps[neighbour] = steps[node] + cost
                # Free steps go first, so that a node is left with the fewest steps to it.
                pending.append(neighbour) if cost else pending.appendleft(neighbour)
    return _restrict(system, frozenset(steps))


def _find(system: System, name: str) -> frozenset[str]:
    called: dict[str, set[str]] = defaultdict(set)
    for peer in peers(system):
        called[peer.name].add(peer.id)
    for channel in system.channels:
        called[channel.name].add(channel.id)
    for service in system.services:
        for alias in service.aliases:
            if alias not in called or called[alias] == {service.id}:
                called[alias].add(service.id)
    for id in (*(peer.id for peer in peers(system)), *(channel.id for channel in system.channels)):
        called[id] = {id}
    if name not in called:
        raise UsageError(f'no service, channel or external is called "{name}"{nearest(name, called)}')
    return frozenset(called[name])


def _restrict(system: System, kept: frozenset[str]) -> System:
    """Only what is in or between the nodes kept."""
    ends = Ends(system, endpoints=False)
    services = {service.name for service in system.services if service.id in kept}
    return replace(
        system,
        services=tuple(service for service in system.services if service.id in kept),
        operations=tuple(operation for operation in system.operations if operation.service in services),
        endpoints=tuple(endpoint for endpoint in system.endpoints if endpoint.service in services),
        channels=tuple(channel for channel in system.channels if channel.id in kept),
        externals=tuple(external for external in system.externals if external.id in kept),
        edges=tuple(edge for edge in system.edges if any(kept.issuperset(pair) for pair in ends.of(edge))),
        flows=tuple(flow for flow in system.flows if flow.service in services),
        unresolved=tuple(call for call in system.unresolved if call.service in services),
    )
