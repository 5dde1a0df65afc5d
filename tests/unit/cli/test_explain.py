"""`commlint explain` and `commlint unresolved` as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint.cli.app import run


def test_a_call_is_explained_with_its_target(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Symbol, address, target and timeout of a call stand with where they come from."""
    assert run(["explain", "orders/app.py:6", str(shop)]) == 0
    told = capsys.readouterr().out

    assert "orders/app.py:6  client of orders: GET" in told
    assert "requests.get (requests, http)" in told
    assert "http://inventory:8000/stock/" in told
    assert "inventory: GET /stock/{sku}, inventory/app.py:6 (certain, coded)" in told
    assert "unset, by default of requests (requests waits for ever by default)" in told
    assert "means            library: requests.get" in told


def test_a_file_may_be_named_by_its_path(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path as the shell completes it means the same file."""
    assert run(["explain", f"{shop}/orders/app.py:6", str(shop)]) == 0

    assert "client of orders" in capsys.readouterr().out


def test_a_line_without_a_call_names_the_nearest(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing stands there, and it is said what stands near."""
    assert run(["explain", "orders/app.py:2", str(shop)]) == 0

    assert capsys.readouterr().out == "orders/app.py:2: no call stands here; the nearest ones begin on 6\n"


def test_a_wrapper_is_explained_by_what_it_calls(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A call of a function of the tree says which one, and what its arguments are worth."""
    (shop / "orders/more.py").write_text('from app import create\n\nSKU = "s-1"\ncreate(SKU)\n')
    assert run(["explain", "orders/more.py:4", str(shop)]) == 0
    told = capsys.readouterr().out

    assert "function: create in orders/app.py" in told
    assert "argument 0       SKU = s-1" in told


QUEUE = """
resource "aws_sqs_queue" "orders" {
  name = "orders"
}
resource "aws_lambda_function" "work" {
  function_name = "work"
  timeout       = 60
}
resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.work.arn
}
"""
RULE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: inventory}
spec:
  hosts: [inventory]
  http:
  - match: [{uri: {prefix: /stock}}]
    route: [{destination: {host: inventory}}]
    timeout: 3s
    retries: {attempts: 2}
"""


@pytest.mark.parametrize(
    ("file", "text", "line", "expected"),
    [
        (
            "queues.tf",
            QUEUE,
            3,
            [
                "queues.tf:2  queue aws_sqs_queue.orders (sqs)",
                "dead letter      unset",
                "held for         30 s by who takes a message",
                "goes on to       work",
                "worked on for    up to 60 s, the timeout of the function",
            ],
        ),
        (
            "mesh.yaml",
            RULE,
            9,
            [
                "mesh.yaml:8  virtualservice inventory: inventory /stock*",
                "holds            at the side of every caller",
                "leads to         inventory",
                "timeout          set to 3",
                "retries          set to 2",
                "outlier detection no",
            ],
        ),
    ],
)
def test_what_is_declared_on_a_line_is_explained(
    shop: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, line: int, expected: list[str]
) -> None:
    """A queue with where its messages go, a rule with what it bounds; from anywhere in their blocks."""
    (shop / file).write_text(text)
    assert run(["explain", f"{file}:{line}", str(shop)]) == 0
    told = capsys.readouterr().out

    assert [each for each in expected if each not in told] == []


def test_no_place_is_a_wrong_request(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a line, or for a file that is not there, the cure is told."""
    assert run(["explain", "orders/app.py", str(shop)]) == 2
    assert "name a file and a line" in capsys.readouterr().err
    assert run(["explain", "orders/ap.py:3", str(shop)]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_what_leads_nowhere_is_listed_by_reason(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each reason once, with its places, the line that binds them, and the share of all."""
    (shop / "orders/pay.py").write_text(
        "import os\nimport requests\nimport app\n\ndef pay():\n"
        "    requests.post(os.environ['PAYMENT_URL'] + '/pay', timeout=1)\n"
        "    requests.get(os.environ['PAYMENT_URL'] + '/paid', timeout=1)\n"
    )
    assert run(["unresolved", str(shop)]) == 0
    told = capsys.readouterr().out

    assert told.count("the host comes from $PAYMENT_URL") == 1
    assert "orders/pay.py:6" in told
    assert "orders/pay.py:7" in told
    assert '[hosts] "$PAYMENT_URL"' in told
    assert "2 of 3 calls, sends and receives lead nowhere known" in told
