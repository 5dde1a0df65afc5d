"""Small systems by hand: services, operations and the lines between them in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding
from commlint.model.operations import (
    Address,
    CallEdge,
    Confidence,
    Evidence,
    FunctionNode,
    Loop,
    Operation,
    Policies,
    Policy,
    Role,
    State,
    Step,
)
from commlint.model.places import Region
from commlint.model.system import (
    Channel,
    Edge,
    Endpoint,
    External,
    Flow,
    Service,
    ServiceOperation,
    System,
    UnresolvedCall,
)
from commlint.model.values import Literal

UNSET = Policy(State.UNSET, source="default of library requests", detail="requests waits for ever by default")


def bound(value: object, source: str = "argument") -> Policy:
    """A policy that is set to `value`."""
    return Policy(State.SET, Literal(value), source)  # type: ignore[arg-type]


def at(path: str, line: int, end_line: int | None = None) -> Region:
    return Region(path, line, 1, end_line or line, 80)


def function(service: str, name: str) -> str:
    return f"{service}/app.py::{name}"


@dataclass
class Builder:
    """Collects the parts of a system; every service has its code in `NAME/app.py`."""

    parts: dict[str, list[Any]] = field(default_factory=dict)

    def _add(self, kind: str, part: Any) -> Any:
        self.parts.setdefault(kind, []).append(part)
        return part

    def service(self, name: str, kind: str = "service") -> Service:
        return self._add("services", Service(name, kind, (name,), why=(at("compose.yaml", 3),)))

    def code(self, service: str, name: str, lines: tuple[int, int], is_async: bool = False) -> str:
        node = FunctionNode(function(service, name), at(f"{service}/app.py", *lines), is_async)
        self._add("functions", node)
        return node.id

    def operation(
        self, service: str, line: int, role: Role, label: str, *, function_name: str = "f", **given: Any
    ) -> ServiceOperation:
        """An operation at a line of a service; `given` are fields of Operation, `method`, `target` or `path`."""
        policies = given.pop("policies", Policies())
        target = given.pop("target", "")
        address = Address(method=given.pop("method", ""))
        path = given.pop("path", f"{service}/app.py")
        name = f"{path}::{function_name}"
        number = len(self.parts.get("operations", ()))
        operation = Operation(
            id=given.pop("id", f"{name}#{number}"),
            role=role,
            protocol=given.pop("protocol", "http"),
            library=given.pop("library", "requests"),
            function=name,
            region=at(path, line),
            address=address,
            policies=policies,
            **given,
        )
        id = f"service:{service}/{operation.id}"
        return self._add("operations", ServiceOperation(id, service, operation, label, target, policies))

    def call(self, service: str, line: int, target: str = "", **given: Any) -> ServiceOperation:
        method = given.pop("method", "GET")
        return self.operation(service, line, Role.CLIENT, f"{method} {target}", method=method, target=target, **given)

    def endpoint(self, service: str, line: int, path: str, **given: Any) -> ServiceOperation:
        method = given.pop("method", "GET")
        entry = self.operation(service, line, Role.SERVER, f"{method} {path}", **given)
        region = entry.operation.region
        self._add(
            "endpoints",
            Endpoint(f"endpoint:{service}:{method} {path}", service, "http", method, path, entry.id, region),
        )
        return entry

    def consumer(self, service: str, line: int, channel: str, **given: Any) -> ServiceOperation:
        given.setdefault("protocol", "amqp")
        entry = self.operation(service, line, Role.CONSUMER, channel, **given)
        self.edge(entry, f"channel:{entry.operation.protocol}:{channel}", kind="receive")
        return entry

    def producer(self, service: str, line: int, channel: str, **given: Any) -> ServiceOperation:
        given.setdefault("protocol", "amqp")
        entry = self.operation(service, line, Role.PRODUCER, channel, **given)
        self.edge(entry, f"channel:{entry.operation.protocol}:{channel}", kind="send")
        return entry

    def channel(self, name: str, protocol: str = "amqp", **given: Any) -> Channel:
        return self._add("channels", Channel(f"channel:{protocol}:{name}", name, protocol, **given))

    def external(self, name: str) -> External:
        return self._add("externals", External(f"external:{name}", name))

    def edge(self, source: ServiceOperation, target: str | ServiceOperation, kind: str = "sync", **given: Any) -> Edge:
        """From an operation to an endpoint (given as its operation), `service:NAME`, a channel or an external."""
        service = ""
        if isinstance(target, ServiceOperation):
            service = target.service
            target = next(entry.id for entry in self.parts["endpoints"] if entry.operation == target.id)
        elif target.startswith("service:"):
            service = target.removeprefix("service:")
        operation = source.operation
        edge = Edge(
            f"edge:{source.id}>{target}",
            kind,
            operation.protocol,
            source.id,
            target,
            source.service,
            service,
            operation.region,
            given.get("confidence", Confidence.CERTAIN),
            given.get("evidence", (Evidence.CODED,)),
        )
        return self._add("edges", edge)

    def flow(self, entry: ServiceOperation, exit: ServiceOperation, *lines: int, **given: Any) -> Flow:
        path = entry.operation.region.path
        return self._add(
            "flows", Flow(entry.service, entry.id, exit.id, tuple(at(path, line) for line in lines), **given)
        )

    def step(
        self, service: str, line: int, kind: str, detail: str = "", *, function_name: str = "f", **given: Any
    ) -> Step:
        step = Step(kind, detail, function(service, function_name), at(f"{service}/app.py", line), **given)
        return self._add("steps", step)

    def calls(self, service: str, caller: str, callee: str, line: int, kind: str = "call", **given: Any) -> CallEdge:
        edge = CallEdge(
            function(service, caller), function(service, callee), at(f"{service}/app.py", line), kind, **given
        )
        return self._add("calls", edge)

    def unresolved(self, service: str, line: int, label: str, reason: str, hint: str) -> UnresolvedCall:
        entry = UnresolvedCall(f"{service}#{line}", service, at(f"{service}/app.py", line), label, reason, hint)
        return self._add("unresolved", entry)

    def add(self, kind: str, part: Any) -> Any:
        return self._add(kind, part)

    def system(self, traced: bool = False) -> System:
        def key(part: Any) -> Any:
            return getattr(part, "id", None) or repr(part)

        parts = {kind: tuple(sorted(entries, key=key)) for kind, entries in self.parts.items()}
        return System(**parts, traced=traced)

    def graph(self, traced: bool = False) -> SystemGraph:
        return SystemGraph(self.system(traced))


def found(rule: Rule, builder: Builder, traced: bool = False) -> list[Finding]:
    """What one rule finds, sorted by place."""
    return sorted(rule.check(builder.graph(traced)), key=lambda finding: (finding.region, finding.message))


def data_loop(line: int, path: str = "orders/app.py") -> Loop:
    return Loop("data", at(path, line, line + 2), "items")


def lines_of(findings: Iterable[Finding]) -> list[str]:
    return [str(finding.region) for finding in findings]
