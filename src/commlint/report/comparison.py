"""Two states of a system as one drawing: what was added, what was removed, and how deep requests wait now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from commlint.graph import SystemGraph
from commlint.graph.hops import longest_chains
from commlint.model.system import System
from commlint.report.totals import count
from commlint.report.view import ADDED, REMOVED, Arrow, GraphView, Node

_DEEPER_SHOWN = 5

Key = tuple[str, ...]


def comparison(before: System, after: System, draw: Callable[[System], GraphView], since: str) -> GraphView:
    """
    The drawing of what is different; nodes are the ends of arrows that changed, and those that came or went.

    Args:
        draw: the drawing of one state.
        since: what the earlier state is called.
    """
    old, new = draw(before), draw(after)
    then, now = _by_key(old), _by_key(new)
    arrows = [
        *(replace(arrow, change=ADDED) for key, arrow in now.items() if key not in then),
        # What is gone is no finding any more.
        *(replace(arrow, change=REMOVED, marks=()) for key, arrow in then.items() if key not in now),
    ]
    nodes = tuple(_nodes(old, new, arrows))
    kept = {node.id for node in nodes}
    added = sum(arrow.change == ADDED for arrow in arrows)
    words = f"{count(added, 'edge')} added and {len(arrows) - added} removed since {since}"
    edges = tuple(sorted((arrow for arrow in arrows if {arrow.source, arrow.target} <= kept), key=_key))
    return replace(new, title=words, nodes=nodes, edges=edges, notes=(words, *_depth(before, after)), changed=True)


def _by_key(view: GraphView) -> dict[Key, Arrow]:
    return {_key(arrow): arrow for arrow in view.edges}


def _key(arrow: Arrow) -> Key:
    """What makes it the same arrow in both states: not how often it is coded, nor where."""
    return (arrow.source, arrow.target, arrow.kind, arrow.protocol)


def _nodes(old: GraphView, new: GraphView, arrows: list[Arrow]) -> Iterator[Node]:
    then = {node.id: node for node in old.nodes}
    now = {node.id: node for node in new.nodes}
    ends = {end for arrow in arrows for end in (arrow.source, arrow.target)}
    for id in sorted(then.keys() | now.keys()):
        if id not in then:
            yield replace(now[id], change=ADDED)
        elif id not in now:
            yield replace(then[id], change=REMOVED, marks=())
        elif id in ends:
            yield now[id]


def _depth(before: System, after: System) -> Iterator[str]:
    """How many services the longest row of calls that wait passes, and which requests wait longer than before."""
    then, now = _depths(before), _depths(after)
    deepest = max(then.values(), default=0), max(now.values(), default=0)
    yield f"longest row of waiting calls: {deepest[0]} → {deepest[1]} services"
    deeper = sorted(
        ((now[title], title) for title in now if title in then and now[title] > then[title]),
        key=lambda one: (-one[0], one[1]),
    )
    for depth, title in deeper[:_DEEPER_SHOWN]:
        yield f"{title}: {then[title]} → {depth} services"
    if len(deeper) > _DEEPER_SHOWN:
        yield f"and {len(deeper) - _DEEPER_SHOWN} more that wait longer"


def _depths(system: System) -> Mapping[str, int]:
    """What waits, as a person would say it → how many services it waits through, itself included."""
    gateways = frozenset(service.name for service in system.services if service.kind == "gateway")
    found: dict[str, int] = {}
    for chain in longest_chains(SystemGraph(system).hops, gateways).values():
        title = chain.hops[0].title
        passed = sum(name not in gateways for name in chain.services)
        found[title] = max(found.get(title, 0), passed)
    return found
