"""Objects of a mesh that hand over to others: the rules of those, in the place and under the matches of the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from commlint.link.declared import Placed
from commlint.model.places import Region
from commlint.model.traffic import RouteMatch, TrafficPolicy


@dataclass(frozen=True, slots=True)
class Ordered:
    """A rule with the object in which it is tried, and its turn there."""

    placed: Placed[TrafficPolicy]
    object: tuple[str, str, str]
    turn: tuple[Region, ...]


def delegated(placed: Iterable[Placed[TrafficPolicy]]) -> list[Ordered]:
    """The rules, those of a delegate in the place of the one that hands over to it."""
    rules = list(placed)
    inner: dict[str, list[Placed[TrafficPolicy]]] = defaultdict(list)
    for each in rules:
        if not each.item.hosts:
            inner[each.item.name].append(each)
    found: list[Ordered] = []
    taken: set[int] = set()
    for each in rules:
        here = (each.path, each.item.kind, each.item.name)
        several = list(_delegates(each.item, inner)) if each.item.delegate and each.item.hosts else []
        for one in several:
            taken.add(id(one))
            found.extend(
                Ordered(Placed(one.path, rule), here, (each.region, one.region)) for rule in _under(each.item, one.item)
            )
        if each.item.hosts and not several:
            found.append(Ordered(each, here, (each.region,)))
    alone = (each for each in rules if not each.item.hosts and id(each) not in taken)
    found.extend(Ordered(each, (each.path, each.item.kind, each.item.name), (each.region,)) for each in alone)
    return found


def _delegates(root: TrafficPolicy, inner: dict[str, list[Placed[TrafficPolicy]]]) -> Iterator[Placed[TrafficPolicy]]:
    namespace, _, name = root.delegate.rpartition("/")
    for each in inner.get(name, ()):
        if not (namespace and each.item.namespace) or each.item.namespace == namespace:
            yield each


def _under(root: TrafficPolicy, inner: TrafficPolicy) -> Iterator[TrafficPolicy]:
    """A rule for what both let through, with what the root says where the delegate says nothing; none when nothing."""
    pairs = product(root.matches or (RouteMatch(),), inner.matches or (RouteMatch(),))
    matches = tuple(filter(None, (_both(*pair) for pair in pairs)))
    if not matches:
        return
    yield replace(
        inner,
        hosts=root.hosts,
        gateways=root.gateways,
        visible=root.visible,
        matches=() if matches == (RouteMatch(),) else matches,
        timeout=inner.timeout or root.timeout,
        per_try=inner.per_try if inner.retries is not None else root.per_try,
        retries=inner.retries if inner.retries is not None else root.retries,
        retry_on=inner.retry_on or root.retry_on,
    )


def _both(root: RouteMatch, inner: RouteMatch) -> RouteMatch | None:
    """The requests that both take; None when a delegate asks for paths or methods outside of its root."""
    if root.how and inner.how and not _is_inside(root, inner):
        return None
    methods = tuple(each for each in inner.methods if each in root.methods) if root.methods else inner.methods
    if root.methods and inner.methods and not methods:
        return None
    path = inner if inner.how else root
    return RouteMatch(
        path.path,
        path.how,
        methods or root.methods,
        root.partly or inner.partly,
        path.any_case,
        inner.port or root.port,
        inner.gateways or root.gateways,
    )


def _is_inside(root: RouteMatch, inner: RouteMatch) -> bool:
    if root.how == "prefix":
        return inner.how == "pattern" or inner.path.startswith(root.path)
    return (root.how, root.path) == (inner.how, inner.path)
