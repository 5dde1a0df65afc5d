"""Observe: recorded traces become counted edges."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from io import BufferedReader
from typing import Final

from commlint.model.facts import Notice
from commlint.model.observations import Observations, ObservedEdge, TraceSource
from commlint.observe.compression import UnreadableError, inflated, opened
from commlint.observe.conventions import Describer
from commlint.observe.pairing import Pairing
from commlint.observe.port import Span, TraceReader
from commlint.observe.records import RECORD_LIMIT, UNKNOWN, Record, Trouble, records
from commlint.plugins import on_shelf

SHELF: Final = "commlint.observe.readers"
MOST_SPANS: Final = 5_000_000
"""Spans that are held in memory at a time: about 2 GiB."""

PATIENCE: Final = 10_000
"""Records without any span after which a file is no longer believed to hold traces."""


def observe(sources: Iterable[TraceSource], most: int = MOST_SPANS) -> Observations:
    """
    What the traces say, in whatever files their spans stand; total: trouble in a file is a notice.

    Every file is read once. The order of files and spans makes no difference, unless there are more than `most`.
    """
    with _no_collection():
        gathering = _Gathering(most)
        for source in sources:
            if not gathering.read(source):
                break
        paired = Pairing(gathering.spans).paired()
        found = Observations(
            edges=paired.edges,
            services=tuple(sorted(paired.services.items())),
            spans=len(gathering.spans),
            traces=paired.traces,
            orphans=paired.orphans,
            notices=tuple(gathering.notices()),
        )
        return merge(found, Observations())


def merge(one: Observations, other: Observations) -> Observations:
    """
    What two sets of traces say together; associative and commutative.

    It is what `observe` says of all of them when no trace is split between the two sets.
    """
    services = Counter(dict(one.services))
    services.update(dict(other.services))
    return Observations(
        edges=_together((*one.edges, *other.edges), services),
        services=tuple(sorted(services.items())),
        spans=one.spans + other.spans,
        traces=one.traces + other.traces,
        orphans=one.orphans + other.orphans,
        notices=tuple(sorted({*one.notices, *other.notices})),
    )


def _together(edges: Iterable[ObservedEdge], services: Counter[str]) -> tuple[ObservedEdge, ...]:
    """Edges with the same sides added up, sorted; who is outside is known only when all services are."""
    groups: dict[tuple[object, ...], list[ObservedEdge]] = defaultdict(list)
    for edge in edges:
        if edge.kind == "external" and edge.callee.service in services:
            edge = replace(edge, kind="unpaired")
        groups[edge.caller, edge.callee, edge.kind, edge.channel].append(edge)
    return tuple(_sum(groups[key]) for key in sorted(groups))


def _sum(edges: list[ObservedEdge]) -> ObservedEdge:
    latencies: Counter[int] = Counter()
    for edge in edges:
        latencies.update(dict(edge.latencies))
    return replace(
        edges[0],
        calls=sum(edge.calls for edge in edges),
        errors=sum(edge.errors for edge in edges),
        latencies=tuple(sorted(latencies.items())),
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing made here is cyclic, and looking for it would take longer than all the rest."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class _Gathering:
    """The spans of all files so far, and what was wrong with them."""

    most: int
    spans: dict[bytes, Span] = field(default_factory=dict)
    _describer: Describer = field(default_factory=Describer)
    _readers: tuple[TraceReader, ...] = field(
        default_factory=lambda: tuple(reader() for reader in on_shelf(SHELF, TraceReader))
    )
    _first: dict[tuple[str, str], int] = field(default_factory=dict)
    _times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def read(self, source: TraceSource) -> bool:
        """Take in one file; False once there is no room for more."""
        try:
            with closing(source.open()) as file:
                self._read(source.name, opened(file))
        except UnreadableError as error:
            self._complain(source.name, 0, str(error))
        except OSError as error:
            self._complain(source.name, 0, f"cannot be read ({error.strerror or error}), left out")
        if len(self.spans) < self.most:
            return True
        self._complain(source.name, 0, f"{self.most} spans are read, the rest is left out; give less")
        return False

    def _read(self, name: str, stream: BufferedReader) -> None:
        in_vain = 0
        for each in records(stream):
            if isinstance(each, Record) and self._take(name, each):
                in_vain = 0
            else:
                in_vain += 1
            if isinstance(each, Trouble):
                self._complain(name, each.line, each.message)
            if in_vain >= PATIENCE:
                self._complain(name, 0, f"{PATIENCE} records in a row without a span, the rest is left out")
            if in_vain >= PATIENCE or len(self.spans) >= self.most:
                return

    def notices(self) -> Iterator[Notice]:
        """Every kind of trouble of every file once, where it is met first."""
        for (name, message), line in self._first.items():
            more = self._times[name, message] - 1
            yield Notice(name, line, f"{message} (and {more} more like this)" if more else message)

    def _take(self, name: str, record: Record) -> bool:
        """Take in one record; whether it holds spans."""
        try:
            content = inflated(record.content, RECORD_LIMIT)
        except UnreadableError as error:
            self._complain(name, record.line, f"a record {error}")
            return False
        reader = next((each for each in self._readers if each.claims(content)), None)
        if reader is None:
            self._complain(name, record.line, UNKNOWN)
            return False
        reading = reader.read(content, self._describer)
        for problem in reading.problems:
            self._complain(name, record.line, problem)
        for span in reading.spans:
            known = self.spans.setdefault(span.key, span)
            # Exporters send a batch again when they are not sure that it arrived.
            if known is not span and span.order < known.order:
                self.spans[span.key] = span
        return bool(reading.spans)

    def _complain(self, name: str, line: int, message: str) -> None:
        self._first.setdefault((name, message), line)
        self._times[name, message] += 1
