"""CL903."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.places import Region
from commlint.model.system import UnresolvedCall as Unresolved


@dataclass(frozen=True)
class UnresolvedCall(Rule):
    """
    An outbound call leads to nobody knows where.

    What it flags:
        A call, send or receive whose target could not be bound to a service, channel or outside host, with the
        reason and the one line of configuration that would bind it.

    Why it matters:
        Chains end there and cycles are not seen, so every other rule knows less than it could.

    Example:
        ```python
        requests.get(os.environ["INVENTORY_URL"] + "/stock", timeout=2)
        ```
        with no file that gives `INVENTORY_URL` a value.

    Instead:
        Add the file that gives the value to what is read, or bind it in the configuration.
        ```toml
        [hosts]
        INVENTORY_URL = "inventory"
        ```

    What it cannot see:
        Calls through libraries no model describes.

    References:
        - https://12factor.net/config
    """

    code: ClassVar[str] = "CL903"
    level: ClassVar[Level] = Level.NOTE

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        by_place: dict[tuple[Region, str], list[Unresolved]] = defaultdict(list)
        for call in graph.system.unresolved:
            by_place[call.region, call.label].append(call)
        for (region, label), calls in sorted(by_place.items(), key=lambda item: item[0]):
            yield self.finding(
                f"{label or 'a call'} leads nowhere known: {calls[0].reason}",
                region,
                {_without_service(call) for call in calls},
                help=calls[0].hint or "bind its target in `hosts` of the configuration",
                services=[call.service for call in calls],
            )


def _without_service(call: Unresolved) -> str:
    return call.operation.removeprefix(f"service:{call.service}/")
