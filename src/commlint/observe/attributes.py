"""What the attributes of many spans mean, told by their bytes: only combinations that are new are decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.buffer import Buffer, Hashes, Places, mixed
from commlint.observe.conventions import URLS, WANTED
from commlint.observe.describing import LONGEST_RAW, MEMORY, Describer

SEPARATOR: Final = (0x3A, 0x2F, 0x2F)
WINDOW: Final = 160
"""Bytes behind the key of a URL in which its host ends; otherwise all of it tells it from others."""

HOST_ENDS: Final = frozenset(b'/?#"\\\x00')

_KEYS: Final = tuple(sorted(key.encode() for key in WANTED))
_SHORTEST: Final = min(map(len, _KEYS))
_SHORT: Final = np.uint64((1 << 8 * _SHORTEST) - 1)
_ENDS: Final = np.array([byte in HOST_ENDS for byte in range(256)])

Codes = NDArray[np.uint32]
Head = tuple[str, int | str | None, str]
"""Service, kind and name of a span."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Attributes: the number of the span that has it, and where it, its key and the rest of it stand."""

    owner: Places
    begin: Places
    end: Places
    key: Places

    def only(self, which: Places) -> Stretches:
        """Some of them."""
        return Stretches(self.owner[which], self.begin[which], self.end[which], self.key[which])


class Attributes:
    """
    Gives spans their codes, many at a time.

    `key_ends`: where the keys of some attributes end. `parsed`: key and value of one attribute. `between`: bytes
    between the two that are the same in all of them.
    """

    def __init__(
        self,
        describer: Describer,
        key_ends: Callable[[Buffer, Stretches], Places],
        parsed: Callable[[bytes], tuple[str, str]],
        between: int = 0,
    ) -> None:
        self._describer, self._key_ends, self._parsed, self._between = describer, key_ends, parsed, between
        self._known: dict[int, int] = {}
        keys = Buffer(_KEYS)
        ends = np.cumsum([len(key) for key in _KEYS])
        begins = ends - np.array([len(key) for key in _KEYS])
        hashes = keys.hashed(begins, ends)
        order = np.argsort(hashes)
        self._wanted = hashes[order]
        self._urls = np.array([key.decode() in URLS for key in _KEYS])[order]
        self._beginnings = np.unique(keys.words[begins] & _SHORT)

    def codes(self, buffer: Buffer, given: Stretches, heads: Hashes, head: Callable[[int], Head]) -> Codes:
        """
        Args:
            heads: a hash of service, kind and name of every span.
            head: what they are.
        """
        given = given.only(_among(buffer.words[given.key] & _SHORT, self._beginnings)[0])
        ends = self._key_ends(buffer, given)
        matters, number = _among(buffer.hashed(given.key, ends), self._wanted)
        given, ends = given.only(matters), ends[matters] + self._between
        short = np.flatnonzero(given.end - given.begin <= LONGEST_RAW)
        if len(short) < len(ends):
            self._describer.overlong = True
            given, ends, number = given.only(short), ends[short], number[short]
        begins, stops = _hosts(buffer, self._urls[number], ends, given.end)
        told = mixed(buffer.hashed(begins, stops) + mixed(number))
        together = mixed(heads)
        np.add.at(together, given.owner, told)
        return self._coded(buffer, given, together, head)

    def _coded(self, buffer: Buffer, given: Stretches, together: Hashes, head: Callable[[int], Head]) -> Codes:
        distinct, first, places = np.unique(together, return_index=True, return_inverse=True)
        known = self._known
        if len(known) + len(distinct) > MEMORY:
            known.clear()
        combinations = distinct.tolist()
        new = np.array([place for place, each in enumerate(combinations) if each not in known], np.int64)
        for place, raw in zip(new.tolist(), _owned(buffer, given, first[new]), strict=True):
            attributes = dict(map(self._parsed, raw))
            known[combinations[place]] = self._describer.described(*head(int(first[place])), attributes)
        codes: Codes = np.array([known[each] for each in combinations], np.uint32)[places]
        return codes


def _owned(buffer: Buffer, given: Stretches, spans: Places) -> Iterator[list[bytes]]:
    """The attributes of some spans."""
    order = np.argsort(given.owner, kind="stable") if len(spans) else spans
    owners, begins, ends = given.owner[order], given.begin[order], given.end[order]
    bounds = zip(np.searchsorted(owners, spans), np.searchsorted(owners, spans, side="right"), strict=True)
    for low, high in bounds:
        yield [buffer.content[begins[each] : ends[each]] for each in range(low, high)]


def _among(values: Hashes, known: Hashes) -> tuple[Places, Places]:
    """Which values are among the known ones, and where there."""
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    which = np.flatnonzero(known[place] == values)
    return which, place[which]


def _hosts(buffer: Buffer, urls: NDArray[np.bool_], begins: Places, ends: Places) -> tuple[Places, Places]:
    """The same stretches, those of URLs without what is different in every request."""
    which = np.flatnonzero(urls)
    if not len(which):
        return begins, ends
    begins, ends = np.array(begins), np.array(ends)
    begin, end = begins[which], ends[which]
    places = np.minimum(begin[:, None] + np.arange(WINDOW), (end - 1)[:, None])
    seen = buffer.bytes[places]
    starts: NDArray[Any] = np.ones((len(which), WINDOW - 2), bool)
    for offset, byte in enumerate(SEPARATOR):
        starts &= seen[:, offset : WINDOW - 2 + offset] == byte
    start = starts.argmax(axis=1)
    stops = _ENDS[seen] & (np.arange(WINDOW) > (start + 2)[:, None])
    stop = stops.argmax(axis=1)
    cut = np.flatnonzero(starts.any(axis=1) & stops.any(axis=1))
    begins[which[cut]], ends[which[cut]] = begin[cut] + start[cut], np.minimum(begin[cut] + stop[cut], end[cut])
    return begins, ends
