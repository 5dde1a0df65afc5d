"""From the names of traces to observations: where other engines are asked for that are not installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.observing import observed, trace_sources


def test_clickhouse_without_its_extra_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    """And without the password."""
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)

    with pytest.raises(UsageError, match=r"pip install 'commlint\[clickhouse\]'") as caught:
        trace_sources(["clickhouse://reader:s3cret@telemetry/otel"], Path())

    assert "clickhouse://reader@telemetry/otel" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_spark_without_its_extra_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before anything is read."""
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    recording = tmp_path / "traces.jsonl"
    recording.write_text("{}\n", "utf-8")

    with pytest.raises(UsageError, match=r"--spark spark://cluster:7077: .*pip install 'commlint\[spark\]'"):
        observed(trace_sources([str(recording)], tmp_path), spark="spark://cluster:7077")
