"""Which services run beside each other: what is deployed one way or another way is never there both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commlint.link.groups import Group, is_deployment


def profiles_of(group: Group) -> frozenset[str]:
    """The profiles that a service runs in; none when one of its deployments always runs."""
    told = [entry.item.profiles for entry in group.declarations if is_deployment(entry.item)]
    return frozenset(profile for each in told for profile in each) if all(told) else frozenset()


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of all services that have some."""

    known: Mapping[str, frozenset[str]]

    def beside(self, service: str, others: Iterable[str]) -> set[str]:
        """Those of `others` that run where `service` does; all of them when none does."""
        own = self.known.get(service, frozenset())
        names = set(others)
        return {name for name in names if _meet(own, self.known.get(name, frozenset()))} or names


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)
