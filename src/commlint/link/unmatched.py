"""Names of the traces that are none of the system, explained: what is not matched is not confirmed either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from commlint.link.seen import UNNAMED, Nodes
from commlint.model.facts import Notice
from commlint.model.observations import Observations
from commlint.model.system import System

TOLD: Final = 5
"""Names of a notice."""

SERVICES: Final = (
    "traces: no service that was read is called {}; where one of them is meant, give it this name under `aliases` "
    "in the configuration"
)
OPERATIONS: Final = "traces: no endpoint of {} that was read is {}"
CHANNELS: Final = "traces: no channel that was read is called {}"


def unmatched(system: System, observations: Observations, nodes: Nodes) -> Iterator[Notice]:
    """What of the observations has no counterpart in a system that code or declarations account for."""
    known = {service.name for service in system.services}
    named = [name for name, _ in observations.services if not name.startswith(UNNAMED)]
    if known and (new := sorted(name for name in named if name in nodes.services)):
        yield Notice("", 0, SERVICES.format(_listed(new)))
    if system.channels and nodes.channels:
        yield Notice("", 0, CHANNELS.format(_listed(sorted(each.name for each in nodes.channels.values()))))
    offering = {endpoint.service for endpoint in system.endpoints}
    unknown: dict[str, set[str]] = defaultdict(set)
    for entry in observations.entries:
        service = nodes.known(entry.operation.service)
        if entry.operation.role == "server" and service in offering and not nodes.endpoint(service, entry.operation):
            unknown[service].add(entry.operation.name)
    for service, operations in sorted(unknown.items()):
        # Probes and pages that a framework serves by itself are no reason to do anything.
        yield Notice("", 0, OPERATIONS.format(service, _listed(sorted(operations))), minor=True)


def _listed(names: Iterable[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    more = f" and {len(quoted) - TOLD} more" if len(quoted) > TOLD else ""
    return ", ".join(quoted[:TOLD]) + more
