"""CL507."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import other_side
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence, Evidence
from commlint.model.system import Edge


@dataclass(frozen=True)
class OrphanedSpans(Rule):
    """
    Requests or messages begin traces of their own though code shows who makes them.

    What it flags:
        A call whose endpoint began at least `min-traces` traces, while traces saw the caller's side of at least as
        many of its calls without an answer, or the caller at work and never the call. A channel whose consumer was
        seen receiving messages that nobody sent, and its producer sending messages that nobody received, at least as
        often.

    Why it matters:
        The context of the trace is lost on that hop. Whoever looks for the cause of an error, or for what a request
        waits for, sees two traces that have nothing to do with each other; latencies and depths are too small.

    Example:
        The code of `web` calls `GET /stock/{sku}` of `stock`, and all 8,000 spans of that endpoint begin a trace.

    Instead:
        Instrument the client, or pass the headers on: `traceparent` of W3C Trace Context, for messages in their
        headers.

    What it cannot see:
        Whether a request came from outside, where endpoints are called by both: then nothing is told unless the
        caller's own spans are there without an answer.

    References:
        - https://www.w3.org/TR/trace-context/
        - https://opentelemetry.io/docs/concepts/context-propagation/
    """

    code: ClassVar[str] = "CL507"
    level: ClassVar[Level] = Level.NOTE
    needs_traces: ClassVar[bool] = True
    min_traces: int = option(10, "traces that must have begun there")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        entered, began = dict(graph.system.watched.entered), dict(graph.system.watched.began)
        for edge in graph.system.edges:
            if edge.kind == "sync" and edge.source in graph.operations and edge.target in graph.endpoints:
                handler = graph.endpoints[edge.target].operation
                starts = began.get(handler, 0)
                if starts >= self.min_traces and self._lost(edge, starts == entered.get(handler, 0), entered, graph):
                    yield self._finding(edge, f"began {starts} traces", graph)
            elif edge.kind == "send" and edge.source in graph.operations:
                yield from self._channel(edge, graph)

    def _lost(self, edge: Edge, always: bool, entered: dict[str, int], graph: SystemGraph) -> bool:
        if edge.observed is not None:
            return edge.observed.unanswered >= self.min_traces
        if Evidence.OBSERVED in edge.evidence or edge.source_service == edge.target_service:
            return False
        return always and sum(entered.get(flow.entry, 0) for flow in graph.flows_to(edge.source)) >= self.min_traces

    def _channel(self, send: Edge, graph: SystemGraph) -> Iterator[Finding]:
        """Both halves of the messages of a channel were seen, and never as one."""
        taken = [edge for edge in graph.edges_to(send.target) if edge.kind == "receive" and edge.observed]
        halves = sum(edge.observed.unanswered for edge in taken if edge.observed)
        whole = any(edge.observed.unanswered < edge.observed.calls for edge in taken if edge.observed)
        if send.observed is None or whole or min(send.observed.unanswered, halves) < self.min_traces:
            return
        takers = ", ".join(sorted({edge.source_service for edge in taken}))
        yield self._finding(send, f"came {halves} times to {takers} without the trace it was sent in", graph)

    def _finding(self, edge: Edge, what: str, graph: SystemGraph) -> Finding:
        caller = graph.operations[edge.source]
        endpoint = graph.endpoints.get(edge.target)
        named = f"{endpoint.method} {endpoint.path} of {endpoint.service}".strip() if endpoint else ""
        return self.finding(
            f"{named or other_side(edge, graph)} {what}, though {caller.label} of {edge.source_service} leads there: "
            "the context is lost on the way",
            caller.operation.region,
            [edge.source, edge.target],
            help="instrument the client, or pass `traceparent` on",
            confidence=min(edge.confidence, Confidence.LIKELY, key=lambda one: one.rank),
            related=[Related(endpoint.region, f"{endpoint.service} answers here")] if endpoint else [],
            services=[edge.source_service],
        )
