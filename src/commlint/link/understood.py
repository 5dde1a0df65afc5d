"""Whether the code of a service accounts for an address it is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from commlint.link.names import words
from commlint.link.operations import Finished
from commlint.link.owners import Owners
from commlint.model.code import CodeFacts
from commlint.model.facts import FactSet
from commlint.model.values import Literal, walk

# Addresses a service compares with or hands out, but does not call.
NOT_CALLED = frozenset(("origin", "origins", "cors", "allowed", "public", "callback", "redirect", "issuer", "audience"))
SHOWN_TO_PEOPLE = frozenset(("frontend", "ui", "web", "website", "dashboard"))


class Code:
    """What the code of the services says of the variables they are given."""

    def __init__(self, facts: FactSet, owners: Owners, operations: Iterable[Finished]) -> None:
        self._facts = {entry.path: entry.code for entry in facts if entry.code is not None}
        self._owners = owners
        self._used: dict[str, set[str]] = defaultdict(set)
        for each in operations:
            for location in (*each.urls, *each.hosts):
                self._used[each.site.service].update(location.text.names)

    def leaves_open(self, service: str, variable: str) -> bool:
        """
        Whether the address in `variable` may be used by code that was not understood.

        That is so for a service in a language that is not read, and where the code speaks of the variable but no
        operation was found that uses it.
        """
        parts = set(words(variable))
        if parts & NOT_CALLED:
            return False
        files = self._owners.own.get(service, frozenset())
        if not files:
            return True
        if variable in self._used[service] or parts & SHOWN_TO_PEOPLE:
            return False
        return any(variable in mentioned(self._facts[path]) for path in sorted(files) if path in self._facts)


def mentioned(code: CodeFacts) -> frozenset[str]:
    """The texts that stand in a file, and the fields of its classes as settings classes read them."""
    values = [argument.value for call in code.calls for argument in call.arguments]
    values += [assignment.value for assignment in code.assignments if assignment.value is not None]
    texts = {part.value for value in values for part in walk(value) if isinstance(part, Literal)}
    fields = {assignment.target.upper() for assignment in code.assignments if assignment.owner}
    return frozenset(text for text in texts if isinstance(text, str)) | fields
