"""The same rounds on a Spark cluster of a master and two workers, each a process of its own on loopback."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.tables import recording

MISSING = [name for name in ("pyspark", "pyarrow") if importlib.util.find_spec(name) is None]
MISSING += ["java"] if shutil.which("java") is None else []
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}; see `make engines`")

PATIENCE = 300
"""Seconds that a cluster may take to start on a busy machine."""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a cluster, once both of its workers have registered."""
    import pyspark

    home, folder, port = Path(pyspark.__file__).parent, tmp_path_factory.mktemp("spark"), free_port()
    url = f"spark://127.0.0.1:{port}"
    spark_class = str(home / "bin" / "spark-class")
    deploy = "org.apache.spark.deploy"
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    worker = [f"{deploy}.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0"]
    commands = [
        [f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
        [*worker, "--work-dir", str(folder / "one"), url],
        [*worker, "--work-dir", str(folder / "two"), url],
    ]
    log = folder / "log"
    with log.open("wb") as output:
        processes = [
            subprocess.Popen([spark_class, *command], env=environment, stdout=output, stderr=output)
            for command in commands
        ]
    try:
        deadline = time.monotonic() + PATIENCE
        while len(re.findall("Registering worker", log.read_text("utf-8"))) < 2:
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.2)
        yield url
    finally:
        for process in processes:
            process.kill()
            process.wait()


def ingested(recorded: Path, output: Path, *more: str) -> bytes:
    command = [sys.executable, "-m", "commlint", "traces", "ingest", str(recorded), "-o", str(output), *more]
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output.read_bytes()


def test_cluster_gives_what_one_machine_gives(master: str, recorded: Path, tmp_path: Path) -> None:
    """To the byte."""
    here = ingested(recorded, tmp_path / "here")

    assert ingested(recorded, tmp_path / "there", "--spark", master) == here


def test_exact_percentiles_and_many_buckets(master: str, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages lead from bucket to bucket, and those that crossed are counted once."""
    from commlint.observe import spark
    from commlint.observing import observed, trace_sources

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setattr(spark, "BUCKET", recorded.stat().st_size // 3)
    sources = trace_sources([str(recorded)], Path())

    there, here = spark.observe_on_spark(master, sources, exact=True), observed(sources, exact=True)

    assert there == here
    assert [edge for edge in here.edges if edge.kind == "messaging" and edge.calls > 30]
