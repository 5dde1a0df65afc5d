"""The inventory of routes: what every rule of a mesh or gateway states."""

from __future__ import annotations

from commlint.model.operations import Policy, State
from commlint.model.system import Route, System
from commlint.model.values import Literal
from commlint.report.inventory import Cell, Row

COLUMNS = ("kind", "name", "host", "match", "timeout_s", "retries", "outlier_detection", "services")
# Cells in which null says something: a timeout that is switched off, retries that are not stated.
NULL = ("timeout_s", "retries")


def route_rows(system: System) -> list[Row]:
    """A row for each rule, sorted by place."""
    return [_row(route) for route in system.routes]


def _row(route: Route) -> Row:
    per_try = _number(route.per_try)
    return {
        "path": route.region.path,
        "line": route.region.start_line,
        "end_line": route.region.end_line,
        "kind": route.kind,
        "name": route.name,
        "host": ", ".join(route.hosts),
        "match": route.match or None,
        "destinations": route.destinations,
        "services": route.services,
        "timeout_s": _timeout(route.timeout),
        "per_try_timeout_s": per_try,
        "retries": _number(route.retries),
        "retry_on": route.retry_on or None,
        "outlier_detection": route.outlier_detection,
    }


def _timeout(policy: Policy) -> Cell:
    """Seconds; None when it is switched off; else `unset` or `unknown`."""
    if policy.state is State.SET:
        number = _number(policy)
        return "unknown" if number is None else number
    return None if policy.state is State.UNSET and policy.region is not None else policy.state.value


def _number(policy: Policy) -> int | float | None:
    """What is set, 0 for what is switched off."""
    if policy.state is State.UNSET and policy.region is not None:
        return 0
    value = policy.value.value if policy.state is State.SET and isinstance(policy.value, Literal) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
