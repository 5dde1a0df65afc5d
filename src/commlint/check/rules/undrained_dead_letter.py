"""CL605."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence


@dataclass(frozen=True)
class UndrainedDeadLetter(Rule):
    """
    Dead letters arrive where nobody looks.

    What it flags:
        A declared queue for dead letters that nothing which was read receives from, and that no declared alarm watches.

    Why it matters:
        Failed messages pile up unseen until their retention ends; then they are lost after all.

    Example:
        ```hcl
        resource "aws_sqs_queue" "orders_dlq" {}
        ```

    Instead:
        Raise an alarm when something arrives, or let a function look at it.
        ```hcl
        resource "aws_cloudwatch_metric_alarm" "orders_dlq" {
          metric_name         = "ApproximateNumberOfMessagesVisible"
          namespace           = "AWS/SQS"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 0
          dimensions          = { QueueName = aws_sqs_queue.orders_dlq.name }
        }
        ```

    What it cannot see:
        Alarms that are set elsewhere. Queues of brokers whose alarms no file declares are reported only as `possible`.

    References:
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """

    code: ClassVar[str] = "CL605"
    level: ClassVar[Level] = Level.NOTE

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for each in graph.system.declared:
            if each.dead_letter != "is-a-dlq" or each.kind != "queue" or each.watched or each.shared:
                continue
            if not graph.receivers(each.channel):
                yield self.finding(
                    f"nothing receives from {each.name}, and no alarm tells when dead letters arrive there",
                    each.region,
                    [each.channel],
                    help="raise an alarm when it is not empty, or receive from it",
                    confidence=Confidence.LIKELY if each.broker == "sqs" else Confidence.POSSIBLE,
                )
