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

OTHER: Final = "(other)"
TOO_MANY: Final = (
    f"more than {MOST_MEANINGS} different operations, the rest counts as one; give spans low-cardinality names"
)


class Describer:
    """Numbers meanings. A code is the number of a meaning, doubled, plus one when the request was made again."""

    def __init__(self) -> None:
        self._numbers: dict[Meaning, int] = {}
        self._codes: dict[object, int] = {}
        self.overflowed = False

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """All so far, by number."""
        return tuple(self._numbers)

    def code(self, service: str, kind: int | str | None, name: str, attributes: Mapping[str, str]) -> int:
        """The code of a span by its attributes, of which only WANTED ones matter."""
        wanted = {each: value for each, value in attributes.items() if each in WANTED}
        key = (service, kind, name, *wanted.items())
        known = self._codes.get(key)
        if known is None:
            if len(self._codes) >= MEMORY:
                self._codes.clear()
            known = self._codes[key] = self.described(service, kind, name, wanted)
        return known

    def described(self, service: str, kind: int | str | None, name: str, attributes: Mapping[str, str]) -> int:
        """The same, for a combination that is remembered elsewhere."""
        cut = {each: value[:LONGEST] for each, value in attributes.items()}
        for url in URLS:
            if url in attributes:
                cut.setdefault(URL_HOST, host_of(attributes[url])[:LONGEST])
        number = KINDS.get(kind, 0) if isinstance(kind, str) else kind or 0
        meaning = describe(service[:LONGEST] or UNNAMED, number if 0 <= number <= 5 else 0, name[:LONGEST], cut)
        return 2 * self._number(meaning) + resent(cut)

    def _number(self, meaning: Meaning) -> int:
        known = self._numbers.get(meaning)
        if known is None:
            if len(self._numbers) >= MOST_MEANINGS:
                self.overflowed = True
                meaning = meaning._replace(name=OTHER, operation=OTHER, channel="", database="", peer="", host="")
            known = self._numbers.setdefault(meaning, len(self._numbers))
        return known
