"""Messages: what was received meets what was sent, in whatever traces the two stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from commlint.observe.dimensions import MESSAGING
from commlint.observe.kernel import fanout, folded
from commlint.observe.partials import CALL
from commlint.observe.spill import Rows
from commlint.observe.tables import grouped
from commlint.observe.tree import NOWHERE, distinct_keys

Times = NDArray[np.int64]

REPEATED = np.dtype([("caller", "<i4"), ("callee", "<i4"), ("times", "<i8")])


def paired(sent: Rows, references: Rows, told: Callable[[Times], Times]) -> tuple[Rows, Rows, Rows, NDArray[np.uint64]]:
    """
    Every message sent in a bucket with all that was received of it.

    Gives calls, fan-outs, deliveries of the same message beyond the first by (caller, callee), and the numbers of the
    receivers that found what they refer to.
    """
    sent, index = distinct_keys(sent)
    found = index.find(references["hi"], references["lo"], references["id"])
    references, senders = references.compress(found >= 0), found[found >= 0]
    untaken = np.ones(len(sent), bool)
    untaken[senders] = False
    lost = np.flatnonzero(untaken)
    calls = np.empty(len(senders) + len(lost), CALL)
    by = np.concatenate((senders, lost))
    calls["caller"], calls["channel"], calls["kind"] = sent["caller"][by], sent["channel"][by], MESSAGING
    calls["callee"] = np.concatenate((references["callee"], sent["topic"][lost]))
    calls["took"] = np.concatenate((references["took"], sent["took"][lost]))
    calls["errors"] = np.concatenate((references["failed"], sent["failed"][lost]))
    calls["calls"], calls["retries"] = 1, 0
    repeated = _repeated(calls[: len(senders)], senders)
    wide = fanout(calls, sent["instance"][by])
    return folded(calls, told), wide, repeated, np.unique(references["receiver"])


def unsent(received: Rows, found: NDArray[np.uint64], told: Callable[[Times], Times]) -> Rows:
    """Messages of which only the receiving side was seen, as calls from their channel."""
    alone = received.compress(~np.isin(received["receiver"], found))
    calls = np.empty(len(alone), CALL)
    calls["caller"], calls["callee"], calls["channel"] = alone["topic"], alone["callee"], NOWHERE
    calls["kind"], calls["took"], calls["errors"] = MESSAGING, alone["took"], alone["failed"]
    calls["calls"], calls["retries"] = 1, 0
    return folded(calls, told)


def _repeated(calls: Rows, senders: NDArray[np.intp]) -> Rows:
    table = np.empty(len(calls), np.dtype([*REPEATED.descr, ("sender", "<i8")]))
    table["caller"], table["callee"], table["sender"], table["times"] = calls["caller"], calls["callee"], senders, 1
    deliveries = grouped(table, ("caller", "callee", "sender"), ("times",))
    deliveries["times"] -= 1
    summed = grouped(deliveries, ("caller", "callee"), ("times",))
    return summed[["caller", "callee", "times"]].astype(REPEATED)
