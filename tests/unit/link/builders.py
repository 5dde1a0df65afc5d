"""Systems built by hand for the tests of link."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from commlint.link.link import link
from commlint.model.channels import ChannelDeclaration
from commlint.model.code import CodeFacts
from commlint.model.config import Config
from commlint.model.declarations import Contract, ContractMethod, Declarations
from commlint.model.deployments import Binding, Build, Port, ScriptCommand, ServiceDeclaration
from commlint.model.facts import FactSet, FileFacts
from commlint.model.operations import (
    Address,
    CallEdge,
    ChannelSite,
    Loop,
    ModuleNode,
    Operation,
    Recognition,
    Role,
)
from commlint.model.places import Extent, Region
from commlint.model.system import Edge, Flow, ServiceOperation, System
from commlint.model.traffic import GatewayRoute, TrafficPolicy
from commlint.model.values import EnvironmentRead, Literal, Template, Value

HERE = Extent(1, 1, 1, 1)


def text(*parts: str | Value) -> Value:
    """A literal, or a template of literals and values."""
    values = tuple(Literal(part) if isinstance(part, str) else part for part in parts)
    return values[0] if len(values) == 1 else Template(values)


def value(given: str | Value | None) -> Value | None:
    return Literal(given) if isinstance(given, str) else given


def env(name: str, default: str | None = None) -> EnvironmentRead:
    return EnvironmentRead(name, None if default is None else Literal(default))


@dataclass
class Files:
    """The files around the code and what was recognized in it; `system()` links them."""

    services: dict[str, list[ServiceDeclaration]] = field(default_factory=dict)
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    routes: dict[str, list[GatewayRoute]] = field(default_factory=dict)
    channels: dict[str, list[ChannelDeclaration]] = field(default_factory=dict)
    traffic: dict[str, list[TrafficPolicy]] = field(default_factory=dict)
    contracts: dict[str, list[Contract]] = field(default_factory=dict)
    code: dict[str, CodeFacts] = field(default_factory=dict)
    scripts: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    calls: list[CallEdge] = field(default_factory=list)
    sites: list[ChannelSite] = field(default_factory=list)
    modules: dict[str, ModuleNode] = field(default_factory=dict)
    config: Config = field(default_factory=Config)

    # -- around the code ---------------------------------------------------------------------------------

    def compose(self, name: str, root: str | None = None, path: str = "compose.yaml", **more: Any) -> None:
        """A service of a compose file; `env` are its variables, `ports` pairs of published and own port."""
        self._service("compose", name, root, path, more)

    def workload(self, name: str, image: str = "", path: str = "k8s.yaml", **more: Any) -> None:
        """A Kubernetes workload."""
        self._service("kubernetes", name, None, path, {"image": image, **more})

    def front(self, name: str, selects: dict[str, str], path: str = "k8s.yaml", **more: Any) -> None:
        """A Kubernetes Service."""
        self._service("kubernetes-service", name, None, path, {"selects": tuple(sorted(selects.items())), **more})

    def dockerfile(self, folder: str, **more: Any) -> None:
        path = f"{folder}/Dockerfile" if folder else "Dockerfile"
        for name, given in more.pop("env", {}).items():
            self._bind(path, Binding(f"dockerfile:{path}", name, text(given), "dockerfile", HERE))
        self._service("dockerfile", folder.rsplit("/", 1)[-1], folder, path, more)

    def image(self, image: str, folder: str, dockerfile: str = "") -> None:
        """An artifact of Skaffold."""
        build = Build(folder, dockerfile) if dockerfile else None
        given = {"image": image, "build": build}
        self._service("image-build", image.rpartition("/")[2], folder, "skaffold.yaml", given)

    def started(self, dockerfile: str, *command: str) -> None:
        """A Dockerfile of any name, with what its image starts."""
        folder = dockerfile.rpartition("/")[0]
        self._service("dockerfile", folder.rpartition("/")[2], folder, dockerfile, {"command": command})

    def build(self, folder: str, name: str, **more: Any) -> None:
        """A build file of Python."""
        self._service("python-build", name, folder, f"{folder}/pyproject.toml" if folder else "pyproject.toml", more)

    def application(self, folder: str, path: str) -> None:
        """A program that a file of its monorepo names."""
        self._service("nest-application", folder.rsplit("/", 1)[-1], folder, path, {})

    def bind(self, scope: str, name: str, given: str | Value, path: str, origin: str = "kubernetes") -> None:
        self._bind(path, Binding(scope, name, text(given), origin, HERE))

    def route(self, gateway: str, host: str, path: str, target: str, rewrite: str | None = None) -> None:
        given = GatewayRoute(gateway, host, path, target, "80", rewrite, HERE)
        self.routes.setdefault("ingress.yaml", []).append(given)

    def channel(self, name: str, kind: str, broker: str, **more: Any) -> None:
        self.channels.setdefault("queues.tf", []).append(ChannelDeclaration(name, kind, broker, HERE, **more))

    def contract(self, name: str, *methods: str) -> None:
        given = Contract("grpc", name, tuple(ContractMethod(method, HERE) for method in methods), HERE)
        self.contracts.setdefault("api.proto", []).append(given)

    def _service(self, origin: str, name: str, root: str | None, path: str, more: dict[str, Any]) -> None:
        for variable, given in more.pop("env", {}).items():
            self._bind(path, Binding(f"service:{name}", variable, text(given), origin, HERE))
        ports = tuple(Port(own, published) for published, own in more.pop("ports", ()))
        declaration = ServiceDeclaration(name, origin, HERE, source_root=root, ports=ports, **more)
        self.services.setdefault(path, []).append(declaration)

    def _bind(self, path: str, binding: Binding) -> None:
        self.bindings.setdefault(path, []).append(binding)

    # -- in the code -------------------------------------------------------------------------------------

    def module(self, path: str, *imports: str, main: bool = False, by_import: bool = False) -> None:
        self.modules[path] = ModuleNode(path, "python", imports, main, by_import)

    def operation(self, role: Role, protocol: str, function: str, line: int = 1, **more: Any) -> Operation:
        path = function.split("::")[0]
        if path not in self.modules:
            self.module(path)
        parts = {"url", "method", "host", "rpc", "channel", "exchange", "routing_key", "group"} & set(more)
        plain = ("method", "rpc")
        address = Address(**{part: more[part] if part in plain else value(more[part]) for part in sorted(parts)})
        rest = {name: given for name, given in more.items() if name not in parts}
        ordinal = sum(each.function == function for each in self.operations)
        region = Region(path, line, 1, line, 1)
        made = Operation(f"{function}#{ordinal}", role, protocol, "library", function, region, address, **rest)
        self.operations.append(made)
        return made

    def endpoint(self, function: str, method: str, url: str, **more: Any) -> Operation:
        return self.operation(Role.SERVER, "http", function, method=method, url=url, **more)

    def get(self, function: str, *url: str | Value, method: str = "GET", **more: Any) -> Operation:
        return self.operation(Role.CLIENT, "http", function, method=method, url=text(*url), **more)

    def send(self, protocol: str, function: str, **more: Any) -> Operation:
        return self.operation(Role.PRODUCER, protocol, function, **more)

    def receive(self, protocol: str, function: str, **more: Any) -> Operation:
        return self.operation(Role.CONSUMER, protocol, function, **more)

    def call(self, caller: str, callee: str, line: int = 1, **more: Any) -> None:
        path = caller.split("::")[0]
        self.calls.append(CallEdge(caller, callee, Region(path, line, 1, line, 1), **more))

    def site(self, kind: str, protocol: str, function: str, **more: Any) -> None:
        names = {key: value(more.pop(key)) for key in ("channel", "exchange", "routing_key") if key in more}
        self.sites.append(ChannelSite(kind, protocol, function, Region(function.split("::")[0]), **names, **more))

    # -- linked ------------------------------------------------------------------------------------------

    def recognition(self) -> Recognition:
        return Recognition(
            operations=tuple(sorted(self.operations, key=lambda each: each.id)),
            channels=tuple(self.sites),
            calls=tuple(self.calls),
            modules=tuple(self.modules[path] for path in sorted(self.modules)),
        )

    def facts(self) -> FactSet:
        paths = {*self.services, *self.bindings, *self.routes, *self.channels, *self.traffic, *self.contracts}
        paths |= self.scripts.keys()
        around = [
            FileFacts(
                path,
                "",
                declarations=Declarations(
                    "test",
                    tuple(self.services.get(path, ())),
                    tuple(self.bindings.get(path, ())),
                    tuple(self.routes.get(path, ())),
                    tuple(self.channels.get(path, ())),
                    tuple(self.traffic.get(path, ())),
                    tuple(self.contracts.get(path, ())),
                    commands=tuple(ScriptCommand(words) for words in self.scripts.get(path, ())),
                ),
            )
            for path in sorted(paths)
        ]
        return FactSet.of([*around, *(FileFacts(path, "", code=code) for path, code in self.code.items())])

    def system(self) -> System:
        return link(self.recognition(), self.facts(), self.config)


def names(system: System) -> list[str]:
    return [service.name for service in system.services]


def roots(system: System) -> dict[str, tuple[str, ...]]:
    return {service.name: service.roots for service in system.services}


def pairs(system: System) -> list[tuple[str, str]]:
    """(calling service, target) of every edge."""
    return [(edge.source_service, edge.target) for edge in system.edges]


def edge_to(system: System, target: str) -> Edge:
    return next(edge for edge in system.edges if edge.target == target)


def owners_of(system: System, operation: Operation) -> list[str]:
    return [site.service for site in system.operations if site.operation.id == operation.id]


def site_of(system: System, operation: Operation) -> ServiceOperation:
    return next(site for site in system.operations if site.operation.id == operation.id)


def flow_between(system: System, entry: Operation, exit: Operation) -> Flow | None:
    return next(
        (flow for flow in system.flows if flow.entry.endswith("/" + entry.id) and flow.exit.endswith("/" + exit.id)),
        None,
    )


def loop(kind: str, path: str, line: int) -> Loop:
    return Loop(kind, Region(path, line, 1, line, 1))
