"""CL103."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

from commlint.check.rule import Rule, option
from commlint.check.sightings import duration
from commlint.graph import SystemGraph, Wait, longest_waits, number
from commlint.model.findings import Finding, Level, Related
from commlint.model.places import Region
from commlint.model.system import Edge, Endpoint, ServiceOperation

ROUNDING: Final = 1e-6
"""Seconds that sums of bounds may differ in by the way numbers are kept."""


class _Inversion(NamedTuple):
    seconds: float
    bound: float
    call: ServiceOperation
    edge: Edge
    endpoint: Endpoint
    waits: tuple[Wait, ...]


@dataclass(frozen=True)
class TimeoutInversion(Rule):
    """
    A call gives up before its callee has to.

    What it flags:
        A call whose bound is shorter than what its callee may wait for calls of its own, one behind the other: the sum
        of their bounds, each times its attempts. Where the bound of such a call is not known and traces are given, what
        they saw one call of a hundred take stands for it.

    Why it matters:
        The caller has gone, reports an error and perhaps tries again, while the callee goes on waiting, and writes,
        charges or sends in the end. Work is done for nobody, twice as much under load, and the two disagree about
        what has happened.

    Example:
        orders waits two seconds for billing. To answer, billing waits up to two seconds for the ledger and then up to
        three for the bank.

    Instead:
        Let bounds become shorter from hop to hop: the caller's longer than all that its callee may wait for, or the
        callee's within what is left of the caller's deadline (gRPC hands it on). What may take longer belongs behind
        a message or a status to ask for.

    What it cannot see:
        Bounds that are only known at run time count as nothing, and so does the callee's own work. Of calls on
        different branches, side by side, or under one deadline only the longest counts, and a call in a loop counts
        once. That a callee ends its own calls when its caller goes: give the reason in an inline ignore.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/#xref_cascading-failure_latency-and-deadlines
        - https://grpc.io/docs/guides/deadlines/
    """

    code: ClassVar[str] = "CL103"
    level: ClassVar[Level] = Level.WARNING
    tolerance: float = option(0.0, "seconds a callee may take longer than its caller waits")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        by_place: dict[Region, list[_Inversion]] = defaultdict(list)
        for edge in graph.system.edges:
            found = self._inversion(edge, graph)
            if found is not None:
                by_place[found.call.operation.region].append(found)
        for _, several in sorted(by_place.items()):
            worst = max(several, key=lambda each: each.seconds - each.bound)
            yield self._finding(worst, several, graph)

    def _inversion(self, edge: Edge, graph: SystemGraph) -> _Inversion | None:
        call, endpoint = graph.operations.get(edge.source), graph.endpoints.get(edge.target)
        bound = number(call.policies.timeout, max) if call and edge.kind == "sync" else None
        if call is None or endpoint is None or not bound:
            return None
        # A call that leads back to itself waits for its own bound, and for no other.
        waits = tuple(wait for wait in longest_waits(graph, endpoint.operation) if wait.call.id != call.id)
        seconds = sum(wait.seconds for wait in waits)
        inverted = seconds > bound + max(self.tolerance, ROUNDING)
        return _Inversion(seconds, bound, call, edge, endpoint, waits) if inverted else None

    def _finding(self, found: _Inversion, several: Sequence[_Inversion], graph: SystemGraph) -> Finding:
        call, policy = found.call, found.call.policies.timeout
        default = policy.source.startswith("default")
        source = (policy.detail or policy.source) if default else f"set by the {policy.source}"
        answer = f"{found.endpoint.method} {found.endpoint.path}".strip()
        waits = ", ".join(f"{_told(wait)} for {wait.call.label}" for wait in found.waits)
        return self.finding(
            f"{call.label} gives up after {duration(found.bound)} ({source}), "
            f"while {answer} of {found.endpoint.service} may wait {duration(found.seconds)}: {waits}{_seen(found)}",
            call.operation.region,
            {part for each in several for part in (each.call.id, each.endpoint.operation)},
            help="let the caller wait longer than its callee may, or shorten the bounds behind it",
            confidence=min(
                (found.edge.confidence, *(wait.call.operation.confidence for wait in found.waits)),
                key=lambda confidence: confidence.rank,
            ),
            related=[_related(wait, graph) for wait in found.waits],
            services=[each.call.service for each in several],
        )


def _told(wait: Wait) -> str:
    """`3 × 2.0 s`."""
    times = f"{wait.attempts:g} × " if wait.attempts > 1 else ""
    return f"{times}{duration(wait.each)}" + (" (p99 in the traces)" if wait.is_seen else "")


def _seen(found: _Inversion) -> str:
    """What traces saw of it: what the callee's calls take together, if all of them were seen."""
    seen = [wait.seen for wait in found.waits if wait.seen is not None]
    if len(seen) < len(found.waits):
        return ""
    return f"; in the traces that is {duration(sum(each.p95 for each in seen))} (sum of p95)"


def _related(wait: Wait, graph: SystemGraph) -> Related:
    entry = graph.operations[wait.flow.entry]
    return Related(wait.call.operation.region, f"{entry.label} of {wait.call.service} waits up to {_told(wait)} here")
