"""When a handler settles its message: above its work, or below."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.check.handlers import MessageHandler, acknowledges, word, work_of
from commlint.graph import SystemGraph
from commlint.graph.code import WAITS
from commlint.model.operations import CallEdge, Confidence, Step
from commlint.model.places import Region
from commlint.model.system import ServiceOperation


@dataclass(frozen=True, slots=True)
class Left:
    """Where a handler starts its work without waiting for it, and how sure it is that nobody does."""

    region: Region
    sure: Confidence


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


def left_running(handler: MessageHandler, graph: SystemGraph) -> Left | None:
    """The first call that starts the work without waiting, when all of it is only started and then acknowledged."""
    waited = graph.code.reachable(handler.function, WAITS, graph.entry_functions)
    started = graph.code.reachable(handler.function, not_into=graph.entry_functions) - waited
    calls = [call for name in waited for call in graph.code.calls_from(name)]
    starting = {call.region: call for call in calls if call.callee in started}
    exits = work(handler, graph)
    if not exits or not all(_is_started(exit, started, starting) for exit in exits):
        return None
    by_library = any(word(consumer.policies.acknowledgement) == "after" for consumer in handler.consumers)
    if not by_library and not (_settled_in(waited, graph) and not _settled_in(started, graph)):
        return None
    # What starts work may still wait for it further down, which is known only of a promise that is dropped.
    dropped = all(call.course.beside for call in starting.values())
    first = min(starting, default=None)
    return Left(first, Confidence.LIKELY if dropped else Confidence.POSSIBLE) if first is not None else None


def _is_started(exit: ServiceOperation, started: frozenset[str], starting: dict[Region, CallEdge]) -> bool:
    """Whether an operation happens in what is only started; what a wrapper does there counts for who calls that."""
    return exit.operation.function in started or any(region in starting for region in exit.operation.via)


def _settled_in(functions: frozenset[str], graph: SystemGraph) -> bool:
    return any(settles(step) for function in functions for step in graph.steps_in(function))
