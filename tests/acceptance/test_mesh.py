"""A system whose faults stand around its code, `fixtures/systems/mesh`: its edges."""

from __future__ import annotations

from tests.acceptance.seeded import MESH


def test_function_is_started_by_what_is_sent_to_its_queue() -> None:
    """From code through the deployment's address to Terraform's queue, function and handler."""
    edges = {(edge.kind, edge.source_service, edge.target) for edge in MESH.result().system.edges}

    assert edges >= {
        ("send", "loans", "channel:sqs:notices"),
        ("receive", "notify", "channel:sqs:notices"),
        ("receive", "notify", "channel:sqs:recalls"),
        ("sync", "notify", "external:mail.example.com"),
    }
