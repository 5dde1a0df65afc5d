"""Uses → operations: clients and producers seen through wrappers, servers and consumers with their handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from commlint.model.operations import UNKNOWN, Address, Confidence, Loop, Operation, Policies, Role
from commlint.model.places import Extent, Region
from commlint.model.values import Choice, Literal, Value
from commlint.recognize import addresses, courses, effects, frames, handlers, policies, promises, surroundings, uses
from commlint.recognize.derived import by_class
from commlint.recognize.policies import Taints
from commlint.recognize.routing import Mounts, join, routers
from commlint.recognize.subscribed import subscriptions
from commlint.resolve import types, worth
from commlint.resolve.conditions import holds
from commlint.resolve.entities import CallSite, Frame, Function, function_id
from commlint.resolve.locators import locate
from commlint.resolve.options import style as style_of
from commlint.resolve.program import Program
from commlint.resolve.use import Use

WIRE = frozenset(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one call is in one frame: its uses, each with address and policies."""

    seen: tuple[tuple[Use, Address, Policies], ...]
    opens: tuple[Value, ...]


def of_call(program: Program, site: CallSite, taints: Taints) -> Iterator[Operation]:
    """The operations a call makes, one for each caller it differs for."""

    def look(frame: Frame) -> Sight:
        return _sight(program, CallSite(site.path, site.call, frame), taints)

    found = frames.expand(program, site.frame, look, lambda sight: sight.opens)
    views = [(frame, sight) for frame, sight in found if sight.seen]
    if len(views) > 1 and len({_meaning(sight) for _, sight in views}) == 1 and len(views) == len(found):
        views = [(site.frame, views[0][1])]
    for frame, sight in views:
        for use, address, own in sight.seen:
            for made in _operations(program, CallSite(site.path, site.call, frame), use, address, own):
                yield from by_class(program, made) if made.role is Role.PRODUCER else (made,)


def _meaning(sight: Sight) -> tuple[object, ...]:
    return tuple((use.match.name, use.match.site.role, address, own) for use, address, own in sight.seen)


def _sight(program: Program, site: CallSite, taints: Taints) -> Sight:
    entities = program.callee(site.path, site.call, site.frame)
    opened = (worth.as_value(program, entities),) if uses.is_open(entities) else ()
    return sight(program, uses.of_call(program, site), taints, opened)


def sight(program: Program, used: tuple[Use, ...], taints: Taints, opened: tuple[Value, ...] = ()) -> Sight:
    """The wire uses among `used` with address and policies; `opened` are further values a caller must bind."""
    seen = []
    opens: list[Value] = list(opened)
    for use in used:
        if use.match.site.role not in WIRE or not holds(program, use):
            continue
        address = addresses.address(program, use)
        own = policies.policies(program, use, taints)
        seen.append((use, address, own))
        opens.extend(_deciding(program, use, address, own))
    opens.extend(_differing(seen))
    return Sight(tuple(seen), tuple(opens))


def _differing(seen: list[tuple[Use, Address, Policies]]) -> Iterator[Value]:
    """What one call leads to, where that differs with the object it is made on."""
    by_name: dict[tuple[str, str], list[Address]] = {}
    for use, address, _ in seen:
        by_name.setdefault((use.match.name, use.match.site.role), []).append(address)
    for several in by_name.values():
        for part in ("url", "host", "channel", "exchange"):
            values = dict.fromkeys(value for each in several if (value := getattr(each, part)) is not None)
            if len(values) > 1:
                yield Choice(tuple(values))


def _deciding(program: Program, use: Use, address: Address, own: Policies) -> Iterator[Value]:
    """The values a caller must bind before the operation is understood."""
    yield from addresses.leading(address.url)
    for value in (address.host, address.channel, address.exchange, address.routing_key):
        if value is not None:
            yield value
    option = use.match.site.policies.get("timeout")
    for locator in option.at.split("|") if option and option.at else ():
        entities = locate(program, use, locator.strip())
        if entities is not None:
            yield worth.as_value(program, entities)
            break
    if own.acknowledgement.value is not None:
        yield own.acknowledgement.value
    handler = use.match.site.handler
    if handler is not None and use.match.site.role == Role.CONSUMER:
        entities = locate(program, use, handler.at)
        if entities is not None and uses.is_open(entities):
            yield worth.as_value(program, entities)


