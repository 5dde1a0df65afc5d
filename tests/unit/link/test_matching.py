"""Requests and the routes that take them: which one does, and what becomes of the path."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commlint.link.addresses import OPEN
from commlint.link.matching import first_taking, rewritten
from commlint.model.traffic import GatewayRoute, RouteMatch

from .builders import HERE

ROUTE = GatewayRoute("edge", "", "/", "stock", "", None, HERE)
EXACT = replace(ROUTE, path="/a/b", match=RouteMatch("/a/b", "exact"), target="exact")
PATTERN = replace(ROUTE, match=RouteMatch("/a/[0-9]+", "pattern"), target="pattern")
LONG = replace(ROUTE, path="/a/b", match=RouteMatch("/a/b", "prefix"), target="long")
SHORT = replace(ROUTE, path="/a", match=RouteMatch("/a", "prefix"), target="short")


@pytest.mark.parametrize(
    ("path", "target"),
    [("/a/b", "exact"), ("/a/7", "pattern"), ("/a/b/c", "long"), ("/a/c", "short"), ("/b", "")],
)
def test_route_that_takes_a_request(path: str, target: str) -> None:
    """The exact path goes before patterns, and those before prefixes, the longest first."""
    found = first_taking((SHORT, LONG, PATTERN, EXACT), path)

    assert (found.target if found else "") == target


def test_routes_in_their_order() -> None:
    """A mesh tries its rules as they stand."""
    assert first_taking((SHORT, LONG), "/a/b", in_order=True) == SHORT


def test_request_that_may_be_taken() -> None:
    """What is open in a path may be what a route is for, so nobody knows where it leads."""
    assert first_taking((LONG, SHORT), f"/a/{OPEN}") is None
    assert first_taking((SHORT,), f"/a/{OPEN}") == SHORT


@pytest.mark.parametrize(
    ("route", "path", "expected"),
    [
        (replace(ROUTE, path="/a", rewrite="/"), "/a/b", "/b"),
        (replace(ROUTE, path="/a", rewrite="/v1"), "/a", "/v1"),
        (replace(ROUTE, pattern=r"^/a/(\w+)/(.*)$", replacement="/$2/${1}"), "/a/b/c", "/c/b"),
        (replace(ROUTE, pattern=r"/a/(?<rest>.*)", replacement=r"/v1/$rest"), "/a/b", "/v1/b"),
        (replace(ROUTE, pattern=r"^/a/(.*)", replacement=r"/v1/\1"), f"/a/{OPEN}", f"/v1/{OPEN}"),
        (replace(ROUTE, pattern="(", replacement="/x"), "/a/b", "/a/b"),
    ],
)
def test_path_behind_a_route(route: GatewayRoute, path: str, expected: str) -> None:
    """A prefix is replaced, or what a regular expression finds; one that is broken changes nothing."""
    assert rewritten(path, route) == expected


def test_a_pattern_that_takes_any_path_comes_last() -> None:
    """What an ingress sends everything else to does not go before its prefixes."""
    rest = GatewayRoute("edge", "", "/", "web", "80", None, HERE, match=RouteMatch("/?(.*)", "pattern"))
    posts = GatewayRoute("edge", "", "/posts/", "posts", "80", None, HERE, match=RouteMatch("/posts/", "prefix"))

    assert first_taking((rest, posts), "/posts/7") is posts
    assert first_taking((rest, posts), "/about") is rest
