"""The graph for other programs."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from commlint.report.escaping import to_json
from commlint.report.graph_document import document
from commlint.report.graph_v1 import ChangedEdgeV1, ChangesV1
from commlint.report.port import Diagram
from commlint.report.view import ADDED, REMOVED, GraphView


class JsonDiagram(Diagram):
    """
    The versioned JSON document.

    It carries everything in focus, infrastructure too, whatever the level: drawings choose, programs choose for
    themselves.
    """

    name: ClassVar[str] = "json"

    def render(self, view: GraphView) -> str:
        whole = document(view.system)
        if view.changed:
            whole = msgspec.structs.replace(whole, changes=_changes(view))
        return to_json(msgspec.to_builtins(whole))


def _changes(view: GraphView) -> ChangesV1:
    labels = {node.id: node.label for node in view.nodes}
    return ChangesV1(
        edges=tuple(
            ChangedEdgeV1(
                change="added" if arrow.change == ADDED else "removed",
                source=labels[arrow.source],
                target=labels[arrow.target],
                kind=arrow.kind,
                protocol=arrow.protocol,
                label=arrow.label,
            )
            for arrow in view.edges
        ),
        added_nodes=tuple(node.label for node in view.nodes if node.change == ADDED),
        removed_nodes=tuple(node.label for node in view.nodes if node.change == REMOVED),
        notes=view.notes,
    )
