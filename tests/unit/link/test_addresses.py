"""Addresses taken apart."""

import pytest

from commlint.link.addresses import OPEN, locate
from commlint.link.values import Open, Text

BASE = Open("base", "is open")


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://stock:8000/items/1?x=2#y", ("http", "stock", 8000, "/items/1")),
        ("https://api.example.com", ("https", "api.example.com", None, "")),
        ("http://user:pa@stock/a", ("http", "stock", None, "/a")),
        ("jdbc:postgresql://db:5432/shop", ("postgresql", "db", 5432, "/shop")),
        ("postgresql+asyncpg://u:p@db/shop", ("postgresql+asyncpg", "db", None, "/shop")),
        ("dns:///stock:50051", ("", "stock", 50051, "")),
        ("http://https://stock/items", ("https", "stock", None, "/items")),
        ("http:///items", ("http", "", None, "/items")),
        ("kafka-1:9092,kafka-2:9092", ("", "kafka-1", 9092, "")),
        ("http://[::1]:80/a", ("http", "::1", 80, "/a")),
        ("STOCK:50051", ("", "stock", 50051, "")),
        ("https+http://_grpc.stock/a", ("https+http", "stock", None, "/a")),
        ("http://stock:80//a/b", ("http", "stock", 80, "/a/b")),
    ],
)
def test_parts_of_an_address(url: str, parts: tuple[str, str, int | None, str]) -> None:
    """Scheme, host, port and path, without user, query and fragment."""
    found = locate(Text((url,)), "grpc")

    assert (found.scheme, found.host, found.port, found.path) == parts


def test_a_path_may_begin_with_a_parameter() -> None:
    """`:id` is no port: that is a number."""
    assert locate(Text((":id/items",)), "http").path == ":id/items"
    assert locate(Text(("stock:8000/items",)), "http").host == "stock"


def test_what_a_sidecar_is_asked_to_pass_on_is_for_a_service() -> None:
    """The service and its path stand behind those of the sidecar's own API, whatever its port."""
    port = Open("port", "is open")
    url = ("http://localhost:", port, "/v1.0/invoke/Stock/method/items/", Open("sku", "is open"))
    found = locate(Text(url), "http")

    assert (found.host, found.port, found.path, found.shown) == ("stock", None, f"/items/{OPEN}", "/items/{sku}")
    assert locate(Text(("http://localhost:3500/v1.0/state/orders",)), "http").host == "localhost"


def test_open_host_keeps_its_reason_and_the_path_stays_known() -> None:
    """`{base}/items/{id}` has an open host that may bring a prefix along, and a path."""
    found = locate(Text((BASE, "/items/", Open("sku", "is open"))), "http")

    assert found.opens == (BASE,)
    assert found.based
    assert (found.path, found.shown) == (f"/items/{OPEN}", "/items/{sku}")


def test_what_is_open_behind_a_whole_port_is_the_path() -> None:
    """`http://localhost:5000{path}` names its port; `http://localhost:50{last}` does not."""
    whole = locate(Text(("http://localhost:5000", Open("path", "is open"))), "http")
    part = locate(Text(("http://localhost:50", Open("last", "is open"))), "http")

    assert (whole.host, whole.port, whole.path) == ("localhost", 5000, OPEN)
    assert part.port is None


def test_open_parts_before_the_host_are_not_the_hosts() -> None:
    """A secret in the user part does not open the host."""
    found = locate(Text(("amqp://", Open("user", ""), ":", Open("password", ""), "@rabbit:5672/")), "amqp")

    assert (found.host, found.opens) == ("rabbit", ())


def test_a_path_has_no_host() -> None:
    """A relative URL of an HTTP call is a path, with or without slash."""
    assert locate(Text(("/items",)), "http").relative
    assert locate(Text(("items/1",)), "http").relative


def test_host_and_port_without_scheme_are_no_path() -> None:
    """`stock:8000/items` is a host."""
    assert locate(Text(("stock:8000/items",)), "http").host == "stock"


def test_open_or_empty_scheme_does_not_hide_the_host() -> None:
    """`{scheme}://stock/{path}` and `://stock/` lead to `stock`; the open scheme is not the host's."""
    found = locate(Text((Open("scheme", ""), "://stock/", Open("path", ""))), "http")

    assert (found.scheme, found.host, found.shown, found.opens) == ("", "stock", "/{path}", ())
    assert locate(Text(("://stock/items",)), "http").host == "stock"
