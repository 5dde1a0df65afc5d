"""
The services of the shop run for real, `commlint record` sees them, and what it sees is what was read from their code.

Nothing is faked: RabbitMQ and PostgreSQL are Debian's, Kafka and SQS are other programs that speak their protocols,
the spans come from OpenTelemetry's SDK and its instrumentations. Only the payment provider and the carrier, which are
outside, are small servers of the test. The service notifications does not run, for it needs a mail server and two more
services of others. `make e2e` installs what is needed and runs this.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import brokers

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "fixtures" / "systems" / "shop"
PYTHON = Path(os.environ.get("COMMLINT_E2E", "missing"))
NEEDED = {
    "the environment of the shop": PYTHON.exists(),
    "rabbitmq-server": Path(brokers.RABBITMQ).exists(),
    "postgresql": brokers.postgres_programs() is not None,
}
MISSING = [name for name, there in NEEDED.items() if not there]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not there: {', '.join(MISSING)}; run `make e2e`")

UNUSED = {
    "analytics messaging order-events.dead order-events.dead",
    "payments http api.paystone.example PUT api.paystone.example/v1/settlements",
    "shipping sql postgres sql insert",
    "storefront messaging returns",
    "storefront messaging shipping returns",
}
"""
What code has and nobody makes use of here: no event is broken, no settlement is due, and nothing is sent back, for
which Redis would be needed, too.
"""

UNWRITTEN = {
    "storefront http shipping GET /shipments/{tracking}",
    "supplier http storefront POST /api/products/restocked",
}
"""What no code says: orders redirects to shipping, and supplier is told where to call back."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The graph of the shop with what `commlint record` has seen of it."""
    folder = tmp_path_factory.mktemp("shop")
    work, output = folder / "work", folder / "shop.observations"
    work.mkdir()
    with (
        brokers.rabbitmq(folder / "rabbitmq") as amqp,
        brokers.postgres() as databases,
        brokers.kafka(folder / "kafka", PYTHON) as kafka,
        brokers.sqs(folder / "sqs", PYTHON) as sqs,
    ):
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "fixtures" / "traces" / "record"),
            "RABBITMQ_URL": amqp,
            "DATABASES": databases,
            "KAFKA_SERVERS": kafka,
            "AWS_ENDPOINT_URL": sqs,
            **brokers.ACCOUNT,
            "RECEIPTS_QUEUE_URL": f"{sqs}/123456789012/{brokers.QUEUE}",
            "RETURNS_QUEUE_URL": f"{sqs}/123456789012/returns",
        }
        recorded = commlint(
            "record", "-o", output, "--", PYTHON, ROOT / "tests/e2e/use_shop.py", SHOP, work, env=environment
        )
        (folder / "log").write_text(recorded.stderr, "utf-8")
        assert recorded.returncode == 0, recorded.stderr[-20_000:]
    told = commlint("graph", SHOP, "--traces", output, "--format", "json", "--infrastructure")
    assert told.returncode == 0, told.stderr
    graph: dict[str, Any] = json.loads(told.stdout)
    return graph


def commlint(*words: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "commlint", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def test_traces_see_nothing_that_is_not_in_code(graph: dict[str, Any]) -> None:
    """But for what no code says."""
    assert told(graph, "trace-only") == UNWRITTEN


def test_code_has_nothing_that_traces_do_not_see(graph: dict[str, Any]) -> None:
    """But for what nobody made use of."""
    assert told(graph, "code-only") == UNUSED


def test_all_else_is_seen_as_it_is_read(graph: dict[str, Any]) -> None:
    """Operation by operation, over HTTP, gRPC, RabbitMQ, Kafka, SQS and SQL."""
    confirmed = told(graph, "confirmed")

    assert len(confirmed) > 40
    for edge in (
        "storefront http orders GET /orders/{order_id}/tracking",
        "orders grpc inventory shop.inventory.v1.Inventory/Reserve",
        "orders messaging shipments.requested",
        "shipments.requested messaging shipping",
        "order-events messaging analytics order-events",
        "payments messaging receipts",
        "shipping sql postgres sql set",
    ):
        assert edge in confirmed


def test_observed_figures_stand_on_edges(graph: dict[str, Any]) -> None:
    """Each of the six orders asks the provider once, and is packed once."""
    calls = {
        edge["label"]: edge["observed"]["calls"]
        for edge in graph["edges"]
        if edge.get("observed") and edge["kind"] in ("sync", "receive")
    }

    assert calls["POST /charges"] >= 6
    assert calls["shipments.requested"] >= 6


def told(graph: dict[str, Any], drift: str) -> set[str]:
    """The edges of services that run, one line each: from where, how, to where, doing what."""
    found = set()
    for edge in graph["edges"]:
        label = "" if edge["label"].startswith(("http://", "shipments.")) else edge["label"]
        if edge["kind"] != "connect" and edge["drift"] == drift and "notifications" not in edge.values():
            found.add(f"{edge['source']} {edge['protocol']} {edge['target']} {label}".strip())
    return found
