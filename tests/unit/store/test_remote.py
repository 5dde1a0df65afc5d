"""Traces behind URLs."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.store.traces import trace_sources

from ..observe.recordings import json_lines, observed_of, request

fsspec = pytest.importorskip("fsspec")


def test_urls_and_patterns_of_urls_are_read(tmp_path: Path) -> None:
    """Beside files of this machine."""
    memory = fsspec.filesystem("memory")
    for number in (1, 2):
        memory.pipe(f"/traces/day-{number}.jsonl", json_lines([request("orders", number, 1)]))
    (tmp_path / "day-3.jsonl").write_bytes(json_lines([request("orders", 3, 1)]))

    found = trace_sources(["memory://traces/day-*.jsonl", "memory://traces/day-1.jsonl", str(tmp_path / "*")], tmp_path)

    assert [source.name for source in found] == [
        "day-3.jsonl",
        "memory:///traces/day-1.jsonl",
        "memory:///traces/day-2.jsonl",
    ]
    assert observed_of(found).totals.spans == 3


def test_urls_go_to_other_processes(tmp_path: Path) -> None:
    """With all that is needed to open them."""
    path = tmp_path / "traces.jsonl"
    path.write_bytes(json_lines([request("orders", 1, 1)]))
    (source,) = trace_sources([f"file://{path}"], tmp_path)

    with pickle.loads(pickle.dumps(source)).open() as file:
        assert file.read() == path.read_bytes()
    assert source.size == path.stat().st_size


@pytest.mark.parametrize("url", ["memory://none.jsonl", "memory://none/*.jsonl", "nosuchsystem://bucket/key"])
def test_url_of_nothing_is_an_error(url: str, tmp_path: Path) -> None:
    """With the URL."""
    with pytest.raises(UsageError, match=url.partition("*")[0]):
        trace_sources([url], tmp_path)


def test_without_the_extra_the_cure_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package is optional."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)

    with pytest.raises(UsageError, match=r"commlint\[remote\]"):
        trace_sources(["s3://bucket/key"], tmp_path)
