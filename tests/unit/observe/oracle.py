"""
What the spans of a recording must give, worked out the slow way: one recursive function for every definition.

Nothing of commlint is used here, so that a mistake in it cannot hide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .recordings import CLIENT, CONSUMER, PRODUCER, SERVER, Recorded

Key = tuple[int, int]
Row = tuple[str, str, str, str, str]


@dataclass
class Expected:
    """Calls, errors and durations by (caller, its operation, kind, callee, its operation), and the totals."""

    calls: Counter[Row] = field(default_factory=Counter)
    errors: Counter[Row] = field(default_factory=Counter)
    durations: dict[Row, list[int]] = field(default_factory=lambda: defaultdict(list))
    services: Counter[str] = field(default_factory=Counter)
    spans: int = 0
    traces: int = 0
    orphans: int = 0


def expected(records: Iterable[Recorded]) -> Expected:
    best: dict[Key, Recorded] = {}
    for record in records:
        key = (record.trace, record.id)
        if key not in best or _order(record) < _order(best[key]):
            best[key] = record
    return _Oracle(best).answer()


def _order(record: Recorded) -> tuple[int, int, str, int, str]:
    return (record.start, record.start + record.took, record.service, record.kind, record.name)


class _Oracle:
    def __init__(self, spans: dict[Key, Recorded]) -> None:
        self.all = spans
        self.grounded = {key: span for key, span in spans.items() if self.ends(span)}
        self.out = Expected()

    def parent(self, span: Recorded) -> Recorded | None:
        return self.all.get((span.trace, span.parent)) if span.parent else None

    def ends(self, span: Recorded) -> bool:
        """Whether its chain of parents has an end."""
        passed = set()
        above: Recorded | None = span
        while above is not None:
            if above.id in passed:
                return False
            passed.add(above.id)
            above = self.parent(above)
        return True

    def received(self, span: Recorded) -> bool:
        parent = self.parent(span)
        if span.kind == CONSUMER:
            return True
        return parent is not None and parent.kind == PRODUCER and parent.service != span.service

    def hop(self, span: Recorded) -> bool:
        parent = self.parent(span)
        if parent is None or self.received(span):
            return False
        return parent.service != span.service or (parent.kind == CLIENT and span.kind == SERVER)

    def entry(self, span: Recorded) -> Recorded:
        parent = self.parent(span)
        if parent is None or self.received(span) or self.hop(span):
            return span
        return self.entry(parent)

    def answer(self) -> Expected:
        out = self.out
        out.spans = len(self.all)
        out.traces = len({span.trace for span in self.grounded.values()})
        consumed: set[Key] = set()
        answered = {(span.trace, span.parent) for span in self.grounded.values() if self.hop(span)}
        names = {span.service for span in self.grounded.values()}
        for span in self.grounded.values():
            out.orphans += bool(span.parent) and self.parent(span) is None
            out.services[span.service] += self.entry(span) is span
            if self.hop(span):
                parent = self.parent(span)
                assert parent is not None
                timed = parent if parent.kind == CLIENT else span
                failed = span.error or (parent.kind == CLIENT and parent.error)
                self.add(self.side(parent), "sync", (span.service, name_of(span)), timed.took, failed)
            if self.received(span):
                senders = {
                    key
                    for key in {(span.trace, span.parent), *span.links}
                    if key in self.grounded and self.grounded[key].kind == PRODUCER
                }
                consumed |= senders
                for key in senders:
                    sender = self.side(self.grounded[key])
                    self.add(sender, "messaging", (span.service, name_of(span)), span.took, span.error)
                if not senders:
                    topic = destination(span)
                    self.add((topic, ""), "messaging", (span.service, name_of(span)), span.took, span.error)
        for key, span in self.grounded.items():
            if span.kind == PRODUCER and key not in consumed:
                topic = destination(span)
                self.add(self.side(span), "messaging", (topic, name_of(span)), span.took, span.error)
            if span.kind == CLIENT and key not in answered:
                self.alone(span, names)
        return out

    def alone(self, span: Recorded, names: set[str]) -> None:
        if "db.system" in span.attributes:
            peer, kind = f"{span.attributes['db.system']}/{span.attributes['db.name']}", "database"
        elif "messaging.system" in span.attributes:
            return
        else:
            peer = span.attributes.get("server.address", "unknown")
            kind = "unpaired" if peer in names else "external"
        self.add(self.side(span), kind, (peer, name_of(span)), span.took, span.error)

    def side(self, span: Recorded) -> tuple[str, str]:
        return span.service, name_of(self.entry(span))

    def add(self, caller: tuple[str, str], kind: str, callee: tuple[str, str], took: int, failed: bool) -> None:
        row = (*caller, kind, *callee)
        self.out.calls[row] += 1
        self.out.errors[row] += failed
        self.out.durations[row].append(max(0, took))


def destination(span: Recorded) -> str:
    return str(span.attributes.get("messaging.destination.name", ""))


def name_of(span: Recorded) -> str:
    """What the recordings of the tests call an operation."""
    given = span.attributes
    if span.kind in (PRODUCER, CONSUMER) or "messaging.system" in given:
        verb = {PRODUCER: "publish", CONSUMER: "process"}.get(span.kind, "")
        return f"{verb} {destination(span)}".strip()
    if "rpc.system" in given:
        return f"{given['rpc.service']}/{given['rpc.method']}"
    if "db.system" in given:
        return f"{given['db.operation']} {given['db.sql.table']}"
    if "http.request.method" in given:
        return f"{given['http.request.method']} {given.get('http.route', '')}".strip()
    return span.name
