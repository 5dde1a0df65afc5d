"""From the raw attributes of spans to numbered meanings, with a memory: few combinations make up most spans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commlint.observe.conventions import (
    KINDS,
    LONGEST,
    UNNAMED,
    URL_HOST,
    URLS,
    WANTED,
    Meaning,
    describe,
    host_of,
    resent,
)

MEMORY: Final = 50_000
"""Combinations remembered at a time: names without a template would fill the memory."""

MOST_MEANINGS: Final = 100_000
"""Meanings told apart; names of the spans beyond are left out."""

LONGEST_RAW: Final = 1 << 16
"""Bytes of an attribute that is looked at; no name is as long."""

OTHER: Final = "(other)"
TOO_MANY: Final = (
    f"more than {MOST_MEANINGS} different operations, the rest counts as one; give spans low-cardinality names"
)


TOO_LONG: Final = f"attributes of more than {LONGEST_RAW >> 10} KiB, not looked at; what names an operation is shorter"


class Describer:
    """Numbers meanings. A code is the number of a meaning, doubled, plus one when the request was made again."""

    def __init__(self) -> None:
        self._numbers: dict[Meaning, int] = {}
        self._codes: dict[object, int] = {}
        self.overflowed = self.overlong = False

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """All so far, by number."""
        return tuple(self._numbers)

    def code(self, service: str, kind: int | str | None, name: str, attributes: Mapping[str, str]) -> int:
        """The code of a span by its attributes, of which only WANTED ones matter."""
        wanted = self._wanted(attributes)
        key = (service[:LONGEST], kind, name[:LONGEST], *wanted.items())
        known = self._codes.get(key)
        if known is None:
            if len(self._codes) >= MEMORY:
                self._codes.clear()
            known = self._codes[key] = self._described(service, kind, name, wanted)
        return known

    def described(self, service: str, kind: int | str | None, name: str, attributes: Mapping[str, str]) -> int:
        """The same, for a combination that is remembered elsewhere."""
        return self._described(service, kind, name, self._wanted(attributes))

    def _wanted(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """What matters of attributes; of URLs the host, the rest is different each time."""
        found, hosts = {}, {}
        for each, value in attributes.items():
            if each not in WANTED:
                continue
            if len(value) > LONGEST_RAW:
                self.overlong = True
            elif each in URLS:
                hosts[each] = host_of(value)[:LONGEST]
            else:
                found[each] = value[:LONGEST]
        if hosts:
            found[URL_HOST] = next(hosts[url] for url in URLS if url in hosts)
        return found

    def _described(self, service: str, kind: int | str | None, name: str, wanted: Mapping[str, str]) -> int:
        number = KINDS.get(kind, 0) if isinstance(kind, str) else kind or 0
        meaning = describe(service[:LONGEST] or UNNAMED, number if 0 <= number <= 5 else 0, name[:LONGEST], wanted)
        return 2 * self._number(meaning) + resent(wanted)

    def _number(self, meaning: Meaning) -> int:
        known = self._numbers.get(meaning)
        if known is None:
            if len(self._numbers) >= MOST_MEANINGS:
                self.overflowed = True
                meaning = meaning._replace(name=OTHER, operation=OTHER, channel="", database="", peer="", host="")
            known = self._numbers.setdefault(meaning, len(self._numbers))
        return known
