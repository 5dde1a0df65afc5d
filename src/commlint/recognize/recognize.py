"""The whole recognition, readable top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from commlint.guard import Guard
from commlint.model.operations import (
    CallEdge,
    ChannelSite,
    FunctionNode,
    Operation,
    Recognition,
    Role,
    Step,
)
from commlint.model.values import Value
from commlint.recognize import addresses, dispatched, frames, handlers, operations, policies, routing, steps, uses
from commlint.recognize.callgraph import CallGraph
from commlint.recognize.entered import from_entries
from commlint.recognize.modules import modules
from commlint.recognize.policies import Taints
from commlint.resolve import makers, worth
from commlint.resolve.conditions import holds
from commlint.resolve.entities import CallSite, Entities, Frame, Function
from commlint.resolve.handing import OF_MAKER
from commlint.resolve.locators import locate
from commlint.resolve.program import Program
from commlint.resolve.use import Use

Record = TypeVar("Record")

MAX_ROUNDS = 3
ROUTING = frozenset({"server", "mount"})
_PROVIDING = frozenset({"provide", "settings"})
RUNNING = frozenset({"spawn", "offload", "deadline", "retry", "breaker"})


def recognize(program: Program) -> Recognition:
    """Everything the library models know in the code of a system."""
    guard = Guard("recognizing what this code does")
    decorators = list(guard.each(uses.of_decorators(program)))
    program.learn_decorators(decorators)
    candidates = tuple(uses.candidates(program))
    _learn_handler_parameters(program, decorators, candidates)
    listing = [use for use in decorators if use.match.site.role == "provide" and use.match.site.child]
    program.learn_provided([*listing, *guard.each(_providing(program, candidates))])
    if program.provided.hands_out:
        # Handlers may be made by what a container was told of just now.
        _learn_handler_parameters(program, decorators, candidates)
    assigned = (*guard.each(uses.of_assignments(program)), *guard.each(uses.of_wholes(program)))
    standing = [*decorators, *guard.each(uses.of_classes(program)), *assigned]

    sites = [(site, seen) for site in candidates if (seen := _asked(guard, program, site)) is not None]
    by_role = _by_role((*(use for _, seen in sites for use in seen), *standing))
    program.learn_handed(guard.each(_handing(by_role)))
    program.learn_decorators(guard.each(_around_functions(program, by_role)))
    configuring = [use for use in by_role.get("configure", []) if holds(program, use)]
    program.learn_configuring(configuring)
    taints = policies.taints(program, configuring)
    mounts = routing.Mounts(program, by_role.get("mount", []))

    found = _Found()
    for site, seen in sites:
        guard.ask(site.path, _line(program, site), _of_call, program, site, seen, found, mounts, taints)
    for use in standing:
        guard.ask(use.scope.path, use.scope.line, _of_standing, program, use, found, mounts, taints)
    for path, index in program.own:
        for number in range(len(index.code.blocks)):
            guard.ask(path, 0, _of_block, program, path, number, found, taints)

    entered = {each.function for each in found.operations if each.role in (Role.SERVER, Role.CONSUMER)}
    found.operations = from_entries(program, found.operations, entered)
    between = guard.each(dispatched.calls(program, by_role.get("take", []), by_role.get("dispatch", [])))
    graph = CallGraph(program, [use for role in RUNNING for use in by_role.get(role, [])], entered, between)
    guard.ask("", 0, graph.grow, _functions(found))
    guard.ask("", 0, graph.register, found.operations)
    return Recognition(
        operations=operations.numbered(found.operations),
        steps=_sorted(_step_order, found.steps),
        channels=_sorted(_channel_order, found.channels),
        functions=graph.nodes(),
        calls=_sorted(_call_order, graph.edges),
        modules=modules(program),
        notices=guard.notices,
    )


def _asked(guard: Guard, program: Program, site: CallSite) -> tuple[Use, ...] | None:
    return guard.ask(site.path, _line(program, site), _promising, program, site)


def _line(program: Program, site: CallSite) -> int:
    return program.call(site).extent.start_line


def _of_block(program: Program, path: str, number: int, found: _Found, taints: Taints) -> None:
    _of_loop(program, path, number, found, taints)
    found.steps.extend(steps.of_handler(program, path, number))


def merged(parts: Iterable[Recognition]) -> Recognition:
    """Everything recognized in parts of a system that have nothing to do with each other."""
    known = tuple(parts)
    if len(known) == 1:
        return known[0]
    return Recognition(
        operations=operations.numbered([replace(each, id="") for part in known for each in part.operations]),
        steps=_sorted(_step_order, (each for part in known for each in part.steps)),
        channels=_sorted(_channel_order, (each for part in known for each in part.channels)),
        functions=_sorted(_function_order, (each for part in known for each in part.functions)),
        calls=_sorted(_call_order, (each for part in known for each in part.calls)),
        modules=_sorted(lambda module: module.path, (each for part in known for each in part.modules)),
        notices=tuple(sorted({each for part in known for each in part.notices})),
    )


def _sorted(order: Callable[[Record], Any], found: Iterable[Record]) -> tuple[Record, ...]:
    """The different ones in order; those that are not told apart by it keep theirs, which a set would not have."""
    return tuple(sorted(dict.fromkeys(found), key=order))


def _step_order(step: Step) -> tuple[object, ...]:
    return step.region, step.kind, step.detail


def _channel_order(site: ChannelSite) -> tuple[object, ...]:
    return site.region, site.kind, repr(site.channel)


def _function_order(node: FunctionNode) -> tuple[str, str]:
    path, _, name = node.id.partition("::")
    return path, "" if name == "<module>" else name


def _call_order(edge: CallEdge) -> tuple[object, ...]:
    return edge.region, edge.caller, edge.callee, edge.kind


class _Found:
    """What has been recognized so far."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.steps: list[Step] = []
        self.channels: list[ChannelSite] = []


