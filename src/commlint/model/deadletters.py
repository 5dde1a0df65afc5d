"""Names that say by themselves that dead letters go there."""

from __future__ import annotations

import re
from itertools import pairwise

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DEAD = frozenset({"dlq", "dlx", "dlt", "deadletter", "deadletters", "dead", "parkinglot", "poison"})
_PAIRS = frozenset({"deadletter", "deadletters", "dlqueue", "parkinglot"})


def says_dead(name: str) -> bool:
    """Whether a name says that dead letters go there, in any way of writing it: `orders-dlq`, `OrdersDeadLetters`."""
    words = [word.lower() for word in _WORD.findall(name)]
    pairs = {first + second for first, second in pairwise(words)}
    return not _DEAD.isdisjoint(words) or not pairs.isdisjoint(_PAIRS)
