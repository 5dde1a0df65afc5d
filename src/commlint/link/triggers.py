"""Functions that a platform starts: their handlers become consumers and endpoints, as triggers declare them."""

from __future__ import annotations

from collections.abc import Sequence

from commlint.link.addresses import locate
from commlint.link.channelnames import canonical, family
from commlint.link.declared import Declared, Placed
from commlint.link.handlers import Handlers
from commlint.link.operations import Finished
from commlint.link.routes import template
from commlint.link.services import Deployed
from commlint.link.values import Text
from commlint.model.channels import Trigger
from commlint.model.operations import Address, Evidence, Operation, Policies, Policy, Recognition, Role, State
from commlint.model.places import Region
from commlint.model.system import ServiceOperation
from commlint.model.values import Literal

# The platform deletes a message, or moves on in a stream, once the function has returned.
_AFTER = Policies(acknowledgement=Policy(State.SET, Literal("after"), "declaration"))
_ORIGIN = "infrastructure"


def triggered(declared: Declared, services: Sequence[Deployed], recognition: Recognition) -> tuple[Finished, ...]:
    """What starts the declared functions, as operations of their services; sorted by id."""
    handlers = Handlers(recognition.modules, (function.id for function in recognition.functions))
    found: dict[str, Finished] = {}
    for placed in declared.triggers:
        service = _service(placed, services)
        if service:
            made = _operation(placed, service, handlers)
            found.setdefault(made.site.id, made)
    return tuple(found[identity] for identity in sorted(found))


def _service(placed: Placed[Trigger], services: Sequence[Deployed]) -> str:
    """The service that a function is, by the file that declares it, else by its name alone."""
    named = [each for each in services if any(name == placed.item.function for _, name in each.members)]
    here = [each for each in named if placed.path in each.files] or named
    return here[0].name if len(here) == 1 else ""


def _operation(placed: Placed[Trigger], service: str, handlers: Handlers) -> Finished:
    item, region = placed.item, placed.region
    function = handlers.function(item.handler) if item.handler else ""
    function = function or f"{placed.path}::{item.function}"
    if item.broker == "http":
        return _endpoint(item, region, service, function)
    protocol = family(item.broker)
    name = canonical(protocol, item.channel)
    made = Operation(
        _identity(function, item.broker, item.channel), Role.CONSUMER, protocol, _ORIGIN, function, region,
        Address(channel=Literal(name)), policies=_AFTER, evidence=Evidence.DECLARED,
    )  # fmt: skip
    site = ServiceOperation(f"service:{service}/{made.id}", service, made, name, name, made.policies)
    return Finished(site, channels=(Text((name,)),))


def _endpoint(item: Trigger, region: Region, service: str, function: str) -> Finished:
    path = template(item.channel)
    made = Operation(
        _identity(function, item.method, path), Role.SERVER, "http", _ORIGIN, function, region,
        Address(url=Literal(path), method=item.method), evidence=Evidence.DECLARED,
    )  # fmt: skip
    label = f"{item.method} {path}".strip()
    site = ServiceOperation(f"service:{service}/{made.id}", service, made, label, path, made.policies)
    return Finished(site, urls=(locate(Text((path,)), "http"),))


def _identity(function: str, kind: str, name: str) -> str:
    return f"{function}#{kind} {name}"
