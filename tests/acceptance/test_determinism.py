"""The same files give the same bytes, whatever the order, the number of processes and the state of the cache."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from commlint import gather
from commlint.cli.app import run

SERVICES = ("billing", "catalog", "orders", "shipping", "users")
HTTP = """
import os

import requests

SESSION = requests.Session()


def call(service, path, timeout=None, **options):
    return SESSION.get(f"http://{service}:8000{path}", timeout=timeout, **options)


class Client:
    def __init__(self, base, timeout=None):
        self.base = base
        self.timeout = timeout

    def fetch(self, path):
        return call(self.base, path, timeout=self.timeout)
"""
BUS = """
import json

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("rabbit"))
channel = connection.channel()


def send(queue, body):
    channel.queue_declare(queue=queue)
    channel.basic_publish(exchange="", routing_key=queue, body=json.dumps(body))


def receive(queue, handler):
    channel.basic_consume(queue=queue, on_message_callback=handler, auto_ack=True)
    channel.start_consuming()
"""
ROUTE = """
import os

import requests
from flask import Flask

from shared.bus import send
from shared.http import Client, call

app = Flask(__name__)
PEER = Client(os.environ.get("PEER", "{next}"), timeout={timeout})


@app.get("/{name}/{number}/<key>")
def read_{number}(key):
    for item in range(3):
        call("{next}", "/{next}/{number}/" + key)
    send("{name}-{number}", {{"key": key}})
    requests.post("https://api.example.com/{name}/{number}")
    return PEER.fetch("/{next}/{number}/x").json()
"""
WORKER = """
import requests

from shared.bus import receive


def handle(channel, method, properties, body):
    requests.post("http://{name}:8000/{name}/0/x", data=body)


receive("{previous}-0", handle)
"""


def files() -> dict[str, str]:
    """About forty files: five services in a ring, each with several routes and a worker, over shared wrappers."""
    planted = {"shared/__init__.py": "", "shared/http.py": HTTP, "shared/bus.py": BUS}
    compose = "services:\n  rabbit:\n    image: rabbitmq\n"
    for place, name in enumerate(SERVICES):
        following, previous = SERVICES[(place + 1) % len(SERVICES)], SERVICES[place - 1]
        compose += f"  {name}:\n    build:\n      context: .\n      dockerfile: {name}/Dockerfile\n"
        compose += f"    environment:\n      PEER: {following}\n"
        copied = f"COPY {name} {name}\nCOPY shared shared\n"
        planted[f"{name}/Dockerfile"] = f"FROM python\n{copied}CMD python {name}/app0.py\n"
        for number in range(5):
            timeout = (None, 3, 600)[number % 3]
            planted[f"{name}/app{number}.py"] = ROUTE.format(name=name, next=following, number=number, timeout=timeout)
        planted[f"{name}/worker.py"] = WORKER.format(name=name, previous=previous)
    return {"compose.yaml": compose, **planted}


def plant(root: Path, paths: Iterable[str]) -> Path:
    """The files in a folder, made in the order of the paths."""
    content = files()
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content[path])
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plant(tmp_path / "system", sorted(files()))


def arguments(root: Path, out: Path, *more: str) -> list[list[str]]:
    """The commands that write everything there is to compare into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    formats = [word for name in ("json", "sarif", "text", "github") for word in ("-f", f"{name}:{out / name}")]
    graph = ["graph", str(root), *more, "--infrastructure"]
    return [
        ["check", str(root), *more, "--exit-zero", *formats],
        [*graph, "-f", "json", "-o", str(out / "graph.json")],
        [*graph, "-f", "mermaid", "--level", "endpoint", "-o", str(out / "graph.mmd")],
        [*graph, "-f", "graphml", "-o", str(out / "graph.xml")],
    ]


def written(root: Path, out: Path, *more: str) -> dict[str, bytes]:
    """What a run writes, by file."""
    for command in arguments(root, out, *more):
        assert run(command) == 0
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


def test_the_system_is_worth_comparing(root: Path, tmp_path: Path) -> None:
    """There are findings, chains through wrappers and edges of both kinds; else equal outputs would say nothing."""
    outputs = written(root, tmp_path / "out", "--no-cache")

    assert outputs["text"].count(b"CL101") > 10
    assert outputs["graph.json"].count(b'"kind": "send"') + outputs["graph.json"].count(b'"kind":"send"') > 10
    assert all(f'"{name}"'.encode() in outputs["graph.json"] for name in SERVICES)


def test_processes_make_no_difference(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process and two write the same."""
    alone = written(root, tmp_path / "one", "--no-cache", "--jobs", "1")

    # So few bytes would not be worth a second process.
    monkeypatch.setattr(gather, "BYTES_FOR_A_PROCESS", 1)

    assert written(root, tmp_path / "two", "--no-cache", "--jobs", "2") == alone


def test_cache_makes_no_difference(root: Path, tmp_path: Path) -> None:
    """No cache, an empty, a full and a partly stale one lead to the same."""
    cache = ["--cache-dir", str(tmp_path / "cache")]
    cold = written(root, tmp_path / "cold", "--no-cache")

    assert written(root, tmp_path / "first", *cache) == cold
    assert written(root, tmp_path / "again", *cache) == cold

    wrapper = root / "shared" / "http.py"
    wrapper.write_text(HTTP.replace("timeout=None, **options", "timeout=5, **options"))
    changed = written(root, tmp_path / "changed", *cache)

    assert changed == written(root, tmp_path / "changed-cold", "--no-cache")
    assert changed != cold

    wrapper.write_text(HTTP)

    assert written(root, tmp_path / "back", *cache) == cold


def test_order_of_files_makes_no_difference(root: Path, tmp_path: Path) -> None:
    """A tree whose files were made in another order, so that the disk lists them in another, writes the same."""
    other = plant(tmp_path / "other" / "system", sorted(files(), key=lambda path: path[::-1], reverse=True))

    assert written(other, tmp_path / "backward", "--no-cache") == written(root, tmp_path / "forward", "--no-cache")


def test_hash_seeds_make_no_difference(root: Path, tmp_path: Path) -> None:
    """The order in which Python keeps sets, different in each process, shows nowhere."""
    outputs = []
    for seed in ("0", "1", "2"):
        out = tmp_path / seed
        for command in arguments(root, out, "--no-cache"):
            environment = {**os.environ, "PYTHONHASHSEED": seed}
            subprocess.run([sys.executable, "-m", "commlint", *command], check=True, env=environment, timeout=300)
        outputs.append({file.name: file.read_bytes() for file in sorted(out.iterdir())})

    assert outputs[0] == outputs[1] == outputs[2]
