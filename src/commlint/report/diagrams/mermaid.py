"""The graph as a Mermaid flowchart, small enough for GitHub to draw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from commlint.model.findings import Level
from commlint.report.escaping import shorten, visible
from commlint.report.port import Diagram
from commlint.report.shrink import collapsed, merged, most_connected
from commlint.report.view import ADDED, REMOVED, Arrow, GraphView, Node

_CHARACTERS = 50_000
_EDGES = 500
_LABEL = 60
_CURE = "Ask for a part of it with --focus."
_SHAPES = {
    "channel": ('[("', '")]'),
    "endpoint": ('["', '"]'),
    "consumer": ('(["', '"])'),
    "external": ('{{"', '"}}'),
    "gateway": ('[/"', '"\\]'),
}
_LINES = {"sync": "-->", "connect": "---"}
_SERVICE = ('("', '")')
_COLORS = {
    Level.ERROR.value: "#d1242f",
    Level.WARNING.value: "#bf8700",
    Level.NOTE.value: "#0969da",
    ADDED: "#1a7f37",
    REMOVED: "#d1242f",
}
# All that Mermaid or the Markdown in it gives no meaning to inside a quoted label; the rest becomes an entity.
_UNENCODED = frozenset(" ,./={}()?!+-^'")


class MermaidDiagram(Diagram):
    """
    Calls are solid arrows, messages dotted ones, reliance on infrastructure a plain line; channels are cylinders.

    GitHub draws up to 50,000 characters and 500 edges. A larger graph is collapsed to services, then parallel
    edges are merged, then only the most connected nodes are kept; a note in the drawing says so.
    """

    name: ClassVar[str] = "mermaid"

    def render(self, view: GraphView) -> str:
        note = ""
        for smaller, said in _smaller(view):
            view, note = smaller, said
            text = _flowchart(view, note)
            if len(view.edges) <= _EDGES and _length(text) <= _CHARACTERS:
                return text
        return _flowchart(most_connected(view, 0), note)


def _smaller(view: GraphView) -> Iterator[tuple[GraphView, str]]:
    yield view, "" if view.nodes else "Nothing is in view."
    if view.level == "endpoint":
        view = collapsed(view)
        yield view, f"Too large to draw by endpoint, so services are shown. {_CURE}"
    view = merged(view)
    yield view, f"Too large to draw in full, so parallel edges are shown as one. {_CURE}"
    total = count = len(view.nodes)
    while count > 1:
        count = count * 9 // 10
        said = f"Too large to draw in full, so the {count} most connected of {total} nodes are shown. {_CURE}"
        yield most_connected(view, count), said


def _length(text: str) -> int:
    """As JavaScript counts it, which is where the limit is checked."""
    return len(text.encode("utf-16-le")) // 2


def _flowchart(view: GraphView, note: str) -> str:
    ids = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
    lines = [f"%% {_words(view.title)}", "flowchart LR"]
    if note:
        lines += [f"%% {_words(note)}", f'    cut["{_words(note)}"]']
    if view.notes:
        lines.append(f'    notes["{_text(view.notes)}"]')
    for number, (service, nodes) in enumerate(view.clusters()):
        drawn = [f"    {ids[node.id]}{_shape(node)}" for node in nodes]
        if service:
            title = _text((service,)) or "?"
            drawn = [f'    subgraph s{number}["{title}"]', *(f"    {line}" for line in drawn), "    end"]
        lines += drawn
    lines += [f"    {ids[arrow.source]} {_arrow(arrow)} {ids[arrow.target]}" for arrow in view.edges]
    return "\n".join([*lines, *_colors(view, ids)]) + "\n"


def _shape(node: Node) -> str:
    opening, closing = _SHAPES.get(node.kind, _SERVICE)
    text = _text(node.lines()) or "?"
    return f"{opening}{text}{closing}"


def _arrow(arrow: Arrow) -> str:
    line = _LINES.get(arrow.kind, "-.->")
    text = _text(arrow.lines())
    return f'{line}|"{text}"|' if text else line


def _colors(view: GraphView, ids: dict[str, str]) -> Iterator[str]:
    for word, color in _COLORS.items():
        nodes = [ids[node.id] for node in view.nodes if _word(node, view.changed) == word]
        arrows = [str(number) for number, arrow in enumerate(view.edges) if _word(arrow, view.changed) == word]
        if nodes:
            yield f"    classDef {word} stroke:{color},stroke-width:2px"
            yield f"    class {','.join(nodes)} {word}"
        if arrows:
            yield f"    linkStyle {','.join(arrows)} stroke:{color},stroke-width:2px"


def _word(drawn: Node | Arrow, changed: bool) -> str:
    """What decides on the colour: the change where two states are compared, else the worst finding."""
    if changed:
        return drawn.change
    return drawn.marks[0].level.value if drawn.marks else ""


def _text(lines: tuple[str, ...]) -> str:
    return "<br/>".join(escaped for line in lines if (escaped := _escape(line)))


def _escape(text: str) -> str:
    """A label nothing can break out of, and that is shown as it is written."""
    shown = shorten(visible(text), _LABEL).strip()
    last = len(shown) - 1
    return "".join(
        character if _harmless(shown, index, last) else f"#{ord(character)};" for index, character in enumerate(shown)
    )


def _harmless(text: str, index: int, last: int) -> bool:
    character = text[index]
    if character == "_":
        # Only at the edge of a word does it mean emphasis.
        return 0 < index < last and text[index - 1].isalnum() and text[index + 1].isalnum()
    if character in ".)-+" and (index == 0 or text[:index].isdigit()):
        return False  # would start a list
    if character == "." and text[max(index - 3, 0) : index].lower() == "www":
        return False  # would become a link
    if character == " " and text[:index].lower().endswith("direction"):
        return False  # "direction TB" is obeyed even inside quotes
    return character.isalnum() or character in _UNENCODED


def _words(text: str) -> str:
    """For comments and notes: nothing but words."""
    return "".join(character if character.isalnum() or character in " ,.-" else " " for character in visible(text))
