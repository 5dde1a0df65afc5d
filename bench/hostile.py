"""
What commlint makes of traces that nobody would record: how long it takes, how much memory, and what it says of them.

    python bench/hostile.py [--spans 10000000]

Every input is made here, read by `commlint traces stats` in a process of its own, and removed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from traces import Cost, cost

RECORD: Final = 10_000
"""Spans of a record."""

START: Final = 1_700_000_000_000_000_000
ZEROS: Final = 1 << 30
ATTRIBUTE: Final = 100 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=10_000_000)
    parser.add_argument("--only", default="", help="part of a name")
    given = parser.parse_args()
    inputs: dict[str, Callable[[Path], None]] = {
        "one trace": lambda path: _trace(path, given.spans, lambda number: number // 10),
        "one chain of parents": lambda path: _trace(path, given.spans, lambda number: number),
        "circles of parents": lambda path: _trace(path, given.spans // 10, lambda number: number ^ 1),
        "attribute of 100 MB, JSON": _attribute_json,
        "attribute of 100 MB, protobuf": _attribute_protobuf,
        "gzip of zeros": _zeros,
        "gzip of one line": _line,
        "gzip of empty records": _empty,
        "flipped bits": _flipped,
    }
    print("| input | MB | seconds | MB of the largest process | what is said |")
    print("| --- | --- | --- | --- | --- |")
    for name, make in inputs.items():
        if given.only in name:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "input"
                make(path)
                taken, said = _measured(path, Path(folder))
                size = path.stat().st_size / 1e6
                print(f"| {name} | {size:.0f} | {taken.wall:.1f} | {taken.memory:.0f} | {said} |", flush=True)


def _measured(path: Path, folder: Path) -> tuple[Cost, str]:
    script = 'exec "$@" 2> "$0"'
    command = [sys.executable, "-m", "commlint", "traces", "stats", "--verbose", "--format", "json", str(path)]
    taken = cost(["sh", "-c", script, str(folder / "said"), *command], folder / "out", allowed=(0, 2))
    said = " ".join((folder / "said").read_text("utf-8").split())
    content = (folder / "out").read_bytes()
    spans = json.loads(content)["totals"]["spans"] if content else 0
    return taken, f"{spans} spans; {said.replace(str(path), 'input')[:300]}"


def _trace(path: Path, spans: int, parent: Callable[[np.ndarray], np.ndarray]) -> None:
    """One trace as framed protobuf; the first span is the root unless `parent` says otherwise."""
    document = TracesData()
    resources = document.resource_spans.add()
    attribute = resources.resource.attributes.add(key="service.name")
    attribute.value.string_value = "batch"
    span = resources.scope_spans.add().spans.add(
        trace_id=b"\x01" * 16, span_id=b"\x02" * 8, parent_span_id=b"\x03" * 8, name="step", kind="SPAN_KIND_SERVER",
        start_time_unix_nano=START, end_time_unix_nano=START + 1000,
    )  # fmt: skip
    one = span.SerializeToString()
    body = b"\x12" + bytes([len(one)]) + one
    places = [body.index(b"\x02" * 8), body.index(b"\x03" * 8), body.index(START.to_bytes(8, "little"))]
    service = resources.resource.SerializeToString()
    with path.open("wb") as file:
        for begin in range(1, spans + 1, RECORD):
            ids = np.arange(begin, min(begin + RECORD, spans + 1))
            table = np.tile(np.frombuffer(body, np.uint8), (len(ids), 1))
            columns = (ids, parent(ids - 1) if begin > 1 else parent(np.maximum(ids - 1, 0)), START + ids)
            for place, column, order in zip(places, columns, (">i8", ">i8", "<i8"), strict=True):
                table[:, place : place + 8] = column.astype(order).view(np.uint8).reshape(-1, 8)
            scope = table.tobytes()
            inner = b"\x0a" + _varint(len(service)) + service + b"\x12" + _varint(len(scope)) + scope
            record = b"\x0a" + _varint(len(inner)) + inner
            file.write(len(record).to_bytes(4, "big") + record)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _document(text: str) -> dict[str, object]:
    value = [{"key": "http.route", "value": {"stringValue": text}}]
    times = {"startTimeUnixNano": str(START), "endTimeUnixNano": str(START + 1)}
    span = {"traceId": "1" * 32, "spanId": "2" * 16, "name": "a", "kind": 2, **times, "attributes": value}
    return {"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"spans": [span]}]}]}


def _attribute_json(path: Path) -> None:
    path.write_text(json.dumps(_document("x" * ATTRIBUTE), separators=(",", ":")) + "\n")


def _attribute_protobuf(path: Path) -> None:
    document = TracesData()
    span = document.resource_spans.add().scope_spans.add().spans.add(trace_id=b"\x01" * 16, span_id=b"\x02" * 8)
    span.attributes.add(key="http.route").value.string_value = "x" * ATTRIBUTE
    content = document.SerializeToString()
    path.write_bytes(len(content).to_bytes(4, "big") + content)


def _packed(path: Path, pieces: Iterator[bytes]) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        for piece in pieces:
            file.write(piece)


def _zeros(path: Path) -> None:
    _packed(path, (bytes(1 << 20) for _ in range(ZEROS >> 20)))


def _line(path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"resourceSpans":[{"x":"'
        yield from (b"x" * (1 << 20) for _ in range(ZEROS >> 20))

    _packed(path, pieces())


def _empty(path: Path) -> None:
    _packed(path, (b'{"resourceSpans":[]}\n' * 50_000 for _ in range(1000)))


def _flipped(path: Path) -> None:
    """A framed file with one wrong bit in every record."""
    made = path.with_name("whole")
    _trace(made, 200_000, lambda number: number // 10)
    content = bytearray(made.read_bytes())
    chance = random.Random(1)
    for _ in range(2000):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} seconds in all", file=sys.stderr)
