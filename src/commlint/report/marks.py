"""What findings mark: edges where there is one, else the node they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from commlint.model.findings import Finding, Level
from commlint.model.operations import Role
from commlint.model.system import System


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as a drawing shows it."""

    code: str
    level: Level


def ordered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Each mark once, worst first."""
    return tuple(sorted(set(marks), key=lambda mark: (-mark.level.rank, mark.code)))


class Marks:
    """
    Which findings stand on which edges and nodes.

    A finding that names edges, or operations at the near end of edges, marks these. What it names besides
    is marked as a node; where the drawing has no such node, the service it belongs to is.

    Args:
        endpoints: endpoints and consumers are nodes of the drawing.
    """

    def __init__(self, system: System, findings: Iterable[Finding], endpoints: bool) -> None:
        self._endpoints = endpoints
        self._edges_of: dict[str, list[str]] = defaultdict(list)
        for edge in system.edges:
            self._edges_of[edge.id].append(edge.id)
            if edge.source:
                self._edges_of[edge.source].append(edge.id)
        self._service_of = {endpoint.id: endpoint.service for endpoint in system.endpoints}
        self._endpoints_of: dict[str, list[str]] = defaultdict(list)
        for endpoint in system.endpoints:
            self._endpoints_of[endpoint.operation].append(endpoint.id)
        self._without_node = {
            operation.id for operation in system.operations if operation.operation.role is not Role.CONSUMER
        }
        self._valued: dict[str, list[str]] = defaultdict(list)
        for operation in system.operations:
            self._service_of[operation.id] = operation.service
            self._valued[operation.operation.id].append(operation.id)
        self._on_edges: dict[str, set[Mark]] = defaultdict(set)
        self._on_nodes: dict[str, set[Mark]] = defaultdict(set)
        for finding in findings:
            self._place(finding)

    def edge(self, edge: str) -> frozenset[Mark]:
        """What stands on the edge of this id."""
        return frozenset(self._on_edges.get(edge, ()))

    def node(self, node: str) -> frozenset[Mark]:
        """What stands on the node of this id, edges not counted."""
        return frozenset(self._on_nodes.get(node, ()))

    def _place(self, finding: Finding) -> None:
        mark = Mark(finding.code, finding.level)
        services = finding.services or ((finding.service,) if finding.service else ())
        subjects = [valued for subject in finding.subjects for valued in self._as_valued(subject, services)]
        if not subjects:
            subjects = [f"service:{service}" for service in services]
        for subject in subjects:
            edges = self._edges_of.get(subject)
            if edges:
                for edge in edges:
                    self._on_edges[edge].add(mark)
                continue
            for node in self._nodes_of(subject):
                self._on_nodes[node].add(mark)

    def _nodes_of(self, subject: str) -> tuple[str, ...]:
        owner = self._service_of.get(subject)
        if owner is None:
            return (subject,)
        parts = self._endpoints_of.get(subject) or ([] if subject in self._without_node else [subject])
        if self._endpoints and parts:
            return tuple(parts)
        return (f"service:{owner}",)

    def _as_valued(self, subject: str, services: tuple[str, ...]) -> list[str]:
        """An operation may be named as it stands in the code; it is then meant as `services` run it."""
        valued = self._valued.get(subject, [])
        own = [operation for operation in valued if self._service_of[operation] in services]
        return own or valued or [subject]