def _operations(program: Program, site: CallSite, use: Use, address: Address, own: Policies) -> Iterator[Operation]:
    role = Role(use.match.site.role)
    if role in (Role.SERVER, Role.CONSUMER):
        yield from _received(program, site.frame, use, address, own)
        return
    done = effects.effect(program, use, role, use.match.site.protocol, address)
    if use.match.site.effect == effects.CHANGED and not done:
        return
    call = program.call(site)
    near = surroundings.around(program, site)
    merged = surroundings.merge(own, near)
    loop, course, kind, rescues = near.loop, near.course, near.kind, near.rescues
    current: Frame | None = site.frame
    while current is not None and current.function:
        for each in surroundings.of_frame(program, current):
            merged = surroundings.merge(merged, each)
        if current.site is None:
            break
        around = surroundings.around(program, current.site)
        merged = surroundings.merge(merged, around)
        loop, course, rescues = loop or around.loop, around.course.then(course), rescues or around.rescues
        alone = promises.runs_on_alone(program, current.site, Function(current.path, current.function))
        kind = surroundings.run(program, current.site, around) or ("spawn" if alone else kind)
        current = current.site.frame
    root = site.frame.root
    protocol = use.match.site.protocol
    style, give = _style(program, use, kind), program.library(site.path).aside
    if style == "awaitable" and promises.is_dropped(program, site):
        style = "spawned"
    promised = style == "awaitable" and courses.goes_on(program, site)
    yield Operation(
        id="",
        role=role,
        protocol=protocol,
        library=use.match.model.library,
        function=function_id(root.path, root.function),
        region=Region.of(site.path, call.extent),
        address=address,
        style=style,
        effect=done,
        policies=merged,
        via=frames.way(program, site.frame),
        loop=loop,
        confidence=_confidence(program, site),
        symbol=use.match.name,
        decided=frames.deciding_file(root, root.path),
        aside=give.remedy() if give and style == "blocking" else None,
        course=replace(course, beside=True) if promised else course,
        rescues=rescues,
    )


def _style(program: Program, use: Use, kind: str) -> str:
    if kind == "spawn":
        return "spawned"
    told = style_of(program, use)
    value = worth.as_value(program, told) if told else None
    style = str(value.value) if isinstance(value, Literal) else "blocking"
    if style == "blocking" and use.site is not None and program.call(use.site).awaited:
        return "awaitable"
    if style == "awaitable" and use.site is not None and program.call(use.site).blocked:
        style = "blocking"
    return "offloaded" if kind == "offload" and style == "blocking" else style


def _confidence(program: Program, site: CallSite) -> Confidence:
    """Certain when the call can be only this."""
    called = program.callee(site.path, site.call, site.frame)
    known = [each for each in called if isinstance(each, Function) or types.library_name(program, each)[0]]
    return Confidence.CERTAIN if len(known) == 1 else Confidence.LIKELY


# -- servers and consumers -----------------------------------------------------------------------------


def _received(program: Program, frame: Frame, use: Use, address: Address, own: Policies) -> Iterator[Operation]:
    """What a call answers or receives: once for each subscription, where another function makes these."""
    found = list(subscriptions(program, frame, address.channel)) if use.match.site.role == Role.CONSUMER else []
    for channel, caller in found:
        for operation in with_handlers(program, use, replace(address, channel=channel), own):
            path = operation.function.partition("::")[0]
            yield replace(operation, decided=frames.deciding_file(caller, path) or operation.decided)
    if not found:
        yield from with_handlers(program, use, address, own)


def with_handlers(program: Program, use: Use, address: Address, own: Policies) -> Iterator[Operation]:
    """One operation for each handler of a server or consumer use."""
    site = use.match.site
    if _only_wakes(program, use):
        own = replace(own, acknowledgement=UNKNOWN)
    for function, member, meaning in handlers.entries(program, use):
        told = _address_of(program, use, address, function, member, meaning)
        near = surroundings.of_function(program, function)
        yield Operation(
            id="",
            role=Role(site.role),
            protocol=site.protocol,
            library=use.match.model.library,
            function=function.id,
            region=_region(program, use, function, member),
            address=told,
            style=_style(program, use, "call"),
            effect=site.effect,
            policies=surroundings.merge(own, replace(near, retry=None)) if site.role == Role.SERVER else own,
            loop=_receive_loop(use),
            symbol=use.match.name,
            decided=frames.deciding_file(use.scope.frame, function.path)
            if use.match.site.role == Role.CONSUMER
            else "",
            registered=_registering(use, function),
        )


