"""The trees of a bucket: which span is whose parent, where its service was entered, where its chain began."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.conventions import CLIENT, CONSUMER, PRODUCER, SERVER
from commlint.observe.dimensions import Dimensions
from commlint.observe.port import HALF, TWO_HALVES
from commlint.observe.spill import Rows

Bits = NDArray[np.bool_]
Places = NDArray[np.intp]

NOWHERE: Final = -1
_HALF: Final = np.uint64(int.from_bytes(HALF, "big"))


def hashed(salt: tuple[int, int, int], hi: NDArray[Any], lo: NDArray[Any], span: NDArray[Any]) -> NDArray[np.uint64]:
    """A hash of keys; whoever makes the data cannot know the salt."""
    mixed: NDArray[Any] = hi * np.uint64(salt[0]) + lo * np.uint64(salt[1]) + span * np.uint64(salt[2])
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return mixed


class Index:
    """
    Finds spans by their key.

    `order` sorts rows by a hash of their keys. Two keys with the same hash are noticed, and another salt is taken, so
    answers are exact.
    """

    def __init__(self, rows: Rows) -> None:
        while True:
            self._salt = (secrets.randbits(64) | 1, secrets.randbits(64) | 1, secrets.randbits(64) | 1)
            hashes = hashed(self._salt, rows["hi"], rows["lo"], rows["id"])
            self.order = np.argsort(hashes)
            self._hashes = hashes[self.order]
            repeated = np.flatnonzero(self._hashes[1:] == self._hashes[:-1])
            one, other = rows.take(self.order[repeated]), rows.take(self.order[repeated + 1])
            if all((one[part] == other[part]).all() for part in ("hi", "lo", "id")):
                self.repeated = repeated
                self._rows = rows
                return

    def keep(self, places: Places, rows: Rows) -> None:
        """Only these places of the order are left, as the places of `rows`."""
        self._hashes, self._rows = self._hashes[places], rows
        self.order = np.arange(len(rows))

    def find(self, hi: NDArray[Any], lo: NDArray[Any], span: NDArray[Any]) -> Places:
        """The places of keys among the rows in order, NOWHERE for those that are not there."""
        if not len(self._hashes):
            return np.full(len(hi), NOWHERE, np.intp)
        wanted = hashed(self._salt, hi, lo, span)
        found = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        there = self._rows
        right = (there["id"][found] == span) & (there["lo"][found] == lo) & (there["hi"][found] == hi)
        return np.where(right, found, NOWHERE)


def distinct(rows: Rows) -> tuple[Rows, Index]:
    """Of several records of a span only the first by (start, end, meaning), in the order of their index."""
    index = Index(rows)
    rows = rows.take(index.order)
    keep = np.ones(len(rows), bool)
    if len(index.repeated):
        first = np.append(True, np.zeros(len(rows) - 1, bool))
        first[1:] = True
        first[index.repeated + 1] = False
        group = np.cumsum(first)
        touched = np.union1d(index.repeated, index.repeated + 1)
        some = rows.take(touched)
        order = np.lexsort((some["flags"], some["again"], some["parent"], some["meaning"], some["end"], some["start"],
                            group[touched]))  # fmt: skip
        sorted_groups = group[touched][order]
        best = np.append(True, sorted_groups[1:] != sorted_groups[:-1])
        keep[touched] = False
        keep[touched[order[best]]] = True
    kept = np.flatnonzero(keep)
    rows = rows.take(kept)
    index.keep(kept, rows)
    return rows, index


def distinct_keys(rows: Rows) -> tuple[Rows, Index]:
    """Rows that are distinct already, in the order of their index."""
    index = Index(rows)
    rows = rows.take(index.order)
    index.keep(np.arange(len(rows)), rows)
    return rows, index


@dataclass(frozen=True, slots=True)
class Tree:
    """
    Spans of whole traces and how they hang together; places, NOWHERE for none.

    `received`: a consumer, or the child of a producer of another service. `hop`: not received, and its parent is of
    another service, or is a client while it is a server. `grounded`: its parents end at a root, and do not go round in
    a circle. `root`: the last of them. `entry`: where its service was entered. `chain`: where the waiting began.
    `depth`: hops since then.
    """

    parent: Places
    received: Bits
    hop: Bits
    grounded: Bits
    root: Places
    entry: Places
    chain: Places
    depth: NDArray[np.int32]


def tree(rows: Rows, index: Index, dimensions: Dimensions) -> Tree:
    """The tree of distinct rows."""
    kind, service = dimensions.kind[rows["meaning"]], dimensions.service[rows["meaning"]]
    parent = _parents(rows, index, service)
    child = parent >= 0
    above = np.where(child, parent, 0)
    changes = child & (service[above] != service)
    received = (kind == CONSUMER) | (changes & (kind[above] == PRODUCER))
    hop = child & ~received & (changes | ((kind[above] == CLIENT) & (kind == SERVER)))
    roots, own = ~child, np.arange(len(rows))
    top, _ = _climbed(np.where(roots, own, above))
    grounded = roots[top]
    entry, _ = _climbed(np.where(roots | received | hop | ~grounded, own, above))
    begins = roots | received | ~grounded
    chain, depth = _climbed(np.where(begins, own, above), np.where(begins, 0, hop).astype(np.int32))
    return Tree(parent, received & grounded, hop & grounded, grounded, top, entry, chain, depth)


def _parents(rows: Rows, index: Index, service: NDArray[Any]) -> Places:
    child = np.flatnonzero(rows["parent"])
    parent = np.full(len(rows), NOWHERE, np.intp)
    some = rows.take(child)
    found = index.find(some["hi"], some["lo"], some["parent"])
    halves = np.flatnonzero(some["flags"] & TWO_HALVES)
    if len(halves):
        unsure = halves[(found[halves] < 0) | (service[found[halves]] != service[child[halves]])]
        asked = some.take(unsure)
        client = index.find(asked["hi"], asked["lo"], asked["parent"] ^ _HALF)
        better = (client >= 0) & ((found[unsure] < 0) | (service[client] == service[child[unsure]]))
        found[unsure[better]] = client[better]
    parent[child] = found
    return parent


def _climbed(up: Places, steps: NDArray[np.int32] | None = None) -> tuple[Places, NDArray[np.int32]]:
    """
    Where one arrives by going up until it goes no further, and the sum of `steps` on the way.

    Every round doubles the way, so a circle is left after as many rounds as the number of spans has binary digits.
    """
    taken = np.zeros(len(up), np.int32) if steps is None else steps
    for _ in range(len(up).bit_length()):
        further = up[up]
        moving = further != up
        if not moving.any():
            break
        if steps is not None:
            taken = taken + taken[up] * moving
        up = further
    return up, taken
