"""Link: operations, declarations and observations become one system. Reads from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from commlint.link import connections, ledger
from commlint.link.brokers import with_brokers
from commlint.link.calls import CallGraph, Calls
from commlint.link.carried import carried
from commlint.link.channelnodes import ChannelNodes
from commlint.link.channels import Channels
from commlint.link.codedsites import coded_sites
from commlint.link.contracts import confirmed, declared_operations
from commlint.link.deadlines import bounded
from commlint.link.declared import Declared
from commlint.link.environment import Bindings, Environment
from commlint.link.flows import flows_of
from commlint.link.gateways import finished_routes, with_gateways
from commlint.link.hosts import Hosts
from commlint.link.mesh import governed
from commlint.link.operations import Finished, endpoints_of, finish_operations
from commlint.link.overlay import overlay
from commlint.link.owners import Owners
from commlint.link.pairs import Pairing, Problem, edges_of
from commlint.link.passages import passages
from commlint.link.ports import listening
from commlint.link.profiles import Profiles
from commlint.link.rpc import Contracts
from commlint.link.services import find_services
from commlint.link.settings import Settings
from commlint.link.settled import declared_channels, settled
from commlint.link.strays import left_out, with_strays
from commlint.link.traffic import Traffic
from commlint.link.triggers import triggered
from commlint.link.understood import Code
from commlint.link.values import Valuer
from commlint.model.config import Config
from commlint.model.facts import FactSet
from commlint.model.observations import Observations
from commlint.model.operations import Recognition
from commlint.model.system import Edge, Flow, System, UnresolvedCall


def link(recognition: Recognition, facts: FactSet, config: Config, observations: Observations | None = None) -> System:
    """
    The one graph of a system: its services, what they offer, who calls and sends what to whom.

    Pure and deterministic; what cannot be bound is in `unresolved` with its reason, never dropped.
    `observations`: what traces say, laid over the rest; None when none were given.
    """
    declared = settled(Declared.of(facts, config.tests))
    services = find_services(declared, recognition, config)
    calls = Calls(recognition.calls)
    owners = Owners(services, recognition, calls)
    told, services = services, with_strays(services, recognition, owners)
    if services != told:
        owners = Owners(services, recognition, calls)

    bindings = Bindings(declared)
    settings = Settings(declared, services)
    environments = {deployed.name: Environment(bindings, deployed, settings) for deployed in services}
    valuers = {name: Valuer(environment) for name, environment in environments.items()}
    routes = finished_routes(declared.routes, services, settings, valuers)
    services = with_gateways(services, declared.routes, routes)
    declared = replace(declared, routes=routes)
    hosts = Hosts(services, declared, config.hosts, listening(services, owners, facts, valuers))
    given = connections.connections(services, environments, valuers, hosts)

    graphs = {name: CallGraph(calls.within(owners.files(name))) for name in owners.own}
    operations = finish_operations(recognition.operations, owners, valuers, Contracts(declared))
    traffic = Traffic(declared, services, hosts, settings, valuers)
    operations = governed(_bounded(operations, graphs, valuers), traffic, hosts)
    operations = _joined(operations, triggered(declared, services, recognition))
    users = partial(connections.users, given, hosts)
    operations = _joined(operations, declared_operations(declared, services, operations, users))
    operations = _joined(operations, passages(operations, endpoints_of(operations), declared, services, hosts))
    endpoints = confirmed(endpoints_of(operations), declared, services)
    sites = coded_sites(recognition.channels, owners, valuers)
    operations = with_brokers(operations, sites, declared)
    nodes = ChannelNodes(sites, valuers, declared)
    profiles = Profiles({deployed.name: deployed.profiles for deployed in services})
    pairing = Pairing(
        hosts, endpoints, Channels(operations, sites, declared), nodes, connections.connected(given), profiles
    )

    edges, unresolved = _paired(operations, pairing)
    flows = _flows(operations, graphs)
    operations = carried(operations, endpoints, edges, flows)
    code = Code(facts, owners, operations)
    edges.extend(connections.declared_edges(given, declared, services, code, hosts))
    for node, edge in connections.externals(environments, valuers, hosts):
        pairing.externals.setdefault(node.id, node)
        edges.append(edge)
    system = System(
        services=tuple(deployed.service for deployed in services),
        operations=tuple(each.site for each in operations),
        endpoints=endpoints,
        channels=nodes.nodes(),
        externals=tuple(pairing.externals[identity] for identity in sorted(pairing.externals)),
        edges=_distinct(edges),
        flows=flows,
        steps=recognition.steps,
        functions=recognition.functions,
        calls=recognition.calls,
        unresolved=tuple(sorted(unresolved, key=lambda call: call.operation)),
        routes=traffic.routes(),
        notices=left_out(recognition, owners),
        declared=declared_channels(declared.channels),
    )
    return system if observations is None else overlay(system, observations)


def _joined(operations: Iterable[Finished], more: Iterable[Finished]) -> tuple[Finished, ...]:
    return tuple(sorted((*operations, *more), key=lambda each: each.site.id))


def _by_service(operations: Iterable[Finished]) -> dict[str, list[Finished]]:
    found: dict[str, list[Finished]] = {}
    for each in operations:
        found.setdefault(each.site.service, []).append(each)
    return found


def _bounded(
    operations: Sequence[Finished], graphs: Mapping[str, CallGraph], valuers: Mapping[str, Valuer]
) -> tuple[Finished, ...]:
    found = [
        each
        for service, several in _by_service(operations).items()
        for each in bounded(several, graphs[service], valuers[service])
    ]
    return tuple(sorted(found, key=lambda each: each.site.id))


def _paired(operations: Iterable[Finished], pairing: Pairing) -> tuple[list[Edge], list[UnresolvedCall]]:
    edges: list[Edge] = []
    unresolved: list[UnresolvedCall] = []
    for each in operations:
        outcomes = pairing.outcomes(each)
        edges.extend(edges_of(each, outcomes))
        for outcome in outcomes:
            line = ledger.entry(each, outcome) if isinstance(outcome, Problem) else None
            if line is not None:
                unresolved.append(line)
    return edges, unresolved


def _distinct(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """One edge for each pair, sorted by id; what the deployment declares and the code shows is the code's edge."""
    coded = {(edge.source_service, edge.target_service) for edge in edges if edge.source and edge.target_service}
    found: dict[str, Edge] = {}
    for edge in edges:
        if edge.source or (edge.source_service, edge.target_service) not in coded:
            known = found.setdefault(edge.id, edge)
            if edge.confidence.rank > known.confidence.rank:
                found[edge.id] = replace(known, confidence=edge.confidence)
    return tuple(found[identity] for identity in sorted(found))


def _flows(operations: Iterable[Finished], graphs: Mapping[str, CallGraph]) -> tuple[Flow, ...]:
    found = [
        flow
        for service, several in _by_service(operations).items()
        for flow in flows_of(service, several, graphs[service])
    ]
    return tuple(sorted(found, key=lambda flow: (flow.service, flow.entry, flow.exit)))