def _promising(program: Program, site: CallSite) -> tuple[Use, ...] | None:
    """The uses a call makes; None when it makes none and no caller could tell more."""
    seen = uses.of_call(program, site)
    may_route = program.library(site.path).roles(program.called(site.path)[site.call]) & ROUTING
    if not seen and not uses.is_open(program.callee(site.path, site.call, site.frame)):
        return None
    return (
        (*(use for use in seen if use.match.site.role not in ROUTING), *_routing(program, site)) if may_route else seen
    )


def _routing(program: Program, site: CallSite) -> Iterator[Use]:
    """The routes and mounts a call makes, by each caller that gives the router or a path: `(app) => app.get(…)`."""

    def look(frame: Frame) -> tuple[Entities, tuple[Use, ...]]:
        here = CallSite(site.path, site.call, frame)
        made = (use for use in uses.of_call(program, here) if use.match.site.role in ROUTING)
        return program.callee(site.path, site.call, frame), tuple(made)

    def opens(seen: tuple[Entities, tuple[Use, ...]]) -> tuple[Value, ...]:
        called, made = seen
        opened = (worth.as_value(program, called),) if uses.is_open(called) else ()
        return (*opened, *(value for use in made for value in routing.paths_of(program, use)))

    for _, (_, made) in frames.expand(program, site.frame, look, opens):
        yield from made


def _by_role(used: Iterable[Use]) -> dict[str, list[Use]]:
    table: dict[str, list[Use]] = {}
    for use in used:
        table.setdefault(use.match.site.role, []).append(use)
    return table


def _handing(by_role: dict[str, list[Use]]) -> Iterator[tuple[Use, str, bool]]:
    """The uses that give a function its arguments without calling it: where they name it, and whether all of them."""
    for use in by_role.get("value", []):
        if use.match.site.value is not None and use.match.site.value.kind == "partial":
            yield use, use.match.site.value.of[0], False
    for role in ("offload", "spawn", "breaker", "retry", "deadline"):
        for use in by_role.get(role, []):
            if use.match.site.target and (role != "deadline" or use.match.site.target == OF_MAKER):
                yield use, use.match.site.target, True


def _around_functions(program: Program, by_role: dict[str, list[Use]]) -> Iterator[Use]:
    """The uses that bound or repeat a function they are given which nobody else calls, as if they stood on it."""
    for role in ("deadline", "retry", "breaker"):
        for use in by_role.get(role, []):
            located = locate(program, use, use.match.site.target) if use.match.site.target else None
            for entity in located or ():
                if isinstance(entity, Function) and _runs_here_only(program, entity):
                    yield replace(use, decorated=entity)


def _runs_here_only(program: Program, function: Function) -> bool:
    """Whether a function is run by what it is given to and by nothing else: it has no name, or nobody calls it."""
    return "<lambda@" in function.name.rpartition(".")[2] or not program.callers(function)


def _of_call(
    program: Program, site: CallSite, seen: tuple[Use, ...], found: _Found, mounts: routing.Mounts, taints: Taints
) -> None:
    for use in seen:
        if use.match.site.role == Role.SERVER and holds(program, use):
            found.operations.extend(operations.routes(program, use, mounts, taints))
    name = program.called(site.path)[site.call]
    roles = program.library(site.path).roles(name, program.takes_in_generated(site.path))
    roles |= {use.match.site.role for use in seen}
    if roles & operations.WIRE or uses.is_computed(program, site.path, program.call(site)):
        made = operations.of_call(program, site, taints)
        found.operations.extend(each for each in made if each.role is not Role.SERVER)
    if roles & steps.STEPS:
        found.steps.extend(steps.of_call(program, site))
    if roles & steps.DECLARING:
        found.channels.extend(steps.channels(program, site))


