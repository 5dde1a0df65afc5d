"""Services of Kubernetes: names and ports of the workloads that their selectors match."""

from __future__ import annotations

from commlint.link.declared import Declared, Placed
from commlint.link.groups import Group, is_deployment, is_front
from commlint.link.names import plain, stem
from commlint.model.deployments import ServiceDeclaration

_VERSIONS = frozenset({"version", "app.kubernetes.io/version"})


def name_workloads(groups: list[Group], declared: Declared) -> None:
    """A Kubernetes Service is a name and ports of the workload its selector matches."""
    for entry in declared.services:
        if not is_front(entry.item):
            continue
        chosen = _selected(groups, entry) or [
            group for group in groups if plain(entry.item.name) in group.names or stem(entry.item.name) in group.stems
        ]
        if not chosen:
            chosen = [Group(entry.item.name)]
            groups.extend(chosen)
        for group in _merged_variants(chosen, entry.item.name, groups):
            group.add(entry)


def _merged_variants(chosen: list[Group], name: str, groups: list[Group]) -> list[Group]:
    """`reviews-v1` and `reviews-v2` behind the name `reviews` are one service that is being rolled out."""
    if not all(_is_variant(group, name) for group in chosen):
        return chosen
    elsewhere = [group for group in groups if group.name == name and group not in chosen]
    first, *others = [*elsewhere, *chosen]
    for other in others:
        first.take(other)
        groups.remove(other)
    first.name = name
    return [first]


def _is_variant(group: Group, name: str) -> bool:
    return group.name == name or (group.name.startswith(f"{name}-") and group.origins <= {"kubernetes"})


def _selected(groups: list[Group], service: Placed[ServiceDeclaration]) -> list[Group]:
    wanted = set(service.item.selects)
    plain_labels = {label for label in wanted if label[0] not in _VERSIONS}
    variants = _matching(groups, service, plain_labels) if plain_labels != wanted else []
    if variants and all(_is_variant(group, service.item.name) for group in variants):
        # A version that is rolled out beside another is the same service.
        return variants
    return _matching(groups, service, wanted)


def _matching(groups: list[Group], service: Placed[ServiceDeclaration], wanted: set[tuple[str, str]]) -> list[Group]:
    if not wanted:
        return []
    found: list[tuple[bool, Group]] = []
    for group in groups:
        for workload in group.declarations:
            if wanted.issubset(workload.item.selects) and is_deployment(workload.item):
                found.append((workload.item.namespace == service.item.namespace, group))
                break
    same = [group for fits, group in found if fits]
    return same or [group for _, group in found]
