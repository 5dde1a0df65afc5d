"""When a handler settles its message: above its work, or below."""

from __future__ import annotations

from commlint.check.handlers import MessageHandler, acknowledges, work_of
from commlint.graph import SystemGraph
from commlint.graph.code import WAITS
from commlint.model.operations import Step
from commlint.model.places import Region
from commlint.model.system import ServiceOperation


def acknowledged_early(handler: MessageHandler, graph: SystemGraph) -> Region | None:
    """The acknowledgement by hand that stands above all work of a function the handler runs."""
    for function in sorted(graph.code.reachable(handler.function, WAITS, graph.entry_functions)):
        early = _early_acknowledgement(function, handler, graph)
        if early is not None:
            return early
    return None


def _early_acknowledgement(function: str, handler: MessageHandler, graph: SystemGraph) -> Region | None:
    """
    An acknowledgement in `function` above all its work.

    When there is another one below, the first belongs to messages that are not worked on.
    """
    acknowledgements = [step for step in graph.steps_in(function) if acknowledges(step)]
    lines = [line for exit in work(handler, graph) for line in _lines_in(function, exit, graph)]
    if not acknowledgements or not lines:
        return None
    first = min(lines)
    late = [step for step in _settlements(function, graph) if step >= first]
    early = [step.region for step in acknowledgements if not step.handler and step.region.start_line < first]
    return early[0] if early and not late else None


def _settlements(function: str, graph: SystemGraph) -> list[int]:
    """Lines of a function at which a message is acknowledged or rejected, itself or in a function it calls."""
    own = [step.region.start_line for step in graph.steps_in(function) if settles(step)]
    below = [
        call.region.start_line
        for call in graph.code.calls_from(function)
        if call.callee != function
        for step in graph.steps_reached(call.callee)
        if settles(step)
    ]
    return own + below


def work(handler: MessageHandler, graph: SystemGraph) -> list[ServiceOperation]:
    """What a handler does to the world."""
    return [exit for _, exit in work_of(handler, graph)]


def _lines_in(function: str, exit: ServiceOperation, graph: SystemGraph) -> list[int]:
    """The lines of a function that do the work of an operation, itself or by calling what does."""
    operation = exit.operation
    if operation.function == function:
        return [(operation.via[0] if operation.via else operation.region).start_line]
    return [
        call.region.start_line
        for call in graph.code.calls_from(function)
        if operation.function in graph.code.reachable(call.callee, not_into=graph.entry_functions)
    ]


def settles(step: Step) -> bool:
    """Whether a step acknowledges or rejects a message, at once or at the end of a block."""
    return acknowledges(step) or step.kind in ("acknowledge", "reject")
