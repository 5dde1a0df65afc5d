"""Many stretches of bytes at a time: what stands at their places, and hashes that tell them apart."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Hashes = NDArray[np.uint64]

WORD: Final = 8
ROOM: Final = 64
"""Bytes behind the last one that may be looked at."""

TOLD: Final = 2048
"""Bytes of a stretch that are told apart; names and values are cut off long before that."""

SALT: Final = secrets.randbits(64)
"""Whoever makes the data cannot know it, and so cannot make two stretches with one hash."""

_MULTIPLIERS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFT: Final = np.uint64(29)
_KEPT: Final = np.array([(1 << 8 * count) - 1 for count in range(WORD)] + [(1 << 64) - 1], np.uint64)


def mixed(numbers: NDArray[Any]) -> Hashes:
    """Numbers that have nothing to do with each other any more."""
    found = (numbers.astype(np.uint64) ^ np.uint64(SALT)) * _MULTIPLIERS[1]
    found ^= found >> _SHIFT
    found *= _MULTIPLIERS[2]
    found ^= found >> _SHIFT
    return found


class Buffer:
    """Pieces of bytes behind each other, and room behind the last of them."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.content = b"".join((*pieces, bytes(ROOM)))
        self.bytes = np.frombuffer(self.content, np.uint8)
        self.words: Hashes = np.ndarray((len(self.content) - WORD + 1,), "<u8", self.content, 0, (1,))
        """The word at every byte."""

    def numbers(self, places: Places) -> Hashes:
        """The words at these places with the highest byte first."""
        found: Hashes = self.words[places].byteswap()
        return found

    def hashed(self, begins: Places, ends: Places) -> Hashes:
        """A hash of what stands in each stretch."""
        found = np.zeros(len(begins), np.uint64)
        places = begins
        left = np.minimum(ends - begins, TOLD)
        state = mixed(left)
        which: Places | None = None
        while len(places):
            words = self.words[places]
            if (least := int(left.min())) < WORD:
                words &= _KEPT[np.clip(left, 0, WORD)]
            state ^= words
            state *= _MULTIPLIERS[0]
            state ^= state >> _SHIFT
            if least > WORD:
                places, left = places + WORD, left - WORD
                continue
            ended = left <= WORD
            owners = np.flatnonzero(ended) if which is None else which[ended]
            found[owners] = state[ended]
            going = np.flatnonzero(~ended)
            which = going if which is None else which[going]
            places, left, state = places[going] + WORD, left[going] - WORD, state[going]
        return mixed(found)

    def upto(self, byte: int, begins: Places, most: int) -> Places:
        """Where this byte comes next after each place, within so many words; that far where it does not come."""
        pattern = np.uint64(byte * 0x0101010101010101)
        ones, tops = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
        found = begins + most * WORD
        which, places = np.arange(len(begins)), np.array(begins)
        for _ in range(most):
            zeros = self.words[places] ^ pattern
            zeros = (zeros - ones) & ~zeros & tops
            lowest = zeros & (~zeros + np.uint64(1))
            there = np.flatnonzero(lowest)
            offset = np.log2(lowest[there].astype(np.float64)).astype(np.int64) // WORD
            found[which[there]] = places[there] + offset
            going = np.flatnonzero(lowest == 0)
            which, places = which[going], np.minimum(places[going] + WORD, len(self.words) - 1)
            if not len(which):
                break
        return found
