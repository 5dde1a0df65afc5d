"""What people call an edge: the endpoint it reaches, or the operation it starts at."""

from __future__ import annotations

from collections import Counter

from commlint.model.system import Edge, System


class Labels:
    """Edge → label, "" when nothing names it."""

    def __init__(self, system: System) -> None:
        self._endpoints = {endpoint.id: f"{endpoint.method} {endpoint.path}".strip() for endpoint in system.endpoints}
        self._operations = {operation.id: operation.label for operation in system.operations}
        self._uses = Counter(edge.source for edge in system.edges)

    def of(self, edge: Edge) -> str:
        if edge.target in self._endpoints:
            return self._endpoints[edge.target]
        # An operation with several targets is called after one of them, which would be wrong for the others.
        return self._operations.get(edge.source, "") if self._uses[edge.source] == 1 else ""

    def is_endpoint(self, node: str) -> bool:
        """Whether a node is an endpoint, which says itself what is called."""
        return node in self._endpoints
