"""Operations that contracts declare: those no code was seen to have become operations of their own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from commlint.link.addresses import locate
from commlint.link.declared import Declared, Placed
from commlint.link.names import plain, stem, words
from commlint.link.operations import Finished
from commlint.link.routes import WILD, template
from commlint.link.services import Deployed, holder
from commlint.link.values import Open, Text
from commlint.model.declarations import Contract, ContractMethod
from commlint.model.operations import Address, Evidence, Operation, Role
from commlint.model.places import Region
from commlint.model.system import Endpoint, ServiceOperation
from commlint.model.values import Literal

Users = Callable[[str], Collection[str]]
# Folders whose contracts are those of others.
FOREIGN = frozenset(("client", "clients", "external", "thirdparty", "vendor", "vendors", "consumer", "generated"))
# Words of titles and file names that say that it is a contract, and nothing of whose.
GENERAL = frozenset(
    ("api", "openapi", "swagger", "asyncapi", "spec", "specification", "http", "rest", "events", "v1", "v2", "docs")
)


def declared_operations(
    declared: Declared, services: Sequence[Deployed], operations: Iterable[Finished], users: Users
) -> tuple[Finished, ...]:
    """
    What contracts declare and no code of the service they are for was seen to do.

    `users`: the services that are given the address of a host.
    """
    known: dict[str, set[tuple[str, str]]] = {}
    received: set[str] = set()
    for each in operations:
        if each.operation.role is Role.CONSUMER:
            received.update(text.literal for text in each.channels if text.literal)
        known.setdefault(each.site.service, set()).update(_doings(each))
    found: dict[str, Finished] = {}
    for placed in declared.contracts:
        service = _owner(placed, services) if placed.item.kind != "feed" else _feeding(placed.item, users, services)
        for method in _methods(placed.item, service, received) if service else ():
            made = _operation(placed, method, service)
            if made is not None and not _doings(made) & known.get(service, set()):
                found.setdefault(made.site.id, made)
    return tuple(found[identity] for identity in sorted(found))


def confirmed(endpoints: Iterable[Endpoint], declared: Declared, services: Sequence[Deployed]) -> tuple[Endpoint, ...]:
    """The endpoints, those that a contract declares too with that as evidence."""
    told = {
        (service, method.name.partition(" ")[0], _shape(method.name.partition(" ")[2]))
        for placed in declared.contracts
        if placed.item.kind == "openapi" and (service := _owner(placed, services))
        for method in placed.item.methods
    }
    return tuple(
        replace(each, evidence=(*each.evidence, Evidence.DECLARED))
        if Evidence.DECLARED not in each.evidence and (each.service, each.method, _shape(each.path)) in told
        else each
        for each in endpoints
    )


def _owner(placed: Placed[Contract], services: Sequence[Deployed]) -> str:
    """The service a contract is for: one that it is named after, else the one in whose folder it lies."""
    if placed.item.kind not in ("openapi", "asyncapi"):
        return ""
    title = placed.item.name.partition(":")[2] if placed.item.kind == "asyncapi" else placed.item.name
    base = posixpath.basename(placed.path).split(".", 1)[0]
    about = {stem("".join(word for word in words(text) if word not in GENERAL)) for text in (title, base)} - {""}
    named = [
        each.name
        for each in services
        if each.service.kind != "library"
        if about & {stem(plain(name)) for name in (each.name, *each.service.aliases)}
    ]
    if len(named) == 1:
        return named[0]
    if FOREIGN.intersection(word for part in placed.path.split("/")[:-1] for word in words(part)):
        return ""
    return holder(placed.path, services)


def _methods(contract: Contract, service: str, received: Collection[str]) -> Iterator[ContractMethod]:
    """The methods of a contract; of topics that events name those of its service, or the only one that is read."""
    for method in contract.methods:
        action, _, topic = method.name.partition(" ")
        if contract.kind != "feed" or "{}" not in topic:
            yield method
            continue
        pattern = ".+".join(map(re.escape, topic.split("{}")))
        fitting = sorted(name for name in received if re.fullmatch(pattern, name))
        own = [name for name in fitting if stem(plain(service)) in plain(name)]
        for name in own or (fitting if len(fitting) == 1 else ()):
            yield replace(method, name=f"{action} {name}")
        if not fitting:
            yield method


def _feeding(feed: Contract, users: Users, services: Sequence[Deployed]) -> str:
    """The one service whose changes of a database are sent on in its place, by its address, or else by its name."""
    host, _, database = feed.name.partition(":")[2].partition("/")
    known = users(host)
    named = [each.name for each in services if database and stem(plain(each.name)) == stem(plain(database))]
    if len(named) == 1 and named[0] in (known or named):
        return named[0]
    return next(iter(known)) if len(known) == 1 else ""


def _operation(placed: Placed[Contract], method: ContractMethod, service: str) -> Finished | None:
    """One declared operation as its service has it."""
    verb, _, rest = method.name.partition(" ")
    region = Region.of(placed.path, method.extent)
    function = f"{placed.path}::{method.name}"
    if placed.item.kind == "openapi":
        path = template(rest)
        address = Address(url=Literal(path), method=verb)
        made = Operation(
            f"{function}#0", Role.SERVER, "http", "openapi", function, region, address, evidence=Evidence.DECLARED
        )
        site = ServiceOperation(f"service:{service}/{made.id}", service, made, f"{verb} {path}", path, made.policies)
        return Finished(site, urls=(locate(Text((path,)), "http"),))
    protocol = placed.item.name.partition(":")[0]
    if not protocol:
        return None
    role = Role.PRODUCER if verb == "send" else Role.CONSUMER
    address = Address(channel=Literal(rest))
    made = Operation(
        f"{function}#0", role, protocol, placed.item.kind, function, region, address, evidence=Evidence.DECLARED
    )
    site = ServiceOperation(f"service:{service}/{made.id}", service, made, rest, rest, made.policies)
    parts = [part for fixed in rest.split("{}") for part in (fixed, Open("", "is named by each event"))][:-1]
    return Finished(site, channels=(Text(tuple(part for part in parts if part != "")),))


def _doings(each: Finished) -> set[tuple[str, str]]:
    """What an operation does, in a form that declared and coded ones share."""
    if each.operation.role is Role.SERVER:
        methods = each.operation.address.method.upper().split(",") or [""]
        return {(method, _shape(url.shown or "/")) for url in each.urls for method in methods}
    if each.messages:
        return {(each.operation.role.value, str(text)) for text in each.channels}
    return set()


def _shape(path: str) -> str:
    """A route without the names of its parameters."""
    return re.sub(r"/+$", "", WILD.sub("{}", template(path))) or "/"
