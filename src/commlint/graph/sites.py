"""Operations by the place they stand at: what is written once is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.model.system import ServiceOperation


@dataclass(frozen=True, slots=True)
class Site:
    """One place in code and every operation it is: one per service that runs it and per caller of a wrapper."""

    region: Region
    operations: tuple[ServiceOperation, ...]

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(sorted({operation.service for operation in self.operations}))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Ids of its operations, without the services: running it in one more service changes nothing."""
        return tuple(sorted({operation.operation.id for operation in self.operations}))

    @property
    def confidence(self) -> Confidence:
        return max((entry.operation.confidence for entry in self.operations), key=lambda entry: entry.rank)

    @property
    def titles(self) -> str:
        """What a person calls it; at most three names, then how many more."""
        names = list(dict.fromkeys(entry.label or entry.operation.protocol for entry in self.operations))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return ", ".join(names[:3]) + more


def sites(operations: Iterable[ServiceOperation]) -> tuple[Site, ...]:
    """Operations grouped by their region, sorted."""
    by_region: dict[Region, list[ServiceOperation]] = defaultdict(list)
    for operation in operations:
        by_region[operation.operation.region].append(operation)
    return tuple(
        Site(region, tuple(sorted(by_region[region], key=lambda operation: operation.id)))
        for region in sorted(by_region)
    )
