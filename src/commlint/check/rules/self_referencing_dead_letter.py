"""CL604."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level

_SAID = {
    "itself": "dead letters of {name} go back to itself",
    "cycle": "dead letters of {name} go to {target}, whose own come back to it",
    "missing": "dead letters of {name} go to {target}, which is not declared: the broker drops them",
}


@dataclass(frozen=True)
class SelfReferencingDeadLetter(Rule):
    """
    Dead letters go where they came from, or where nothing is.

    What it flags:
        A queue whose dead-letter target is the queue itself, a queue whose own target is the first one, or an exchange
        that whole definitions of a broker do not declare.

    Why it matters:
        A message that can never be processed goes round for ever, or the broker drops it without a word.

    Example:
        ```hcl
        resource "aws_sqs_queue" "orders" {
          redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.rejected.arn, maxReceiveCount = 5 })
        }
        resource "aws_sqs_queue" "rejected" {
          redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.orders.arn, maxReceiveCount = 5 })
        }
        ```

    Instead:
        Let dead letters end in a queue without a target of its own, and send them back by hand or by a redrive.

    What it cannot see:
        Rings of more than two queues. A queue of RabbitMQ that sends messages back after a while is a way to wait, and
        is not flagged.

    References:
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
        - https://www.rabbitmq.com/docs/dlx
    """

    code: ClassVar[str] = "CL604"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for each in graph.system.declared:
            if each.fault in _SAID and not each.shared:
                yield self.finding(
                    _SAID[each.fault].format(name=each.name, target=each.target),
                    each.region,
                    [each.channel],
                    help="name a queue of its own for dead letters, one that sends nothing on",
                )
