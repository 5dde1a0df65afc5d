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


PYTHON = """
import requests
from fastapi import FastAPI

app = FastAPI()

@app.get("/")
async def stock():
    return requests.get("http://inventory/stock", timeout=1).json()
"""

GO = """package main

import (
	"context"

	"google.golang.org/grpc"

	pb "shop/stock"
)

func Ask(ctx context.Context) (*pb.Answer, error) {
	conn, _ := grpc.NewClient("stock:50051")
	return pb.NewStockClient(conn).Get(ctx, &pb.Question{})
}

func main() {
	Ask(context.Background())
}
"""

ROUTE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: stock}
spec:
  hosts: [stock]
  http:
  - timeout: 3s
    retries: {attempts: 3, perTryTimeout: 2s}
    route: [{destination: {host: stock}}]
"""


@pytest.mark.parametrize(
    ("code", "path", "text", "expected"),
    [
        (
            "CL303",
            "app.py",
            PYTHON,
            '(await asyncio.to_thread(requests.get, "http://inventory/stock", timeout=1)).json()',
        ),
        ("CL101", "main.go", GO, "\tbounded, cancel := context.WithTimeout(ctx, 5000*time.Millisecond)\n"),
        ("CL202", "main.tf", 'resource "aws_sqs_queue" "jobs" {\n}\n', '"aws_sqs_queue" "jobs_dead_letter" {'),
        ("CL202", "template.yaml", "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n", "  JobsDeadLetter:\n"),
        ("CL602", "route.yaml", ROUTE, "  - timeout: 8s\n"),
    ],
)
def test_faults_that_may_change_more_are_gone_when_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, path: str, text: str, expected: str
) -> None:
    """Each is found, stays without `--unsafe-fixes`, is mended with them, and then there is nothing left to do."""
    (tmp_path / path).write_text(text)
    (tmp_path / "go.mod").write_text("module shop\n\nrequire google.golang.org/grpc v1.70.0\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . .\n")
    (tmp_path / "requirements.txt").write_text("requests\nfastapi\n")
    options = ("--select", code, "--no-cache")

    assert run(["check", str(tmp_path), *options, "--fix"]) == 1
    assert (tmp_path / path).read_text() == text

    assert run(["check", str(tmp_path), *options, "--fix", "--unsafe-fixes"]) == 0
    assert expected in (tmp_path / path).read_text()
    assert run(["check", str(tmp_path), *options, "--diff", "--unsafe-fixes"]) == 0


def test_a_call_without_an_edit_of_its_own_is_bound_by_its_route(tmp_path: Path) -> None:
    """The options come from elsewhere; the route of the mesh states no timeout, and may state one."""
    (tmp_path / "requirements.txt").write_text("requests\nflask\n")
    (tmp_path / "app.py").write_text(
        "import urllib.request\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/')\n"
        "def stock():\n    return urllib.request.urlopen('http://stock/all', None, None).read()\n"
    )
    (tmp_path / "route.yaml").write_text(
        ROUTE.replace("  - timeout: 3s\n    retries: {attempts: 3", "  - retries: {attempts: 0")
    )

    assert run(["check", str(tmp_path), "--select", "CL101", "--no-cache"]) == 1
    assert run(["check", str(tmp_path), "--select", "CL101", "--no-cache", "--fix", "--unsafe-fixes"]) == 0
    assert "timeout: 5s" in (tmp_path / "route.yaml").read_text()
