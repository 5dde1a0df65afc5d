"""What stands around a call and changes how it runs: loops, deadlines, retries, breakers, exception handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from commlint.model.code import Block
from commlint.model.operations import STRAIGHT, UNKNOWN, Course, Loop, Policies, Policy, RetryPolicy, State
from commlint.model.places import Region
from commlint.model.values import CallResult, Literal, Mapping, Sequence, Value, show
from commlint.recognize import courses, policies, uses
from commlint.recognize.policies import Taints
from commlint.resolve.conditions import holds
from commlint.resolve.entities import CallSite, Data, External, Frame, Function, Made, Method, Scope, Written
from commlint.resolve.program import Program
from commlint.resolve.use import Use

FEW = 4
_NO_TAINTS = Taints({})
_ENDLESS = ("builtins.iter", "itertools.count", "itertools.repeat", "itertools.cycle")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What holds for one call because of where it stands.

    `kind`: how the function it calls is run: call, spawn or offload.
    `clause`: the innermost except or finally it stands in; `rescues` when an except is one of those around it.
    """

    loop: Loop | None = None
    deadline: Policy = UNKNOWN
    retry: RetryPolicy | None = None
    breaker: Policy = UNKNOWN
    handled: bool = False
    rescues: bool = False
    kind: str = "call"
    clause: Region | None = None
    course: Course = STRAIGHT


def around(program: Program, site: CallSite) -> Surroundings:
    """What stands around a call, in its own function."""
    index = program.file(site.path)
    call = program.call(site)
    found = Surroundings(loop=loop(program, site))
    for number, block in index.blocks(call.block):
        if block.kind in ("except", "finally"):
            clause, rescues = found.clause or Region.of(site.path, block.extent), block.kind == "except"
            found = replace(found, handled=True, clause=clause, rescues=rescues or found.rescues)
        elif block.kind == "with" and isinstance(block.value, CallResult):
            found = _apply(program, found, uses.of_call(program, CallSite(site.path, block.value.call, site.frame)))
        elif block.kind == "loop":
            found = _apply(program, found, uses.of_loops(program, site.path, number, site.frame))
    outer, child = call.inside, site.call
    while outer >= 0:
        found = _apply(program, found, _running(program, CallSite(site.path, outer, site.frame), child))
        outer, child = index.code.calls[outer].inside, outer
    beside = found.kind == "offload" and courses.goes_on(program, site)
    return replace(found, course=courses.course(program, site, beside))


def run(program: Program, site: CallSite, near: Surroundings) -> str:
    """How a call runs the function that it calls or is handed: spawn, offload, or "" for as any call does."""
    if near.kind != "call":
        return near.kind
    handing = (use.match.site for use in uses.of_call(program, site))
    return next((model.role for model in handing if model.role in ("spawn", "offload") and model.target), "")


def of_function(program: Program, function: Function) -> Surroundings:
    """What the decorators of a function put around everything in it."""
    found = Surroundings()
    for use in program.remember_uses(function):
        if holds(program, use):
            found = _apply(program, found, (use,))
    return found


def of_frame(program: Program, frame: Frame) -> Iterator[Surroundings]:
    """The same of the function of a frame and, where that is a callback without a name, of those it is written in."""
    name = frame.function
    yield of_function(program, Function(frame.path, name))
    for around in program.file(frame.path).enclosing(name):
        if "<lambda@" not in name.rpartition(".")[2]:
            return
        name = around
        yield of_function(program, Function(frame.path, name))


def _running(program: Program, site: CallSite, child: int) -> tuple[Use, ...]:
    """The uses of an enclosing call that run the inner one: it is what their `target` names."""
    found = []
    for use in uses.of_call(program, site):
        if use.match.site.target and _is_target(program, use, child):
            found.append(use)
    return tuple(found)


def _is_target(program: Program, use: Use, child: int) -> bool:
    wanted = CallResult(child)
    for locator in use.match.site.target.split("|"):
        kind, _, rest = locator.strip().partition(":")
        for position, argument in enumerate(each for each in use.arguments if each.name is None):
            if kind == "arg" and rest in (str(position), "*") and _holds(argument.value, wanted):
                return True
        if kind == "kw" and any(each.name == rest and each.value == wanted for each in use.arguments):
            return True
    return False


def _holds(given: Value, wanted: Value) -> bool:
    """Whether an argument is the call, or a list of calls with it among them."""
    return given == wanted or (isinstance(given, Sequence) and wanted in given.items)