def _only_wakes(program: Program, use: Use) -> bool:
    """Whether what is received is not looked at: it only ends a wait, and there is no work to lose it before."""
    told = use.match.site.handler
    fetched = use.match.site.role == Role.CONSUMER and told is not None and told.at == "enclosing"
    return fetched and use.site is not None and not program.call(use.site).used


def _registering(use: Use, handler: Function) -> str:
    """The function that registers a consumer, by the named one around it; "" for one that fetches for itself."""
    frame = use.scope.frame
    name = frame.function
    while name.rpartition(".")[2].startswith("<"):
        name = name.rpartition(".")[0]
    if use.match.site.role != Role.CONSUMER or use.site is None or not name:
        return ""
    return function_id(frame.path, name) if (frame.path, name) != (handler.path, handler.name) else ""


def _receive_loop(use: Use) -> Loop | None:
    if use.match.site.form != "iterate":
        return None
    line = use.scope.line or 1
    return Loop("poll", Region(use.scope.path, line, 1, line, 1))


def _address_of(program: Program, use: Use, address: Address, function: Function, member: str, meaning: str) -> Address:
    if use.match.site.role == Role.SERVER and use.match.site.protocol == "http":
        verb, _, suffix = meaning.replace("{member}", member).partition(" ")
        url = join(address.url or Literal(""), Literal(suffix)) if suffix else address.url
        return replace(address, method=verb.upper() if meaning else address.method, url=url)
    if member and address.rpc:
        return replace(address, rpc=address.rpc.replace("{member}", member).replace("*", member))
    named = next((each for each in use.match.site.address.channel.split("|") if each.startswith("handler-name")), "")
    if use.match.site.role == Role.CONSUMER and address.channel is None and named:
        return replace(address, channel=addresses.part(program, replace(use, decorated=function), named, "channel"))
    return address


def _region(program: Program, use: Use, function: Function, member: str) -> Region:
    """The registration; for members of a class, and bare decorators, the handler itself."""
    if use.site is not None and not member:
        return Region.of(use.site.path, program.call(use.site).extent)
    if use.match.site.form in ("iterate", "assign"):
        line = use.scope.line or 1
        return Region(use.scope.path, line, 1, line, 1)
    index = program.file(function.path)
    told = index.functions.get(function.name) or index.types.get(function.name.rpartition(".")[0])
    extent = told.extent if told else Extent(1, 1, 1, 1)
    return Region(function.path, extent.start_line, extent.start_column, extent.start_line, extent.start_column)


def routes(program: Program, use: Use, mounts: Mounts, taints: Taints) -> Iterator[Operation]:
    """The endpoints of one route: for each method it answers, under each prefix it is mounted at."""
    own = policies.policies(program, use, taints)
    verbs = addresses.methods(program, use) or ("",)
    prefixes = mounts.prefixes(routers(program, use))
    for each in handlers.answering(program, use):
        address = addresses.address(program, each)
        for prefix in prefixes:
            for path in addresses.paths(address.url):
                for verb, rest in _patterns(verbs, path):
                    told = replace(address, method=verb, url=join(prefix, rest))
                    yield from with_handlers(program, each, told, own)


def _patterns(verbs: tuple[str, ...], path: Value) -> Iterator[tuple[str, Value]]:
    """The methods of a route with its path; where none is told apart, the path may begin with one."""
    if verbs == ("",) and isinstance(path, Literal):
        verb, rest = addresses.split_pattern(str(path.value))
        yield verb, Literal(rest)
        return
    for verb in verbs:
        yield verb, path


def numbered(operations: list[Operation]) -> tuple[Operation, ...]:
    """Operations in order, each with its stable id; the same one seen twice counts once."""
    ordered = sorted(dict.fromkeys(operations), key=_order)
    counts: dict[str, int] = {}
    found = []
    for operation in ordered:
        number = counts[operation.function] = counts.get(operation.function, 0) + 1
        found.append(replace(operation, id=f"{operation.function}#{number}"))
    return tuple(found)


def _order(operation: Operation) -> tuple[object, ...]:
    return (
        operation.function,
        operation.region,
        operation.via,
        operation.role,
        operation.protocol,
        repr(operation.address),
    )
