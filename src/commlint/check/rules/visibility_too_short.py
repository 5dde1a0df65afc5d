"""CL212."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence


@dataclass(frozen=True)
class VisibilityTooShort(Rule):
    """
    A queue gives a message to someone else while the function that has it may still be at work.

    What it flags:
        A queue whose visibility timeout is shorter than the timeout of the function it starts, times the factor that
        the platform asks for.

    Why it matters:
        The message comes back before it is done: it is handled twice, and its count of deliveries grows until it is
        taken for one that can never be processed.

    Example:
        ```hcl
        resource "aws_sqs_queue" "orders" {
          visibility_timeout_seconds = 30
        }
        resource "aws_lambda_function" "work" {
          timeout = 60
        }
        resource "aws_lambda_event_source_mapping" "work" {
          event_source_arn = aws_sqs_queue.orders.arn
          function_name    = aws_lambda_function.work.arn
        }
        ```

    Instead:
        Give the queue six times the timeout of its function.
        ```hcl
        resource "aws_sqs_queue" "orders" {
          visibility_timeout_seconds = 360
        }
        ```

    What it cannot see:
        How long a handler that is no declared function may take, and values that are only known when it is deployed.

    References:
        - https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """

    code: ClassVar[str] = "CL212"
    level: ClassVar[Level] = Level.WARNING
    factor: int = option(6, "how many times the timeout of its function a queue must wait")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for each in graph.system.declared:
            if each.shared or each.kind != "queue" or each.visibility is None or each.runs_for is None:
                continue
            wanted = self.factor * each.runs_for
            if each.visibility < wanted:
                shorter = each.visibility < each.runs_for
                yield self.finding(
                    f"messages of {each.name} come back after {each.visibility:g} s, "
                    f"while the function that has them may run {each.runs_for:g} s",
                    each.region,
                    [each.channel],
                    help=f"let it wait {wanted:g} s, or let the function take less",
                    confidence=Confidence.CERTAIN if shorter else Confidence.LIKELY,
                )
