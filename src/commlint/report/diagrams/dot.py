"""The graph for Graphviz."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from commlint.model.findings import Level
from commlint.report.escaping import visible
from commlint.report.port import Diagram
from commlint.report.view import ADDED, REMOVED, Arrow, GraphView, Node

_SHAPES = {"channel": "cylinder", "endpoint": "box", "consumer": "box", "external": "hexagon", "database": "cylinder"}
_STYLES: dict[str, dict[str, str]] = {"sync": {}, "connect": {"dir": "none"}}
_COLORS = {
    Level.ERROR.value: "#d1242f",
    Level.WARNING.value: "#bf8700",
    Level.NOTE.value: "#0969da",
    ADDED: "#1a7f37",
    REMOVED: "#d1242f",
}


class DotDiagram(Diagram):
    """Calls are solid arrows, messages dashed ones, reliance on infrastructure a plain line; services are clusters."""

    name: ClassVar[str] = "dot"

    def render(self, view: GraphView) -> str:
        ids = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
        lines = [
            "digraph commlint {",
            f'  graph [rankdir=LR, label="{_lines(view.notes or (view.title,))}"]',
            '  node [fontname="Helvetica", shape=box, style=rounded]',
            '  edge [fontname="Helvetica", fontsize=10]',
        ]
        for number, (service, nodes) in enumerate(view.clusters()):
            drawn = [f"  {ids[node.id]} {_attributes(_of_node(node))}" for node in nodes]
            if service:
                drawn = [
                    f"  subgraph cluster_{number} {{",
                    f"    label={_quoted(service)}",
                    *(f"  {line}" for line in drawn),
                    "  }",
                ]
            lines += drawn
        for arrow in view.edges:
            lines.append(f"  {ids[arrow.source]} -> {ids[arrow.target]} {_attributes(_of_arrow(arrow))}")
        return "\n".join([*lines, "}"]) + "\n"


def _of_node(node: Node) -> dict[str, str]:
    shape = {"shape": _SHAPES[node.kind], "style": "solid"} if node.kind in _SHAPES else {}
    return {"label": _lines(node.lines()), **shape, **_color(node)}


def _of_arrow(arrow: Arrow) -> dict[str, str]:
    style = _STYLES.get(arrow.kind, {"style": "dashed"})
    return {"label": _lines(arrow.lines()), **style, **_color(arrow)}


def _color(drawn: Node | Arrow) -> dict[str, str]:
    """That of the change, where two states are compared, or of the worst finding."""
    word = drawn.change or (drawn.marks[0].level.value if drawn.marks else "")
    if not word:
        return {}
    color = _COLORS[word]
    return {"color": color, "fontcolor": color, "penwidth": "2"}


def _attributes(values: Mapping[str, str]) -> str:
    written = (f'{key}="{text}"' if key == "label" else f"{key}={_quoted(text)}" for key, text in values.items())
    return f"[{', '.join(written)}]"


def _lines(lines: tuple[str, ...]) -> str:
    return "\\n".join(_escape(line) for line in lines if line)


def _quoted(text: str) -> str:
    return f'"{_escape(text)}"'


def _escape(text: str) -> str:
    """Graphviz reads quotes, backslashes and, in labels, HTML entities."""
    return visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
