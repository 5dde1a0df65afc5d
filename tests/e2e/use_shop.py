"""
Start the services of the shop, use the shop as customers do, and stop them: the command that `commlint record` runs.

Usage: python use_shop.py SHOP-FOLDER WORK-FOLDER, with where brokers and databases are in the environment, and
the folder `fixtures/traces/record` on the path of Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import partners
from confluent_kafka import Consumer, TopicPartition
from record import ENVIRONMENT, OLD_CONVENTIONS, SERVICES, ask, use_the_shop, wait_for

HERE = Path(__file__).parent

KEPT = ("ORDERS_URL", "PAYMENTS_URL", "ANALYTICS_URL", "SHIPPING_URL", "SUPPLIER_URL", "PROVIDER_URL", "CARRIER_URL",
        "RESTOCK_CALLBACK_URL", "INVENTORY_ADDRESS", "OTEL_PYTHON_EXCLUDED_URLS")  # fmt: skip
EVENTS = "order-events"
PATIENCE = 300
"""Seconds until the last message has been received, at most; a consumer group takes its time to begin."""
LONGEST_POLL = 20
"""Seconds that shipping waits for what is sent back; only a wait that has ended is a span."""


def start(service: str, shop: Path, work: Path) -> subprocess.Popen[bytes]:
    databases = os.environ["DATABASES"]
    environment = {
        **os.environ,
        **{name: ENVIRONMENT[name] for name in KEPT},
        "OTEL_SERVICE_NAME": service,
        "OTEL_SEMCONV_STABILITY_OPT_IN": "" if service in OLD_CONVENTIONS else "http",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "500",
        "DATABASE_URL": f"{databases}/{service}",
        "PYTHONPATH": os.pathsep.join((str(work), str(shop / service), os.environ["PYTHONPATH"])),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen([sys.executable, str(HERE / "run_service.py"), service], env=environment, cwd=work)


def wait_for_messages() -> None:
    """Until analytics is through with all that happened to orders, and spans have been sent."""
    group = Consumer({"bootstrap.servers": os.environ["KAFKA_SERVERS"], "group.id": "analytics"})
    deadline = time.monotonic() + PATIENCE
    while True:
        (read,) = group.committed([TopicPartition(EVENTS, 0)], timeout=PATIENCE)
        _, end = group.get_watermark_offsets(TopicPartition(EVENTS, 0), timeout=PATIENCE)
        if read.offset >= end > 0:
            break
        if time.monotonic() > deadline:
            raise SystemExit(f"analytics has read {EVENTS} up to {read.offset} of {end}")
        time.sleep(1)
    group.close()
    time.sleep(LONGEST_POLL + 3)


def main(shop: Path, work: Path) -> None:
    partners.start()
    compiler = [sys.executable, "-m", "grpc_tools.protoc", "-I", str(shop / "proto"), "--python_out", str(work)]
    subprocess.run([*compiler, "--grpc_python_out", str(work), str(shop / "proto" / "inventory.proto")], check=True)
    sys.path.insert(0, str(work))
    processes = [start(service, shop, work) for service in SERVICES]
    try:
        for service in SERVICES:
            wait_for(service)
        use_the_shop()
        order = ask("storefront", "POST", "/api/checkout", {"sku": "cup", "count": 1, "customer": "ada@example.org"})
        ask("orders", "PUT", f"/orders/{order['id']}/address", {"street": "Main Street 1", "town": "Here"})
        wait_for_messages()
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
