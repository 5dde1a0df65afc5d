"""Method and path against route templates."""

import pytest

from commlint.link.addresses import OPEN
from commlint.link.routes import Routes, template
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.model.system import Endpoint


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("/items/<int:sku>/", "/items/{sku}"),
        ("/items/:sku", "/items/{sku}"),
        (":sku", "/{sku}"),
        ("/items/{sku:int}", "/items/{sku}"),
        ("/items/{sku:[0-9]{3}}", "/items/{sku}"),
        ("items/<sku>", "/items/{sku}"),
        (r"^items/(?P<pk>\d+)/$", "/items/{pk}"),
        (r"^api/v1\.0/items/(\w+)$", "/api/v1.0/items/{}"),
        ("/files/{rest:path}", "/files/{...}"),
        ("/files/<path:rest>", "/files/{...}"),
        ("/files/*", "/files/{...}"),
        ("/owners/*/pets/{id}", "/owners/*/pets/{id}"),
        ("/**/health", "/{...}/health"),
        ("", "/"),
    ],
)
def test_routes_of_all_frameworks_become_templates(written: str, shown: str) -> None:
    """One form, whatever the framework."""
    assert template(written) == shown


def matched(method: str, path: str, *routes: str, based: bool = False) -> tuple[str, Confidence] | None:
    """The route of service `s` that a call meets."""
    endpoints = []
    for route in routes:
        verb, _, where = route.partition(" ")
        endpoints.append(Endpoint(f"endpoint:s:{route}", "s", "http", verb, where, "", Region("a.py")))
    found = Routes(endpoints).match("s", method, path, based)
    if found.endpoint is None:
        return None
    return f"{found.endpoint.method} {found.endpoint.path}", found.confidence


def test_literal_routes_go_before_parameters() -> None:
    """`/items/new` is not `/items/{sku}`."""
    found = matched("GET", "/items/new", "GET /items/{sku}", "GET /items/new")

    assert found == ("GET /items/new", Confidence.CERTAIN)


def test_open_part_meets_a_parameter_rather_than_a_literal() -> None:
    """`/items/{}` is likelier the item than the form for a new one."""
    found = matched("GET", f"/items/{OPEN}", "GET /items/{sku}", "GET /items/new")

    assert found == ("GET /items/{sku}", Confidence.CERTAIN)


def test_method_must_agree_unless_one_is_unknown() -> None:
    """A POST does not meet a GET; a call with an unknown method meets any."""
    assert matched("POST", "/items", "GET /items") is None
    assert matched("", "/items", "GET /items") == ("GET /items", Confidence.CERTAIN)


def test_routes_that_differ_in_case_only() -> None:
    """The one written so goes first; another is likely, since not every framework tells them apart."""
    assert matched("GET", "/orders", "GET /Orders") == ("GET /Orders", Confidence.LIKELY)
    assert matched("GET", "/orders", "GET /Orders", "GET /orders") == ("GET /orders", Confidence.CERTAIN)


def test_several_equal_fits_are_not_chosen_between() -> None:
    """With an unknown method and two methods on one path only the service is known."""
    assert matched("", "/items", "GET /items", "POST /items") is None


def test_open_part_may_hold_several_segments() -> None:
    """A path kept in one value may have slashes in it."""
    assert matched("GET", f"/{OPEN}/stock", "GET /items/{sku}/stock") == ("GET /items/{sku}/stock", Confidence.CERTAIN)


def test_open_piece_of_a_segment() -> None:
    """`/report-{}` meets `/report-{month}` and `/items{}` (a query put on behind) meets `/items`."""
    assert matched("GET", f"/report-{OPEN}", "GET /report-{month}") == ("GET /report-{month}", Confidence.CERTAIN)
    assert matched("GET", f"/items{OPEN}", "GET /items") == ("GET /items", Confidence.CERTAIN)


def test_rest_of_the_path() -> None:
    """A catch-all takes what nothing else does."""
    found = matched("GET", "/files/a/b", "GET /files/{rest:path}", "GET /{any}/x/y")

    assert found == ("GET /files/{rest:path}", Confidence.CERTAIN)


def test_prefix_a_proxy_takes_off_is_likely() -> None:
    """`/api/stock/items` meets `/items` of a server behind a prefix, but only by a literal segment."""
    assert matched("GET", "/api/stock/items", "GET /items") == ("GET /items", Confidence.LIKELY)
    assert matched("GET", "/api/stock/items", "GET /{anything}") is None


def test_prefix_in_an_open_base_address_is_likely() -> None:
    """`{base}/items` meets `/api/v1/items` when only one route ends so."""
    assert matched("GET", "/items", "GET /api/v1/items", based=True) == ("GET /api/v1/items", Confidence.LIKELY)
    assert matched("GET", "/items", "GET /api/v1/items") is None


def test_a_star_inside_a_path_is_one_segment() -> None:
    """It has any name, and what stands behind it still counts."""
    route = "GET /owners/*/pets/{id}"

    assert matched("GET", "/owners/7/pets/3", route) == (route, Confidence.CERTAIN)
    assert matched("GET", "/owners/7/visits/3", route) is None
