"""CL506."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import place_of, seen_edges, subjects_of
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence


@dataclass(frozen=True)
class DuplicateProcessing(Rule):
    """
    Traces show messages being processed more than once.

    What it flags:
        A consumer that received the same message again, at least `min-share` of all it received and `min-times` in all,
        where nothing is known to make a repetition harmless.

    Why it matters:
        Brokers deliver at least once. What has an effect twice charges twice, ships twice, mails twice.

    Example:
        Of 5,000 messages from `payments` `mailer` received 130 a second time.

    Instead:
        Make the work idempotent (a key that is unique, a table of what is done, an upsert), and acknowledge once it
        is done.

    What it cannot see:
        Whether the second time did anything. Messages of one batch share one sending span: a consumer that takes them
        one by one looks as if it took the same message again.

    References:
        - https://microservices.io/patterns/communication-style/idempotent-consumer.html
    """

    code: ClassVar[str] = "CL506"
    level: ClassVar[Level] = Level.WARNING
    needs_traces: ClassVar[bool] = True
    min_times: int = option(2, "repetitions that must have been seen")
    min_share: float = option(0.001, "share of the messages that must have come again")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for edge, seen in seen_edges(graph):
            if edge.kind != "receive" or seen.redeliveries < max(self.min_times, self.min_share * seen.calls):
                continue
            channel = graph.channels[edge.target].name
            yield self.finding(
                f"{edge.source_service} received {seen.redeliveries} of {seen.calls} messages of {channel} again",
                place_of(edge, graph),
                subjects_of(edge),
                help="make the work idempotent, and acknowledge once it is done",
                confidence=Confidence.LIKELY,
                services=[edge.source_service],
            )
