"""Names that tell services apart which several files call alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from commlint.link.groups import Group, is_deployment
from commlint.link.names import parent, plain

# What names of workloads end in that only say what kind of object they are.
_WORKLOADS = re.compile(r"[-_.](?:deployment|deploy|dep|statefulset|sts|daemonset|pod)$", re.IGNORECASE)


def without_kinds(groups: Sequence[Group]) -> None:
    """`orders-deployment` is called `orders`, where nothing else is."""
    taken = {plain(name) for group in groups for name in (group.name, *group.aliases)}
    for group in groups:
        short = _WORKLOADS.sub("", group.name)
        others = plain(short) in taken - {plain(alias) for alias in group.aliases}
        if short != group.name and not group.told and not others:
            group.aliases.add(group.name)
            group.name = short


def distinct(groups: list[Group]) -> None:
    """
    Two services of one name go by another that a deployment gives them alone.

    Else they are told apart by the folders they are in, as few of them as will do: `main-queue` and `admin-queue`, as
    the containers of two compose files in `main` and `admin` are called.
    """
    for same in _namesakes(groups):
        _renamed(same, groups)
    for same in _namesakes(groups):
        places = [_place(group) for group in same]
        taken = {plain(group.name) for group in groups}
        depth = next((n for n in range(1, 9) if len({place[-n:] for place in places}) == len(same)), 0)
        for number, (group, place) in enumerate(zip(same, places, strict=True), start=1):
            if not group.told:
                parts = (*place[-depth:], group.name) if depth and place else (group.name, str(number))
                joined, path = "-".join(parts), "/".join(parts)
                # Another service may bear that name already.
                name = path if plain(joined) in taken else joined
                group.aliases.update({group.name, joined, path} - {name})
                group.name = name


def _namesakes(groups: Iterable[Group]) -> list[list[Group]]:
    """The services that share a name, by that name."""
    by_name: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_name[group.name].append(group)
    return [same for _, same in sorted(by_name.items()) if len(same) > 1]


def _renamed(same: Sequence[Group], groups: Iterable[Group]) -> None:
    """Call services of one name as another deployment calls them, where nothing else has that name."""
    taken = [name for group in groups for name in group.names]
    for group in same:
        called = [entry.item.name for entry in group.declarations if is_deployment(entry.item)]
        name = next((name for name in called if taken.count(plain(name)) == 1), "")
        if name and not group.told:
            group.aliases.add(group.name)
            group.name = name


def _place(group: Group) -> tuple[str, ...]:
    """The folders around a service, its own one left out."""
    where = next(iter(sorted(group.roots) or sorted(parent(entry.path) for entry in group.declarations)), "")
    parts = tuple(part for part in where.split("/") if part)
    return parts[:-1] if parts and plain(parts[-1]) == plain(group.name) else parts
