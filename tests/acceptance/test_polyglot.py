"""A system of many languages, `fixtures/systems/polyglot`: its edges."""

from __future__ import annotations

from tests.acceptance.seeded import POLYGLOT

CALLS = {
    ("portal", "bookings"),
    ("portal", "tracking"),
    ("bookings", "routing"),
    ("bookings", "pricing"),
    ("pricing", "tariffs"),
    ("tracking", "routing"),
}
MESSAGES = {
    ("routing", "send", "routes.changed"),
    ("notices", "receive", "routes.changed"),
    ("depot", "send", "parcels.delivered"),
    ("notices", "receive", "parcels.delivered"),
    ("bookings", "send", "booking-events"),
    ("depot", "receive", "booking-events"),
    ("tracking", "receive", "booking-events"),
    ("depot", "receive", "parcels.undeliverable"),
}


def test_calls_across_languages() -> None:
    """Every call between services of different languages is an edge of the code, and no other is."""
    system = POLYGLOT.result().system
    own = {service.name for service in system.services if service.roots}
    found = {
        (edge.source_service, edge.target_service)
        for edge in system.edges
        if edge.source and edge.kind == "sync" and edge.target_service in own
    }

    assert found == CALLS


def test_messages_across_languages() -> None:
    """Channels tie senders to receivers, whatever language and library each uses."""
    system = POLYGLOT.result().system
    names = {channel.id: channel.name for channel in system.channels}
    found = {(edge.source_service, edge.kind, names.get(edge.target, "")) for edge in system.edges}

    assert found >= MESSAGES


def test_nothing_is_left_unresolved() -> None:
    """Every address of the system can be followed."""
    assert POLYGLOT.result().system.unresolved == ()
