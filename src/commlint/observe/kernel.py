"""What the whole traces of one bucket say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commlint.observe.conventions import CLIENT, CONSUMER, PRODUCER, SERVER
from commlint.observe.dimensions import SYNC, Dimensions
from commlint.observe.partials import (
    CALL,
    CHAIN,
    DEPTH,
    ENTRY,
    EXAMPLE,
    FANOUT,
    PATH_LIMIT,
    RECEIVED,
    RECEIVER_BUCKET,
    REFERENCE,
    SENT,
    SERVICE,
    Messages,
    Partial,
)
from commlint.observe.port import ERROR
from commlint.observe.spill import Rows
from commlint.observe.tables import grouped, in_buckets
from commlint.observe.tree import NOWHERE, Places, Tree, distinct, tree

Times = NDArray[np.int64]


def analysed(
    bucket: int, rows: Rows, links: Rows, dimensions: Dimensions, told: Callable[[Times], Times]
) -> tuple[Partial, Messages]:
    """
    Args:
        told: how exactly times of calls are told apart, see `tables`.
    """
    records = len(rows)
    rows, index = distinct(rows)
    hung = tree(rows, index, dimensions)
    seen = _Seen(bucket, rows, hung, dimensions)
    calls, instances = seen.calls()
    partial = Partial(
        calls=folded(calls, told),
        fanout=fanout(calls, instances),
        chains=seen.chains(),
        entries=seen.entries(),
        examples=seen.examples(),
        depths=seen.depths(),
        services=seen.services(),
        records=records,
        spans=len(rows),
        cyclic=int(np.count_nonzero(~hung.grounded)),
    )
    return partial, Messages(seen.sent(), seen.references(links, index.find), seen.received())


def folded(calls: Rows, told: Callable[[Times], Times]) -> Rows:
    """Calls of the same edge and time as one row."""
    calls["took"] = told(calls["took"])
    return grouped(calls, ("caller", "callee", "kind", "channel", "took"), ("calls", "errors", "retries"))


def fanout(calls: Rows, instances: NDArray[Any]) -> Rows:
    """The most calls of an edge that one instance of its caller made."""
    counted = np.empty(len(calls), np.dtype([*FANOUT.descr, ("instance", "<u8")]))
    for name in ("caller", "callee", "kind"):
        counted[name] = calls[name]
    counted["instance"], counted["most"] = instances, 1
    by_instance = grouped(counted, ("caller", "callee", "kind", "instance"), ("most",))
    return grouped(by_instance[list(FANOUT.names or ())].astype(FANOUT), ("caller", "callee", "kind"), (), ("most",))


class _Seen:
    """The spans of a bucket with what is asked of them again and again."""

    def __init__(self, bucket: int, rows: Rows, hung: Tree, dimensions: Dimensions) -> None:
        self._rows, self._tree, self._dimensions = rows, hung, dimensions
        self._first = np.uint64(bucket) << RECEIVER_BUCKET
        meaning = rows["meaning"]
        self._meaning = meaning
        self._kind, self._operation = dimensions.kind[meaning], dimensions.operation[meaning]
        self._took = np.maximum(rows["end"] - rows["start"], 0)
        self._failed = (rows["flags"] & ERROR) != 0

    def calls(self) -> tuple[Rows, NDArray[np.uint64]]:
        """Every call that was answered, and every one whose other side has no span; with the entry span of each."""
        hops = np.flatnonzero(self._tree.hop)
        parents = self._tree.parent[hops]
        alone = self._alone(parents)
        made = np.concatenate((parents, alone))
        calls = np.empty(len(made), CALL)
        answered, unanswered = calls[: len(hops)], calls[len(hops) :]
        by_client = self._kind[parents] == CLIENT
        timed = np.where(by_client, parents, hops)
        answered["callee"], answered["kind"] = self._operation[hops], SYNC
        answered["took"] = self._took[timed]
        answered["errors"] = self._failed[timed] | self._failed[hops]
        answered["retries"] = by_client & self._rows["again"][parents]
        meaning = self._meaning[alone]
        unanswered["callee"] = self._dimensions.target[meaning]
        kind = unanswered["kind"] = self._dimensions.target_kind[meaning]
        unanswered["took"], unanswered["errors"] = self._took[alone], self._failed[alone]
        unanswered["retries"] = self._rows["again"][alone] & (kind != 1)
        entries = self._tree.entry[made]
        calls["caller"], calls["calls"], calls["channel"] = self._operation[entries], 1, NOWHERE
        return calls, self._numbers(entries)

    def _alone(self, answered: Places) -> Places:
        leads = (self._dimensions.target[self._meaning] >= 0) & self._tree.grounded
        leads[answered] = False
        return np.flatnonzero(leads)

    def _numbers(self, places: Places) -> NDArray[np.uint64]:
        return self._first + places.astype(np.uint64)

    # -- messages ----------------------------------------------------------------------------------------

    def sent(self) -> Rows:
        """Every message that was sent."""
        places = np.flatnonzero((self._kind == PRODUCER) & self._tree.grounded)
        entries, meaning = self._tree.entry[places], self._meaning[places]
        table = self._keyed(SENT, places)
        table["caller"], table["instance"] = self._operation[entries], self._numbers(entries)
        table["channel"], table["topic"] = self._dimensions.channel[meaning], self._dimensions.topic[meaning]
        table["took"], table["failed"] = self._took[places], self._failed[places]
        return table

    def references(self, links: Rows, find: Callable[..., Places]) -> Rows:
        """Every span a received message refers to, as its parent or by a link, once."""
        parent = self._tree.parent
        by_parent = np.flatnonzero(self._tree.received & (parent >= 0) & (self._kind[parent] == PRODUCER))
        owners = find(links["hi"], links["lo"], links["id"])
        same = owners >= 0
        for name in ("start", "end", "meaning"):
            # Of a span that was sent in several versions only the links of the one that counts are followed.
            same &= self._rows[name][owners] == links[name]
        linking = np.flatnonzero(same & self._tree.received[owners])
        receivers = np.concatenate((by_parent, owners[linking]))
        table = np.empty(len(receivers), REFERENCE)
        for name, to in (("hi", "to_hi"), ("lo", "to_lo"), ("id", "to_id")):
            table[name] = np.concatenate((self._rows[name][parent[by_parent]], links[to][linking]))
        table["receiver"], table["callee"] = self._numbers(receivers), self._operation[receivers]
        table["took"], table["failed"] = self._took[receivers], self._failed[receivers]
        return grouped(table, ("receiver", "hi", "lo", "id"), ())

    def received(self) -> Rows:
        """Every message that was received."""
        places = np.flatnonzero(self._tree.received)
        table = np.empty(len(places), RECEIVED)
        meaning = self._meaning[places]
        table["receiver"], table["callee"] = self._numbers(places), self._operation[places]
        table["topic"], table["channel"] = self._dimensions.topic[meaning], self._dimensions.channel[meaning]
        table["took"], table["failed"] = self._took[places], self._failed[places]
        return table

    def _keyed(self, kind: np.dtype[Any], places: Places) -> Rows:
        table = np.empty(len(places), kind)
        for name in ("hi", "lo", "id"):
            table[name] = self._rows[name][places]
        return table

    # -- traces and chains -------------------------------------------------------------------------------

    def depths(self) -> Rows:
        """How many traces are how deep."""
        deepest = self._deepest(self._tree.root)
        roots = np.flatnonzero(self._roots())
        traces = np.empty(len(roots), np.dtype([("hi", "<u8"), ("lo", "<u8"), ("depth", "<i4")]))
        traces["hi"], traces["lo"] = self._rows["hi"][roots], self._rows["lo"][roots]
        traces["depth"] = deepest[roots]
        traces = grouped(traces, ("hi", "lo"), (), ("depth",))
        values, counts = np.unique(traces["depth"], return_counts=True)
        table = np.empty(len(values), DEPTH)
        table["depth"], table["traces"] = values, counts
        return table

    def _roots(self) -> NDArray[np.bool_]:
        return (self._tree.parent < 0) & self._tree.grounded

    def _deepest(self, of: Places) -> NDArray[np.int32]:
        deepest = np.zeros(len(of), np.int32)
        np.maximum.at(deepest, of, self._tree.depth)
        return deepest

    def _begun(self) -> Places:
        return np.flatnonzero((self._roots() | self._tree.received) & self._tree.grounded)

    def chains(self) -> Rows:
        """How many chains of an operation are how deep and took how long."""
        deepest, begun = self._deepest(self._tree.chain), self._begun()
        table = np.empty(len(begun), CHAIN)
        table["operation"], table["depth"] = self._operation[begun], deepest[begun]
        table["took"], table["chains"] = in_buckets(self._took[begun]), 1
        return grouped(table, ("operation", "depth", "took"), ("chains",))

    def examples(self) -> Rows:
        """The deepest chain of each operation, of several the one with the lowest ids, and the operations on it."""
        grounded = np.flatnonzero(self._tree.grounded)
        operation = self._operation[self._tree.chain[grounded]]
        depth, rows = self._tree.depth[grounded], self._rows.take(grounded)
        # Only the deepest spans of an operation are worth sorting.
        most = np.zeros(self._dimensions.operations, np.int32)
        np.maximum.at(most, operation, depth)
        some = np.flatnonzero(depth == most[operation])
        order = some[np.lexsort((rows["id"][some], rows["lo"][some], rows["hi"][some], operation[some]))]
        first = np.append(True, operation[order][1:] != operation[order][:-1])[: len(order)]
        best = order[first]
        table = np.empty(len(best), EXAMPLE)
        table["operation"], table["depth"] = operation[best], depth[best]
        table["hi"], table["lo"] = rows["hi"][best], rows["lo"][best]
        table["path"] = self._paths(grounded[best])
        return table

    def _paths(self, leaves: Places) -> NDArray[np.int32]:
        """For each span the operations that wait for it, outermost last, itself first."""
        paths = np.full((len(leaves), PATH_LIMIT), NOWHERE, np.int32)
        at, going = self._tree.entry[leaves], np.ones(len(leaves), bool)
        for step in range(PATH_LIMIT):
            paths[going, step] = self._operation[at[going]]
            going &= self._tree.hop[at]
            if not going.any():
                break
            at = np.where(going, self._tree.entry[self._tree.parent[at]], at)
        return paths

    # -- operations --------------------------------------------------------------------------------------

    def entries(self) -> Rows:
        """How often each operation was entered, began a trace as a server or consumer, or lacks its parent."""
        roots = self._roots()
        serves = (self._kind == SERVER) | (self._kind == CONSUMER)
        named = self._rows["parent"] != 0
        entered = self._entered()
        columns = {"entered": entered, "began": roots & serves & ~named, "orphans": roots & named}
        table = np.empty(self._dimensions.operations, ENTRY)
        table["operation"] = np.arange(len(table))
        for name, which in columns.items():
            table[name] = np.bincount(self._operation[which], minlength=len(table))
        return table[(table["entered"] > 0) | (table["orphans"] > 0)]

    def _entered(self) -> NDArray[np.bool_]:
        entered: NDArray[np.bool_] = (self._tree.entry == np.arange(len(self._rows))) & self._tree.grounded
        return entered

    def services(self) -> Rows:
        """How often each service was entered; all that have spans."""
        service = self._dimensions.service[self._meaning]
        table = np.empty(int(self._dimensions.service.max(initial=-1)) + 1, SERVICE)
        table["service"] = np.arange(len(table))
        table["entered"] = np.bincount(service[self._entered()], minlength=len(table))
        present = np.bincount(service[self._tree.grounded], minlength=len(table)) > 0
        return table[present]
