"""The graph for other programs."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from commlint.report.escaping import to_json
from commlint.report.graph_document import document
from commlint.report.port import Diagram
from commlint.report.view import GraphView


class JsonDiagram(Diagram):
    """
    The versioned JSON document.

    It carries everything in focus, infrastructure too, whatever the level: drawings choose, programs choose for
    themselves.
    """

    name: ClassVar[str] = "json"

    def render(self, view: GraphView) -> str:
        return to_json(msgspec.to_builtins(document(view.system)))
