"""Findings that a change has to do with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields

from commlint.model.changes import Changes
from commlint.model.findings import Finding
from commlint.model.operations import Policies, Policy, RetryPolicy, Role
from commlint.model.places import Region
from commlint.model.system import System


def touched(findings: Iterable[Finding], system: System, changes: Changes) -> tuple[Finding, ...]:
    """
    Those whose operations, hops or declarations have a line of the change.

    Of an operation that is its call and what sets its policies, and of one that receives the function that handles it;
    of a channel or route what declares it.
    """
    declared = _declared(system)
    return tuple(
        finding for finding in findings if any(changes.touch(region) for region in _regions(finding, declared))
    )


def _regions(finding: Finding, declared: dict[str, list[Region]]) -> Iterator[Region]:
    yield finding.region
    for hop in finding.related:
        yield hop.region
    for subject in finding.subjects:
        yield from declared.get(subject, ())


def _declared(system: System) -> dict[str, list[Region]]:
    """Id of whatever a finding may be about → where it stands."""
    found: dict[str, list[Region]] = defaultdict(list)
    functions = {function.id: function.region for function in system.functions}
    for valued in system.operations:
        operation = valued.operation
        places = [operation.region, *_policy_places(valued.policies)]
        if operation.role is Role.CONSUMER and operation.function in functions:
            places.append(functions[operation.function])
        found[operation.id] += places
        found[valued.id] += places
    for channel in system.channels:
        if channel.region:
            found[channel.id].append(channel.region)
    for block in system.declared:
        found[block.channel].append(block.region)
    for route in system.routes:
        found[route.id].append(route.region)
    for endpoint in system.endpoints:
        found[endpoint.id].append(endpoint.region)
    for edge in system.edges:
        if edge.region:
            found[edge.id].append(edge.region)
    return found


def _policy_places(policies: Policies | RetryPolicy) -> Iterator[Region]:
    """Where the policies of an operation are set."""
    for field in fields(policies):
        value = getattr(policies, field.name)
        if isinstance(value, RetryPolicy):
            yield from _policy_places(value)
        elif isinstance(value, Policy) and value.region is not None:
            yield value.region