def _apply(program: Program, found: Surroundings, applied: tuple[Use, ...]) -> Surroundings:
    """What uses of the roles deadline, retry, breaker, spawn and offload add."""
    for use in applied:
        options = use.match.site.policies
        match use.match.site.role:
            case "deadline" if found.deadline.state is not State.SET and "timeout" in options:
                told = policies.policy(program, use, options["timeout"], "timeout", _NO_TAINTS)
                found = replace(
                    found, deadline=replace(told, source="context", whole=True) if told.state is State.SET else told
                )
            case "retry" if found.retry is None:
                found = replace(found, retry=policies.retry(program, use))
            case "breaker":
                region = Region(use.scope.path, use.scope.line or 1, 1, use.scope.line or 1, 1)
                found = replace(found, breaker=Policy(State.SET, None, use.match.model.library, region))
            case "spawn" | "offload":
                found = replace(found, kind=use.match.site.role)
            case _:
                pass
    return found


def merge(own: Policies, near: Surroundings) -> Policies:
    """An operation's own policies with what stands around it."""
    timeout = own.timeout
    if near.deadline.state is not State.UNKNOWN and timeout.state is not State.SET:
        timeout = near.deadline if near.deadline.state is State.SET else timeout
    elif near.deadline.source and timeout.state is State.UNSET:
        timeout = near.deadline
    if near.retry is not None and timeout is own.timeout:
        # What is put around the call makes it anew, with a new bound each time.
        timeout = replace(timeout, whole=False)
    return replace(
        own,
        timeout=timeout,
        retry=near.retry if near.retry is not None else own.retry,
        breaker=near.breaker if near.breaker.state is State.SET else own.breaker,
    )


# -- loops ---------------------------------------------------------------------------------------------


def loop(program: Program, site: CallSite) -> Loop | None:
    """The innermost loop a call runs in that matters, with its kind (see `model.operations.Loop`)."""
    index = program.file(site.path)
    call = program.call(site)
    for number, block in index.blocks(call.block):
        if block.kind in ("loop", "comprehension", "while"):
            kind = _kind(program, site, number, block)
            over = show(block.value) if block.value is not None else ""
            return Loop(kind, Region.of(site.path, block.extent), over if len(over) <= 60 else "")
    return None


def _kind(program: Program, site: CallSite, number: int, block: Block) -> str:
    if block.kind == "while":
        return "retry" if _left_on_success(program, site, number) else "poll"
    applied = uses.of_loops(program, site.path, number, site.frame)
    if any(use.match.site.role == "retry" for use in applied):
        return "retry"
    if applied or block.value is None:
        return "poll"
    scope = Scope(site.frame, block.extent.start_line, block.parent)
    return _kind_of_iterable(program, site, number, block.value, scope)


def _kind_of_iterable(program: Program, site: CallSite, number: int, value: Value, scope: Scope) -> str:
    called = _called_name(program, value, scope)
    if called in _ENDLESS:
        return "pages"
    if called == "builtins.range":
        return "retry" if _left_on_success(program, site, number) else "fixed"
    for entity in program.evaluate(value, scope):
        match entity:
            case Written(value=Sequence(items=items, open=False)) if len(items) <= FEW:
                return "fixed"
            case Written(value=Mapping(entries=entries, open=False)) if len(entries) <= FEW:
                return "fixed"
            case Made(type=name) | Method(name=name) if name.split(".")[-1].startswith(("range", "count")):
                return "fixed"
            case Data(value=Literal()):
                return "fixed"
            case _:
                pass
    return "retry" if _left_on_success(program, site, number) else "data"


def _called_name(program: Program, value: Value, scope: Scope) -> str:
    if not isinstance(value, CallResult):
        return ""
    for entity in program.callee(scope.path, value.call, scope.frame):
        if isinstance(entity, External):
            return entity.name
    return ""


def _left_on_success(program: Program, site: CallSite, number: int) -> bool:
    """Whether the loop is left once the call succeeds: the call is tried, and a return or break follows it."""
    index = program.file(site.path)
    call = program.call(site)
    inner = [n for n, _ in index.blocks(call.block)]
    if not any(index.code.blocks[n].kind == "try" for n in inner[: inner.index(number)]):
        return False
    for entry in index.code.exits:
        if (
            entry.function == call.function
            and entry.kind in ("return", "break")
            and entry.extent.end_line >= call.extent.start_line
        ):
            chain = [n for n, _ in index.blocks(entry.block)]
            kinds = {index.code.blocks[n].kind for n in chain[: chain.index(number)]} if number in chain else None
            if kinds is not None and "except" not in kinds:
                return True
    return False
