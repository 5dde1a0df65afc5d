"""From the raw attributes of spans to numbered meanings, with a memory: few combinations make up most spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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

VARIED: Final = 256
"""Values after which an attribute is taken for one that is different in every span."""


_WANTED: Final = frozenset(key.encode() for key in WANTED)
_URLS: Final = frozenset(key.encode() for key in URLS)


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
        return self.remember(key, service, kind, name, wanted) if known is None else known

    def remember(
        self, key: object, service: str, kind: int | str | None, name: str | bytes, attributes: Mapping[str, str]
    ) -> int:
        """Work out the code of a combination that is not known yet."""
        if len(self._codes) >= MEMORY:
            self._codes.clear()
        cut = {each: value[:LONGEST] for each, value in attributes.items()}
        for url in URLS:
            if url in attributes:
                cut.setdefault(URL_HOST, host_of(attributes[url])[:LONGEST])
        called = name if isinstance(name, str) else name.decode("utf-8", "replace")
        number = KINDS.get(kind, 0) if isinstance(kind, str) else kind or 0
        meaning = describe(service[:LONGEST] or UNNAMED, number if 0 <= number <= 5 else 0, called[:LONGEST], cut)
        code = self._codes[key] = 2 * self._number(meaning) + resent(cut)
        return code

    def known(self, key: object) -> int | None:
        """The code of a combination, None when it is not known."""
        return self._codes.get(key)

    def forget(self) -> None:
        """Combinations are told anew; their meanings keep their numbers."""
        self._codes.clear()

    def _number(self, meaning: Meaning) -> int:
        known = self._numbers.get(meaning)
        if known is None:
            if len(self._numbers) >= MOST_MEANINGS:
                self.overflowed = True
                meaning = meaning._replace(name=OTHER, operation=OTHER, channel="", database="", peer="", host="")
            known = self._numbers.setdefault(meaning, len(self._numbers))
        return known


class RawAttributes:
    """
    Describes spans by the undecoded bytes of their attributes: the same bytes are decoded once.

    `key` gives the key of an attribute by a cheap look, or nothing; `parse` its key and value.
    """

    def __init__(
        self, describer: Describer, key: Callable[[bytes], bytes], parse: Callable[[bytes], tuple[str, str]]
    ) -> None:
        self._describer = describer
        self._key = key
        self._parse = parse
        self._tokens: dict[bytes, int] = {}
        self._hosts: dict[bytes, int] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._pairs: list[tuple[str, str]] = [("", "")]
        self._values: Counter[bytes] = Counter()

    def code(self, service: str, kind: int | str | None, name: str | bytes, attributes: Iterable[bytes]) -> int:
        """The code of a span."""
        tokens = tuple(map(self._tokens.get, attributes))
        if None in tokens:
            tokens = tuple(map(self._token, attributes))
        key = (service, kind, name, tokens)
        known = self._describer.known(key)
        if known is None:
            wanted = dict(self._pairs[token] for token in tokens if token)
            known = self._describer.remember(key, service, kind, name, wanted)
        return known

    def _token(self, raw: bytes) -> int:
        """A number for an attribute that matters, 0 for any other."""
        known = self._tokens.get(raw)
        if known is not None:
            return known
        name = self._key(raw)
        if name in _URLS:
            return self._host(raw)
        self._values[name] += 1
        # Ports, ids and their like are different each time: to keep them would only push out what comes again.
        varied = bool(name) and self._values[name] > VARIED
        if varied and name not in _WANTED:
            return 0
        token = self._number(*self._parse(raw))
        if not varied and len(self._tokens) < MEMORY:
            self._tokens[raw] = token
        return token

    def _host(self, raw: bytes) -> int:
        """That of a URL: what stands before its path comes again, the whole of it does not."""
        begin = raw.find(b"://")
        end = raw.find(b"/", begin + 3) if begin >= 0 else -1
        if end < 0 or raw.find(b"\\", begin, end) >= 0:
            return self._number(*self._parse(raw))
        start = raw[begin:end]
        known = self._hosts.get(start)
        if known is None:
            known = self._number(*self._parse(raw))
            if len(self._hosts) < MEMORY:
                self._hosts[start] = known
        return known

    def _number(self, key: str, value: str) -> int:
        if key not in WANTED:
            return 0
        pair = (URL_HOST, host_of(value)) if key in URLS else (key, value)
        pair = (pair[0], pair[1][:LONGEST])
        token = self._numbers.get(pair)
        if token is None:
            if len(self._pairs) > MOST_MEANINGS:
                self._forget()
            token = self._numbers[pair] = len(self._pairs)
            self._pairs.append(pair)
        return token

    def _forget(self) -> None:
        """Start anew: numbers may be given again, so nothing that holds one may stay."""
        self._describer.forget()
        for memory in (self._tokens, self._hosts, self._numbers):
            memory.clear()
        self._pairs = [("", "")]