def _of_standing(program: Program, use: Use, found: _Found, mounts: routing.Mounts, taints: Taints) -> None:
    """What a decorator, a base class or an assignment makes of the function or class it stands on."""
    if not holds(program, use):
        return
    match use.match.site.role:
        case Role.SERVER:
            found.operations.extend(operations.routes(program, use, mounts, taints))
        case Role.PRODUCER if isinstance(use.decorated, Function) and program.function(use.decorated).is_abstract:
            # A message that an interface declares is sent where its method is called.
            return
        case Role.CONSUMER | Role.PRODUCER:
            address = addresses.address(program, use)
            own = policies.policies(program, use, taints)
            found.operations.extend(operations.with_handlers(program, use, address, own))
        case "declare" | "bind":
            found.channels.append(steps.channel_site(program, use))
        case _:
            found.steps.extend(steps.of_decorator(program, use))


def _of_loop(program: Program, path: str, block: int, found: _Found, taints: Taints) -> None:
    """Consumers that iterate over what they receive, one for each caller that names another channel."""
    entry = program.file(path).code.blocks[block]
    if entry.kind not in ("loop", "comprehension"):
        return

    def look(frame: Frame) -> operations.Sight:
        over = uses.looped_over(program, path, block, frame)
        opened = (worth.as_value(program, over),) if uses.is_open(over) else ()
        return operations.sight(program, uses.of_loops(program, path, block, frame), taints, opened)

    for _, seen in frames.expand(program, program.open_frame(path, entry.function), look, lambda sight: sight.opens):
        for use, address, own in seen.seen:
            if use.match.site.role == Role.CONSUMER:
                found.operations.extend(operations.with_handlers(program, use, address, own))


def _learn_handler_parameters(program: Program, decorators: list[Use], candidates: Iterable[CallSite]) -> None:
    """
    Tell the resolver what frameworks hand to handlers.

    Needed before bodies of handlers are looked at: an acknowledgement is a method of what the handler is given.
    A handler may set up the next one, so this is repeated while something is learned.
    """
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    made: dict[tuple[str, str], CallSite] = {}
    handing = [site for site in candidates if _hands_over(program, site)]
    for _ in range(MAX_ROUNDS):
        calls = (use for site in handing for use in uses.of_call(program, site))
        known = dict(told)
        for use in (*calls, *decorators, *uses.of_classes(program), *uses.of_assignments(program)):
            receives = use.match.site.role not in ROUTING
            handler = use.match.site.handler
            told_more = handler is not None and (handler.parameters or use.match.site.role == Role.CONSUMER)
            if handler is not None and told_more and holds(program, use):
                for function, _, _ in handlers.entries(program, use):
                    if receives:
                        program.receiving.add((function.path, function.name))
                    if not handler.parameters:
                        continue
                    told[function.path, function.name] = handler.parameters
                    maker = makers.own_maker(program, use)
                    if use.match.site.role == "mount" and use.site is not None:
                        maker = use.site
                    if maker is not None:
                        made[function.path, function.name] = maker
        if told == known:
            return
        program.learn_parameters(told, made)


def _providing(program: Program, candidates: Iterable[CallSite]) -> list[Use]:
    """The calls that tell a container what to give, or which class the configuration fills."""
    told = (site for site in candidates if _PROVIDING & _roles(program, site))
    found = [use for site in told for use in uses.of_call(program, site)]
    return [use for use in found if use.match.site.role in _PROVIDING and holds(program, use)]


def _roles(program: Program, site: CallSite) -> frozenset[str]:
    return program.library(site.path).roles(program.called(site.path)[site.call])


def _hands_over(program: Program, site: CallSite) -> bool:
    """Whether a call may give a handler its parameters."""
    return program.library(site.path).hands_over(program.called(site.path)[site.call])


def _functions(found: _Found) -> list[tuple[str, str]]:
    """The functions everything recognized belongs to."""
    ids = {each.function for each in found.operations} | {each.function for each in found.steps}
    ids |= {each.registered for each in found.operations if each.registered}
    split = [(path, "" if name == "<module>" else name) for path, _, name in (each.partition("::") for each in ids)]
    # Whoever calls the function around a handler without a name sets that handler up.
    around = [(path, name.rpartition(".<lambda@")[0]) for path, name in split if ".<lambda@" in name]
    return [*split, *around]
