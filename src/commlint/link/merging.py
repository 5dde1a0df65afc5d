"""Declarations that mean one service are one group, whatever files and names they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from commlint.link.declared import Placed
from commlint.link.groups import Group, is_deployment
from commlint.link.names import parent, plain, stem
from commlint.model.deployments import ServiceDeclaration

# Deployments in order of authority: the first names the service.
AUTHORITY = ("compose", "kubernetes")


def by_name(entries: Iterable[Placed[ServiceDeclaration]]) -> list[Group]:
    """
    Deployments of one name are one service, unless their code lies in different folders.

    Compose files beside each other that build it of different folders tell of its versions.
    """
    groups: dict[str, list[Group]] = defaultdict(list)
    for entry in sorted(entries, key=_authority):
        candidates = groups[plain(entry.item.name)]
        fitting = next((group for group in candidates if group.shares_code(entry.item) or _beside(group, entry)), None)
        if fitting is None:
            fitting = Group(entry.item.name)
            candidates.append(fitting)
        fitting.add(entry)
    return [group for candidates in groups.values() for group in candidates]


def _beside(group: Group, entry: Placed[ServiceDeclaration]) -> bool:
    """Whether another compose file in the same folder declares the service too."""
    if entry.item.origin != "compose":
        return False
    composed = [each.path for each in group.declarations if each.item.origin == "compose"]
    return any(path != entry.path and parent(path) == parent(entry.path) for path in composed)


def _authority(entry: Placed[ServiceDeclaration]) -> tuple[int, str, tuple[int, ...]]:
    origin = entry.item.origin
    rank = AUTHORITY.index(origin) if origin in AUTHORITY else len(AUTHORITY)
    return rank, entry.path, tuple(entry.item.extent)


def across_formats(groups: list[Group]) -> list[Group]:
    """
    `orders` of a compose file and `orders-service` of Kubernetes are one, when nothing else is called so.

    So are two that run one image, or one that runs an image which is called like the other.
    """
    keys: tuple[Callable[[Group], set[str]], ...] = (
        lambda group: {stem(group.name)},
        lambda group: group.images,
        lambda group: group.images | {plain(group.name)},
    )
    for key in keys:
        buckets: dict[str, list[Group]] = defaultdict(list)
        for group in groups:
            for name in sorted(key(group)):
                buckets[name].append(group)
        gone: list[Group] = []
        for name in sorted(buckets):
            same = [group for group in buckets[name] if group not in gone]
            if len(same) == 2 and _complete_each_other(*same):
                same[0].take(same[1])
                gone.append(same[1])
        groups = [group for group in groups if group not in gone]
    return groups


def released(groups: list[Group]) -> list[Group]:
    """`shop-orders` of a release called `shop` is the `orders` of a compose file, and of another release."""
    gone: list[Group] = []
    for group in groups:
        same = [
            each
            for each in groups
            if each is not group and each not in gone
            if ("compose" in each.origins and plain(each.name) in group.bare) or _of_one_chart(each, group)
        ]
        if group.origins == {"kubernetes"} and len(same) == 1:
            same[0].take(group)
            gone.append(group)
    left = [group for group in groups if group not in gone]
    for group in left:
        # A release that nobody named is called like its chart: `orders-orders` is `orders`.
        half = group.name[: len(group.name) // 2]
        if group.name == f"{half}-{half}" and not any(plain(half) in each.names for each in left):
            group.aliases.add(group.name)
            group.name = half
    return left


def _of_one_chart(one: Group, other: Group) -> bool:
    """Whether both are releases of the chart that made `one`; the `other` may have been rendered into a file."""
    if len(one.bare) != 1 or not other.bare <= one.bare or not one.origins == other.origins == {"kubernetes"}:
        return False
    return one.labels == other.labels != set() and plain(other.name).endswith(next(iter(one.bare)))


def without_repeats(groups: list[Group]) -> list[Group]:
    """A compose file in the folder of a service, to start it alone, says the same service again under another name."""
    gone: list[Group] = []
    for group in groups:
        folders = {parent(entry.path) for entry in group.declarations}
        around = [
            other
            for other in groups
            if other is not group and other.roots == group.roots and not _files(other) & _files(group)
            if all(folder and folder in other.roots for folder in folders)
        ]
        if len(around) > 1:
            around = [other for other in around if _started(other) == _started(group)]
        twins = [other for other in groups if other is not group and _files(other) == _files(group)]
        if len(around) == 1 and not any(twin.roots == group.roots for twin in twins):
            around[0].take(group)
            gone.append(group)
    return [group for group in groups if group not in gone]


def of_one_program(groups: list[Group]) -> list[Group]:
    """
    `orders-app` of a compose file and `orders-api` of Kubernetes are one service, when both run the same code.

    Where a format deploys that code more than once, or they start it in different ways, each is one of its own.
    """
    deployed: dict[frozenset[str], list[Group]] = defaultdict(list)
    for group in groups:
        if group.roots and group.origins:
            deployed[frozenset(group.roots)].append(group)
    gone: list[Group] = []
    for same in deployed.values():
        if len(same) > 1 and _are_one(same):
            for other in same[1:]:
                same[0].take(other)
                gone.append(other)
    return [group for group in groups if group not in gone]


def _are_one(groups: list[Group]) -> bool:
    """Whether deployments of one code are each the only one of its format, made and started alike."""
    origins = [origin for group in groups for origin in group.origins]
    images = {frozenset(group.dockerfiles) for group in groups if group.dockerfiles}
    alike = set.intersection(*map(_started, groups))
    return len(set(origins)) == len(origins) and len(images) < 2 and bool(alike)


def also_called(groups: list[Group]) -> list[Group]:
    """`cart` of one file that others reach as `carts` is the `carts` of another file, when both run the same code."""
    gone: list[Group] = []
    for group in groups:
        if not group.roots or group in gone:
            continue
        called = {plain(alias) for alias in group.aliases}
        same = [
            other
            for other in groups
            if other is not group and other not in gone and other.roots == group.roots
            if plain(other.name) in called and not _told_in(other) & _told_in(group)
        ]
        if len(same) == 1:
            group.take(same[0])
            gone.append(same[0])
    return [group for group in groups if group not in gone]


def _started(group: Group) -> set[tuple[str, ...]]:
    return {entry.item.command for entry in group.declarations if is_deployment(entry.item)}


def _files(group: Group) -> set[str]:
    return {entry.path for entry in group.declarations}


def _told_in(group: Group) -> set[str]:
    """The files that deploy it."""
    return {entry.path for entry in group.declarations if is_deployment(entry.item)}


def _complete_each_other(one: Group, other: Group) -> bool:
    return not one.origins & other.origins and (not one.roots or not other.roots or one.roots == other.roots)
