"""The system as a graph to ask: who calls whom, what an entry reaches, how long a request waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from commlint.graph.code import ANY, CodeGraph
from commlint.graph.hops import Chain, Cycle, Hop, best_chains, cycles, longest_chains
from commlint.graph.numbers import number, tries
from commlint.model.operations import Evidence, Role, State, Step
from commlint.model.places import Region
from commlint.model.system import INFRASTRUCTURE, Channel, Edge, Flow, Route, Service, ServiceOperation, System

REMOTE = frozenset({"http", "grpc", "graphql", "rpc"})


class SystemGraph:
    """Indices over one system; every answer is sorted and computed at most once."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.services: dict[str, Service] = {service.name: service for service in system.services}
        self.operations: dict[str, ServiceOperation] = {entry.id: entry for entry in system.operations}
        self.endpoints = {endpoint.id: endpoint for endpoint in system.endpoints}
        self.channels = {channel.id: channel for channel in system.channels}
        self.routes = {route.id: route for route in system.routes}
        self.externals = {external.id: external for external in system.externals}
        self.code = CodeGraph(system.functions, system.calls)
        self._edges_from: dict[str, list[Edge]] = defaultdict(list)
        self._edges_to: dict[str, list[Edge]] = defaultdict(list)
        for edge in system.edges:
            self._edges_from[edge.source].append(edge)
            self._edges_to[edge.target].append(edge)
        self._flows_from: dict[str, list[Flow]] = defaultdict(list)
        self._flows_to: dict[str, list[Flow]] = defaultdict(list)
        for flow in system.flows:
            self._flows_from[flow.entry].append(flow)
            self._flows_to[flow.exit].append(flow)
        self._steps: dict[str, list[Step]] = defaultdict(list)
        for step in sorted(system.steps, key=lambda step: (step.region, step.kind, step.detail)):
            self._steps[step.function].append(step)

    # Operations

    def with_role(self, *roles: Role) -> Iterator[ServiceOperation]:
        """Operations that code has or traces show; what a contract only declares does nothing."""
        return (
            entry
            for entry in self.system.operations
            if entry.operation.role in roles and entry.operation.evidence is not Evidence.DECLARED
        )

    def calls(self, protocols: Iterable[str] = REMOTE) -> Iterator[ServiceOperation]:
        """
        Operations in the client role that ask another process for an answer.

        Not those of pages: the browser and the one who sits before it decide how long that takes.
        """
        wanted = frozenset(protocols)
        return (
            entry
            for entry in self.with_role(Role.CLIENT)
            if entry.operation.protocol in wanted and not self._is_page(entry.service)
        )

    def _is_page(self, service: str) -> bool:
        return service in self.services and self.services[service].kind == "frontend"

    def requests(self) -> Iterator[ServiceOperation]:
        """Messages whose sender waits for an answer: procedures called through a broker."""
        return (entry for entry in self.with_role(Role.PRODUCER) if entry.operation.effect == "call")

    @cached_property
    def entry_functions(self) -> frozenset[str]:
        """Functions that run because something arrives: handlers of servers and consumers."""
        return frozenset(entry.operation.function for entry in self.with_role(Role.SERVER, Role.CONSUMER))

    # Edges

    def is_peer(self, service: str) -> bool:
        """Whether it is a service with work of its own, and no database, broker or other infrastructure."""
        found = self.services.get(service)
        return bool(service) and (found is None or found.kind not in INFRASTRUCTURE)

    def edges_from(self, operation: str) -> tuple[Edge, ...]:
        return tuple(self._edges_from.get(operation, ()))

    def edges_to(self, node: str) -> tuple[Edge, ...]:
        return tuple(self._edges_to.get(node, ()))

    def channel_of(self, operation: str) -> Channel | None:
        """The channel an operation sends to or receives from, None when it is not known which."""
        for edge in self._edges_from.get(operation, ()):
            if edge.target in self.channels:
                return self.channels[edge.target]
        return None

    def name_of(self, operation: ServiceOperation) -> str:
        """What a person calls an operation: the channel it sends to or receives from, or else its label."""
        channel = self.channel_of(operation.id)
        name = channel.name if channel is not None else operation.label
        return name if name.strip("/{}") not in ("", "None") else f"an unnamed {operation.operation.protocol} channel"

    def receivers(self, channel: str) -> tuple[ServiceOperation, ...]:
        edges = self._edges_to.get(channel, ())
        found = {edge.source for edge in edges if edge.kind == "receive" and edge.source in self.operations}
        return tuple(self.operations[name] for name in sorted(found))

    # Inside a service

    def flows_to(self, exit: str) -> tuple[Flow, ...]:
        return tuple(self._flows_to.get(exit, ()))

    def exits(self, entry: str) -> tuple[tuple[Flow, ServiceOperation], ...]:
        """Everything an entry operation reaches, waited for or not."""
        flows = self._flows_from.get(entry, ())
        return tuple((flow, self.operations[flow.exit]) for flow in flows if flow.exit in self.operations)

    def steps_in(self, function: str) -> tuple[Step, ...]:
        return tuple(self._steps.get(function, ()))

    def steps_reached(self, function: str, kinds: Iterable[str] = ANY) -> tuple[Step, ...]:
        """Steps in `function` and everything it reaches, but not in the handlers of other messages."""
        others = self.entry_functions - {function}
        reached = sorted(self.code.reachable(function, frozenset(kinds), not_into=others))
        return tuple(step for name in reached for step in self._steps.get(name, ()))

    def guards_of(self, function: str) -> tuple[Step, ...]:
        """Guards against doing things twice, in what `function` reaches and in what calls it."""
        around = self.code.callers(function)
        steps = [*self.steps_reached(function), *(step for name in sorted(around) for step in self.steps_in(name))]
        return tuple(step for step in steps if step.kind == "guard" or "exactly-once" in step.detail)

    def handler_region(self, entry: ServiceOperation) -> Region:
        """The first line of the function that runs, or the operation's own place when it is not known."""
        function = self.code.functions.get(entry.operation.function)
        if function is None or function.id.endswith("::<module>"):
            return entry.operation.region
        region = function.region
        return Region(region.path, region.start_line, region.start_column, region.start_line, region.start_column)

    # Chains

    @cached_property
    def hops(self) -> dict[str, tuple[Hop, ...]]:
        """Blocking hops by the operation they leave from: an endpoint, a consumer, or a call nothing leads to."""
        found: dict[str, list[Hop]] = defaultdict(list)
        for edge in self.system.edges:
            call = self.operations.get(edge.source)
            if edge.kind != "sync" or call is None or not self.is_peer(edge.target_service):
                continue
            if call.operation.style == "spawned":
                continue
            flows = self._flows_to.get(call.id, ())
            starts: list[Flow | None] = [flow for flow in flows if flow.blocking and flow.entry in self.operations]
            for flow in starts if flows else [None]:
                entry = self.operations[flow.entry] if flow else None
                endpoint = self.endpoints.get(edge.target)
                hop = Hop(call.service, edge.target_service, entry, call, flow, edge, endpoint)
                found[hop.start].append(hop)
        return {start: tuple(sorted(found[start], key=_hop_order)) for start in sorted(found)}

    def sync_chains(self, longer_than: int, uncounted_kinds: Iterable[str] = ("gateway",)) -> Iterator[Chain]:
        """
        For every start the longest chain of blocking hops through more than `longer_than` services.

        A chain that is the end of another one told already is not told again.
        Services of `uncounted_kinds` are on the way but not counted.
        """
        kinds = frozenset(uncounted_kinds)
        uncounted = frozenset(service.name for service in self.system.services if service.kind in kinds)
        longest = longest_chains(self.hops, uncounted)
        deep = {
            start: chain
            for start, chain in longest.items()
            if len([name for name in chain.services if name not in uncounted]) > longer_than
        }
        inner = {chain.hops[0].goal for chain in deep.values()}
        return (deep[start] for start in sorted(deep) if start not in inner)

    def sync_cycles(self) -> tuple[Cycle, ...]:
        """Groups of services a request comes back to while they wait for it."""
        return cycles(self.hops)

    def amplified(self) -> Iterator[tuple[float, Chain]]:
        """
        For every start the chain along which one request is sent most often, and how often that is.

        A chain that is the end of another one told already is not told again.
        """
        found = best_chains(self.hops, lambda hop, rest: self.sendings(hop.call) * rest, 1)
        inner = {chain.hops[0].goal for _, chain in found.values()}
        return (found[start] for start in sorted(found) if start not in inner)

    # Policies

    def route_of(self, operation: ServiceOperation) -> Route | None:
        """The rule of a mesh or gateway that an operation goes through."""
        return self.routes.get(operation.route)

    def sendings(self, operation: ServiceOperation) -> float:
        """How often one call may be sent: what the code tries, times what the mesh tries; 1 where neither is known."""
        route = self.route_of(operation)
        return tries(operation.policies.retry.attempts) * (1 + (number(route.retries) or 0 if route else 0))

    def redelivery_is_limited(self, consumer: ServiceOperation) -> State:
        """Whether a bound on deliveries of one message is set, known to be unset, or unknown."""
        channel = self.channel_of(consumer.id)
        states = {consumer.policies.redelivery_limit.state}
        if channel is not None:
            states.add(channel.redelivery_limit.state)
        for state in (State.SET, State.UNSET):
            if state in states:
                return state
        return State.UNKNOWN


def _hop_order(hop: Hop) -> tuple[object, ...]:
    return (hop.target, hop.edge.target, hop.call.id, hop.flow.lines if hop.flow else ())
