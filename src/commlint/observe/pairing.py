"""From spans to edges: which span called, sent to or waited for which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from commlint.model.observations import ObservedEdge, ObservedOperation, bucket_of
from commlint.observe.conventions import CLIENT, CONSUMER, PRODUCER, SERVER
from commlint.observe.port import TRACE_ID, Span

Spans = Mapping[bytes, Span]
EdgeKey = tuple[ObservedOperation, ObservedOperation, str, str]


@dataclass(slots=True)
class _Sum:
    """What is counted of one edge."""

    errors: int = 0
    latencies: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Paired:
    """Edges in no order, entry spans by service, and counts of traces and of spans whose parent is missing."""

    edges: tuple[ObservedEdge, ...]
    services: dict[str, int]
    traces: int
    orphans: int


class Pairing:
    """
    Pairs spans with those they answer.

    A span is received when it is a consumer or its parent is a producer of another service. It is a hop when it is
    not received and its parent is of another service, or is a client while it is a server. Its entry is the span at
    which its service was entered. Spans whose parents go round in a circle are left out.
    """

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._entries: dict[bytes, Span | None] = {}
        for span in spans.values():
            if span.key not in self._entries:
                self._enter(span)
        self._sums: dict[EdgeKey, _Sum] = {}

    def paired(self) -> Paired:
        """Everything the spans say."""
        answered = self._hops()
        consumed = self._received()
        services: dict[str, int] = defaultdict(int)
        traces: set[bytes] = set()
        orphans = 0
        for span in self._grounded():
            traces.add(span.key[:TRACE_ID])
            orphans += bool(span.parent) and span.parent not in self._spans
            services[span.meaning.service] += self._entries[span.key] is span
            if span.meaning.kind == CLIENT and span.key not in answered:
                self._alone(span)
            elif span.meaning.kind == PRODUCER and span.key not in consumed:
                self._unconsumed(span)
        return Paired(tuple(self._edges()), dict(services), len(traces), orphans)

    # -- the tree ----------------------------------------------------------------------------------------

    def _enter(self, span: Span) -> None:
        """Find the entries of a span and of all above it; walks instead of recursing, as traces may be deep."""
        way: dict[bytes, Span] = {}
        current: Span | None = span
        while current is not None and current.key not in self._entries and current.key not in way:
            way[current.key] = current
            current = self._spans.get(current.parent)
        circle = current is not None and self._entries.get(current.key) is None
        above = None if current is None else self._entries.get(current.key)
        for each in reversed(way.values()):
            parent = self._spans.get(each.parent)
            if circle:
                above = None
            elif parent is None or _is_received(each, parent) or _is_hop(each, parent):
                above = each
            self._entries[each.key] = above

    def _grounded(self) -> Iterator[Span]:
        return (span for span in self._spans.values() if self._entries[span.key] is not None)

    def _entry(self, span: Span) -> ObservedOperation:
        return (self._entries[span.key] or span).meaning.operation

    # -- the edges ---------------------------------------------------------------------------------------

    def _hops(self) -> set[bytes]:
        """Count calls that were answered; the keys of the spans that made them."""
        answered: set[bytes] = set()
        for span in self._grounded():
            parent = self._spans.get(span.parent)
            if parent is None or not _is_hop(span, parent):
                continue
            answered.add(parent.key)
            if parent.meaning.kind == CLIENT:
                timed, failed = parent, parent.error or span.error
            else:
                timed, failed = span, span.error
            self._add(self._entry(parent), span.meaning.operation, "sync", timed, failed)
        return answered

    def _received(self) -> set[bytes]:
        """Count messages that were received; the keys of the spans that sent them."""
        consumed: set[bytes] = set()
        for span in self._grounded():
            parent = self._spans.get(span.parent)
            if not _is_received(span, parent):
                continue
            senders = {
                key: sender
                for key in (span.parent, *span.links)
                if (sender := self._spans.get(key)) is not None
                and sender.meaning.kind == PRODUCER
                and self._entries[key] is not None
            }
            consumed |= senders.keys()
            for sender in senders.values():
                sent = sender.meaning.destination
                self._add(self._entry(sender), span.meaning.operation, "messaging", span, span.error, sent)
            if not senders:
                self._add(_channel(span), span.meaning.operation, "messaging", span, span.error)
        return consumed

    def _alone(self, span: Span) -> None:
        """Count a call whose other side has no span: a database, or somebody outside."""
        meaning = span.meaning
        operation = meaning.operation
        if meaning.database:
            name, role, kind = meaning.database, "database", "database"
        elif not meaning.messaging:
            name, role, kind = meaning.peer or "unknown", "external", "external"
        else:
            return
        callee = ObservedOperation(name, role, operation.protocol, operation.name, meaning.host)
        self._add(self._entry(span), callee, kind, span, span.error)

    def _unconsumed(self, span: Span) -> None:
        self._add(self._entry(span), _channel(span), "messaging", span, span.error, span.meaning.destination)

    def _add(
        self, caller: ObservedOperation, callee: ObservedOperation, kind: str, timed: Span, failed: bool,
        channel: str = "",
    ) -> None:  # fmt: skip
        key = (caller, callee, kind, channel)
        known = self._sums.get(key)
        if known is None:
            known = self._sums[key] = _Sum()
        known.errors += failed
        known.latencies[bucket_of(max(0, timed.end - timed.start))] += 1

    def _edges(self) -> Iterator[ObservedEdge]:
        for (caller, callee, kind, channel), known in self._sums.items():
            latencies = tuple(sorted(known.latencies.items()))
            calls = sum(known.latencies.values())
            yield ObservedEdge(caller, callee, kind, calls, known.errors, latencies, channel)


def _is_received(span: Span, parent: Span | None) -> bool:
    if span.meaning.kind == CONSUMER:
        return True
    sent = parent is not None and parent.meaning.kind == PRODUCER
    return sent and parent is not None and parent.meaning.service != span.meaning.service


def _is_hop(span: Span, parent: Span) -> bool:
    if _is_received(span, parent):
        return False
    meaning, above = span.meaning, parent.meaning
    return above.service != meaning.service or (above.kind == CLIENT and meaning.kind == SERVER)


def _channel(span: Span) -> ObservedOperation:
    """The channel of a message whose other side has no span."""
    name = span.meaning.destination
    return ObservedOperation(name, "channel", span.meaning.operation.protocol, name)
