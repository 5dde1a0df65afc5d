from __future__ import annotations

from pathlib import Path

import pytest

from commlint.cli.app import run


def check(*arguments: object) -> int:
    return run(["check", *map(str, arguments), "--select", "CL101", "--no-cache"])


def test_diff_changes_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--diff` shows the edit on stdout, leaves with 1, and leaves the file alone."""
    before = (shop / "orders/app.py").read_bytes()

    assert check(shop, "--diff") == 1

    out = capsys.readouterr().out
    assert "+++ b/orders/app.py" in out
    assert "timeout=5)" in out
    assert (shop / "orders/app.py").read_bytes() == before


def test_mended_finding_is_gone(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--fix` writes the edit, looks again, and a second time there is nothing left to do."""
    assert check(shop, "--fix") == 0

    assert '/stock/{sku}", timeout=5)' in (shop / "orders/app.py").read_text()
    assert "mended 1 place in 1 file" in capsys.readouterr().err
    assert check(shop, "--diff") == 0


def test_bound_comes_from_the_configuration(shop: Path) -> None:
    """The bound that is written is the one that the rule is configured with."""
    (shop / "commlint.toml").write_text("[rules.CL101]\nfix-seconds = 1.5\n")

    check(shop, "--fix")

    assert "timeout=1.5)" in (shop / "orders/app.py").read_text()


def test_findings_are_silenced_where_they_stand(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the reason that was given; the next run is clean."""
    assert check(shop, "--add-ignores", "--reason", "the proxy bounds it") == 0

    assert "# commlint: ignore[CL101] the proxy bounds it" in (shop / "orders/app.py").read_text()
    assert "silenced 1 finding in 1 file" in capsys.readouterr().err
    assert check(shop) == 0


RECEIVER = """
import time

import pika

def handle(channel, method, properties, body):
    try:
        work(body)
    except ValueError:
        channel.basic_nack(method.delivery_tag, requeue=True)
        return
    channel.basic_ack(method.delivery_tag)

channel = pika.BlockingConnection().channel()
channel.queue_declare("orders")
channel.basic_consume("orders", handle)
channel.start_consuming()

async def wait():
    time.sleep(1)
"""


def test_safe_and_unsafe_fixes_are_told_apart(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A message that is rejected where nothing takes dead letters is lost, so that is asked for by name."""
    (shop / "inventory/app.py").write_text(RECEIVER)
    options = ("--select", "CL204,CL303", "--no-cache", "--exit-zero")

    assert run(["check", str(shop), *options, "--fix", "--show-fixes"]) == 0
    text = (shop / "inventory/app.py").read_text()
    assert "await asyncio.sleep(1)" in text
    assert "requeue=True" in text
    assert "fix (unsafe): inventory/app.py:11: CL204: set requeue to False" in capsys.readouterr().err

    assert run(["check", str(shop), *options, "--fix", "--unsafe-fixes"]) == 0
    assert "requeue=False" in (shop / "inventory/app.py").read_text()
    assert "No findings" in capsys.readouterr().out
