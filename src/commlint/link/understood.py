"""Whether the code of a service accounts for an address it is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from commlint.link.names import words
from commlint.link.operations import Finished
from commlint.link.owners import Owners
from commlint.link.readings import NOT_CALLED, Reading
from commlint.model.facts import FactSet

SHOWN_TO_PEOPLE = frozenset(("frontend", "ui", "web", "website", "dashboard"))


class Code:
    """What the code of the services says of the variables they are given."""

    def __init__(self, facts: FactSet, owners: Owners, operations: Iterable[Finished]) -> None:
        self._read = {entry.path: Reading(entry.code) for entry in facts if entry.code is not None}
        self._owners = owners
        self._used: dict[str, set[str]] = defaultdict(set)
        for each in operations:
            for location in (*each.urls, *each.hosts):
                self._used[each.site.service].update(location.text.names)

    def leaves_open(self, service: str, variable: str) -> bool:
        """
        Whether the address in `variable` may be used by code that was not understood.

        That is so for a service in a language that is not read, and where the code reads the variable and uses what
        it read, but no operation was found that does so. An address that is only kept is not called.
        """
        parts = set(words(variable))
        if parts & NOT_CALLED:
            return False
        files = self._owners.own.get(service, frozenset())
        if not files:
            return True
        if variable in self._used[service] or parts & SHOWN_TO_PEOPLE:
            return False
        code = [self._read[path] for path in self._owners.files(service) if path in self._read]
        kept = {name for each in code for name in each.keepers(variable)}
        return "" in kept or any(each.speaks(kept, variable) for each in code)
