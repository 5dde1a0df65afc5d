from __future__ import annotations

import json

import pytest

from commlint.model.operations import Policy, State
from commlint.model.places import Region
from commlint.model.system import Route, System
from commlint.model.values import Literal, Unknown
from commlint.report.inventory import as_json, as_text
from commlint.report.routes import COLUMNS, NULL, route_rows

PLACE = Region("mesh.yaml", 7, 1, 9, 1)
UNSET = Policy(State.UNSET)


def route(timeout: Policy = UNSET, retries: Policy = UNSET) -> Route:
    return Route("route:mesh.yaml:7", "virtualservice", "stock", ("stock", "*"), "/a*", ("stock",), ("stock",), PLACE,
                 timeout=timeout, retries=retries, per_try=UNSET)  # fmt: skip


def row(given: Route) -> dict[str, object]:
    (found,) = json.loads(as_json("routes", route_rows(System(routes=(given,))), NULL))["routes"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(State.SET, Literal(2.5), region=PLACE), 2.5),
        (UNSET, "unset"),
        (Policy(State.UNSET, None, region=PLACE), None),
        (Policy(State.UNKNOWN, Unknown("a template"), region=PLACE), "unknown"),
    ],
)
def test_timeout(policy: Policy, expected: object) -> None:
    """Seconds, `unset` for what is not stated, null for what is switched off."""
    assert row(route(policy))["timeout_s"] == expected


@pytest.mark.parametrize(("policy", "expected"), [(Policy(State.SET, Literal(3)), 3), (UNSET, None)])
def test_retries(policy: Policy, expected: object) -> None:
    """A number, null for what is not stated."""
    assert row(route(retries=policy))["retries"] == expected


def test_row() -> None:
    """A rule is told with its place and all it is for."""
    assert row(route()) == {
        "path": "mesh.yaml",
        "line": 7,
        "end_line": 9,
        "kind": "virtualservice",
        "name": "stock",
        "host": "stock, *",
        "match": "/a*",
        "destinations": ["stock"],
        "services": ["stock"],
        "timeout_s": "unset",
        "retries": None,
        "outlier_detection": False,
    }


def test_table() -> None:
    """A column in which nothing stands is left out."""
    text = as_text(route_rows(System(routes=(route(),))), COLUMNS)

    assert text.splitlines() == [
        "place        kind            name   host      match  timeout s  services",
        "mesh.yaml:7  virtualservice  stock  stock, *  /a*    unset      stock",
    ]
