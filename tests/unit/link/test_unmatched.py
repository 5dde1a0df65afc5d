"""Names of traces that are none of the system."""

from __future__ import annotations

from commlint.link.overlay import overlay
from commlint.link.unmatched import CHANNELS, OPERATIONS, SERVICES
from commlint.model.facts import Notice
from commlint.model.observations import Observations, ObservedEntry

from .builders import Files
from .test_overlay import http, laid, message, seen, shop


def test_services_that_nobody_read_are_named_with_the_cure() -> None:
    """They may be one of the system under another name."""
    found = laid(shop(), seen(http("shop-frontend-eu", "GET /"), http("pricing", "GET /prices/{sku}")))

    assert Notice("", 0, SERVICES.format('"shop-frontend-eu"')) in found.notices


def test_operations_that_are_no_endpoint_are_told_to_those_who_ask() -> None:
    """Probes and their like are no reason to do anything."""
    known, probe = http("orders", "POST /orders"), http("orders", "GET /healthz")
    entries = (ObservedEntry(known, 5, 5, 0), ObservedEntry(probe, 9, 9, 0))

    found = overlay(shop().system(), Observations(entries=entries, services=(("orders", 14),)))

    assert found.notices == (Notice("", 0, OPERATIONS.format("orders", '"GET /healthz"'), minor=True),)


def test_channels_that_nobody_read_are_named() -> None:
    """Where the system has any."""
    files: Files = shop()
    files.send("kafka", "orders/app.py::place", channel="orders.created")
    sender, receiver = http("orders", "POST /orders"), message("pricing", "consumer", "orders.gone")

    found = laid(files, seen(sender, receiver, "messaging", channel="orders.gone"))

    assert Notice("", 0, CHANNELS.format('"orders.gone"')) in found.notices


def test_what_matches_is_not_told() -> None:
    """Nothing has to be explained."""
    assert not laid(shop(), seen(http("orders", "POST /orders"), http("pricing", "GET /prices/{sku}"))).notices
