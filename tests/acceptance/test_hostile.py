"""Everything hostile at once beside a healthy service: a notice for each, and a result for all the rest."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

FAULTY = 'import requests\n\n\ndef stock(sku):\n    return requests.get("http://inventory:8000/stock/" + sku)\n'
SOUND = FAULTY.replace(" + sku", " + sku, timeout=2")
COMPOSE = """
services:
  orders:
    build: ./orders
  inventory:
    build: ./inventory
"""
DEEP = 10_000
FILE_SIZE = 2_500_000
PAYLOAD = (
    "\x1b[31mred\n::error::injected\n<script>alert(1)</script>\n[link](javascript:alert(1)) | `x` %0A::warning::no"
)
NAME = "evil\n::error::injected\x1b[31m[red] <b>`|.py"

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)

NESTED = {
    "brackets.py": "import requests\nx = " + "[" * DEEP + "]" * DEEP + "\n",
    "open.py": "import requests\nx = " + "(" * DEEP,
    "calls.py": "import requests\n" + "requests.get(" * DEEP + ")" * DEEP + "\n",
    "attributes.py": "import requests\nrequests" + ".get" * DEEP + "()\n",
    "sums.py": "import requests\nrequests.get(" + " + ".join(['"x"'] * DEEP) + ", timeout=1)\n",
    "ifs.py": "import requests\n" + "".join(" " * depth + "if x:\n" for depth in range(2000)) + " " * 2000 + "pass\n",
    "elifs.py": "import requests\nif x:\n    pass\n" + "elif x:\n    pass\n" * DEEP,
    "lambdas.py": "import requests\nx = " + "lambda: " * DEEP + "1\n",
    "flow/docker-compose.yaml": "services: " + "[" * DEEP + "]" * DEEP + "\n",
    "mappings/deployment.yaml": "kind: Deployment\nspec: " + "{a: " * DEEP + "}" * DEEP + "\n",
    "blocks/compose.yaml": "services:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 1500)),
    "laughs/docker-compose.yaml": LAUGHS + "services: *i\n",
}

BROKEN: dict[str, bytes] = {
    "binary.py": random.Random(1).randbytes(50_000),
    "zeros.py": bytes(10_000),
    "utf16.py": FAULTY.encode("utf-16"),
    "latin1.py": ("# caf\xe9\n" + SOUND).encode("latin-1"),
    "large.py": b"import requests\n" + b"x = 1  # filler\n" * (FILE_SIZE // 15),
    "cut.py": b"import requests\n\n\ndef f(:\n    requests.get('http://x'",
    "cut/compose.yaml": b"services:\n  a: {build: [\n",
    "tabs/compose.yaml": b"services:\n\ta:\n\t\tbuild: .\n",
    "bytes/compose.yaml": b"services: \xff\xfe\x00\n",
    "scalar/compose.yaml": b"services: 3\n",
    "list/docker-compose.yml": b"- services\n- [a]\n",
    "keys/compose.yaml": b"services: {[a, b]: {build: .}, 1: {build: .}, null: null, {}: []}\n",
    "tags/compose.yaml": b"services: !!python/object/apply:os.system ['echo injected']\n",
    "pyproject.toml": b"[project\nname = \xff",
    "commlint.toml": b"\x00\x01",
    "Dockerfile": random.Random(2).randbytes(3_000),
    "requirements.txt": b"\x00\xff -r /etc/passwd\n",
    "api.proto": b"syntax = \x00; service { rpc rpc rpc " + b"{" * 5_000,
    "empty.py": b"",
    "empty/compose.yaml": b"",
    "empty/Dockerfile": b"",
    "empty/pyproject.toml": b"",
    ".gitignore": b"\xff\xfe[[[\n!\n***************a\n",
}
"""Files that are broken on their own; those of NESTED are well-formed but for their depth."""

SILENT = {
    "elifs.py",
    *("empty.py", "empty/compose.yaml", "empty/pyproject.toml", ".gitignore", "commlint.toml"),
    *("keys/compose.yaml", "list/docker-compose.yml", "scalar/compose.yaml", "tags/compose.yaml"),
    "mappings/deployment.yaml",
}
"""Files in which nothing speaks of communication or of services, so that nothing is lost."""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def commlint(*arguments: object) -> Ran:
    """The program as a person runs it."""
    command = [sys.executable, "-m", "commlint", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=300, env={**os.environ, "NO_COLOR": "1"})
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def healthy(root: Path, caller: str) -> Path:
    """Two services of which one calls the other."""
    plant(root, {"compose.yaml": COMPOSE, "orders/app.py": caller, "inventory/app.py": "import flask\n"})
    plant(root, {f"{name}/Dockerfile": "FROM python\nCMD python app.py\n" for name in ("orders", "inventory")})
    return root


def plant(root: Path, files: dict[str, str] | dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)


def spoil(root: Path) -> None:
    """Put everything hostile beside what is there."""
    plant(root / "bad", NESTED)
    plant(root / "bad", BROKEN)
    (root / "commlint.toml").write_text(f"[limits]\nfile-size = {FILE_SIZE}\n")
    (root / "loop").mkdir()
    (root / "loop" / "again").symlink_to(root / "loop", target_is_directory=True)
    (root / "loop" / "up.py").symlink_to("up.py")
    elsewhere = root.parent / f"{root.name}-elsewhere"
    plant(elsewhere, {"far.py": FAULTY})
    (root / "away").symlink_to(elsewhere, target_is_directory=True)
    (root / "nowhere.py").symlink_to(root / "not-there.py")
    (root / os.fsdecode(b"no-utf8-\xff.py")).write_text(FAULTY)
    plant(root / "locked", {"app.py": "x = 1\n"})
    (root / "locked").chmod(0)
    os.mkfifo(root / "pipe.py")


def trace_files(folder: Path) -> list[Path]:
    """Traces that are cut off, random, or something else."""
    span = {"trace_id": b"1" * 16, "span_id": b"1" * 8, "name": "GET /", "kind": 3}
    whole = TracesData(resource_spans=[{"scope_spans": [{"spans": [span] * 50}]}]).SerializeToString()
    chance = random.Random(3)
    plant(folder, {
        "cut.pb": len(whole).to_bytes(4, "big") + whole[:-40],
        "random.pb": chance.randbytes(20_000),
        "endless.pb": b"\xff" * 2_000,
        "cut.json": b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "00',
        "wrong.jsonl": b'{"resourceSpans": 3}\n[]\nnull\n"x"\n{"resourceSpans": [{"scopeSpans": [{"spans": [7]}]}]}\n',
        "deep.json": b'{"resourceSpans": ' + b"[" * DEEP,
        "cut.jsonl.gz": b"\x1f\x8b\x08\x00" + chance.randbytes(50),
        "empty.json": b"",
    })  # fmt: skip
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A system with a finding and one without, each alone and among hostile files."""
    base = tmp_path_factory.mktemp("hostile")
    trees = {
        "faulty": healthy(base / "faulty", FAULTY),
        "sound": healthy(base / "sound", SOUND),
        "faulty-spoiled": healthy(base / "faulty-spoiled", FAULTY),
        "sound-spoiled": healthy(base / "sound-spoiled", SOUND),
    }
    spoil(trees["faulty-spoiled"])
    spoil(trees["sound-spoiled"])
    return trees


def report_of(root: Path, *arguments: object) -> tuple[Ran, dict[str, list[dict[str, object]]]]:
    ran = commlint("check", root, "--no-cache", "-f", "json", "--select", "CL101", *arguments)
    return ran, json.loads(ran.out)


def test_healthy_part_is_analysed_as_if_alone(places: dict[str, Path]) -> None:
    """The finding of the healthy service and the exit code are what they are without the hostile files."""
    alone, expected = report_of(places["faulty"])
    among, report = report_of(places["faulty-spoiled"])

    ours = [finding for finding in report["findings"] if str(finding["path"]).startswith("orders/")]
    assert ours == expected["findings"] != []
    assert among.code == alone.code == 1
    assert "Traceback" not in among.err


def test_hostile_files_alone_fail_nothing(places: dict[str, Path]) -> None:
    """Where nothing is found, files that cannot be read change nothing about the exit code."""
    calls = "bad/calls.py"
    ran, report = report_of(places["sound-spoiled"], "--config", _without(places["sound-spoiled"], calls))

    assert report["findings"] == []
    assert ran.code == report_of(places["sound"])[0].code == 0


def _without(root: Path, path: str) -> Path:
    """The configuration of a tree, leaving out a file that is healthy enough to have findings."""
    file = root.parent / "without.toml"
    file.write_text(f'exclude = ["/{path}"]\n[limits]\nfile-size = {FILE_SIZE}\n')
    return file


def test_notices_name_what_could_not_be_read(places: dict[str, Path]) -> None:
    """Each file that could not be used, or only in part, is named with its trouble; nothing else is."""
    named = {str(notice["path"]) for notice in report_of(places["faulty-spoiled"])[1]["notices"]}

    assert {f"bad/{path}" for path in {*NESTED, *BROKEN} - SILENT} - named == set()
    assert "away" in named
    assert any(name.startswith("no-utf8-") for name in named)
    assert not any(name.startswith(("orders", "inventory", "compose")) for name in named)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_locked_folder_is_named(places: dict[str, Path]) -> None:
    """A folder that may not be opened is named, with what to do."""
    notices = report_of(places["faulty-spoiled"])[1]["notices"]

    assert [notice["path"] for notice in notices if "permissions" in str(notice["message"])] == ["locked/"]


def test_broken_traces_are_told_and_the_code_is_analysed(places: dict[str, Path], tmp_path: Path) -> None:
    """Traces that are cut, random or no traces are told, each by its name; findings and exit code stay."""
    files = trace_files(tmp_path)
    alone, expected = report_of(places["faulty"])

    ran, report = report_of(places["faulty"], *(word for file in files for word in ("--traces", file)))

    assert report["findings"] == expected["findings"]
    assert ran.code == alone.code
    assert "Traceback" not in ran.err
    told = " ".join(f"{notice['path']} {notice['message']}" for notice in report["notices"])
    assert [file.name for file in files if file.name not in told and file.name != "empty.json"] == []


@pytest.mark.parametrize("content", [b"\x00\x01\xff", b"[limits", b"limits = 3\n", b"a = " + b"[" * DEEP])
def test_broken_configuration_is_an_error_in_one_line(tmp_path: Path, content: bytes) -> None:
    """What a person asked for cannot be guessed: without a usable configuration nothing is analysed."""
    root = healthy(tmp_path / "system", SOUND)
    (root / "commlint.toml").write_bytes(content)

    ran = commlint("check", root, "--no-cache")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: commlint.toml")
    assert ran.err.count("\n") == 1


def test_names_inject_nothing_into_outputs(tmp_path: Path) -> None:
    """Line ends, terminal escapes and markup of names never reach an output as such."""
    root = healthy(tmp_path / "system", FAULTY)
    url = "http://" + PAYLOAD.replace("\n", "\\n").replace("\x1b", "\\x1b") + "/x"
    plant(root, {f"orders/{NAME}": FAULTY, "orders/other.py": f'import requests\nrequests.get("{url}")\n'})
    plant(root, {"extra/compose.yaml": json.dumps({"services": {PAYLOAD: {"build": "./a", "image": PAYLOAD}}})})
    plant(root, {"extra/a/app.py": FAULTY, "extra/broken\n::error::injected\x1b[31m.py": "import requests\ndef f(:\n"})

    told = [commlint("check", root, "--no-cache", "-v", "-f", name) for name in ("text", "github")]
    drawn = [commlint("graph", root, "--no-cache", "-v", "-f", name) for name in ("mermaid", "dot")]
    listed = [commlint("services", root, "--no-cache", "-v")]

    assert [ran.code for ran in told] == [1, 1]
    for ran in (*told, *drawn, *listed):
        lines = (ran.out + ran.err).splitlines()
        assert "\x1b" not in ran.out + ran.err
        assert not any(line.strip().startswith(("::error::injected", "::warning::no")) for line in lines)
    assert [line for line in told[1].out.splitlines() if not line.startswith("::error col=")] == []
    assert "<script>" not in drawn[0].out


@pytest.mark.parametrize(
    "lines",
    [
        "x = x + y\ny = y + x\n",
        "x = x * y ^ x\ny = (y << 1) + x\n",
        'x = f"{x}/{y}/{x}"\ny = x if y else y + x\n',
        "x = [x, y, x]\ny = {x: y, y: x}\n",
    ],
)
def test_values_that_double_line_after_line_end(tmp_path: Path, lines: str) -> None:
    """What grows like the state of a cipher is given up, and the call that gets it is still reported."""
    body = "    " + (lines * 300).rstrip().replace("\n", "\n    ")
    grown = f"import requests\n\n\ndef mix(x, y):\n{body}\n    return requests.get(x, params=y)\n"
    root = healthy(tmp_path / "system", SOUND)
    plant(root, {"orders/mix.py": grown})

    ran, report = report_of(root)

    assert ran.err == ""
    assert [finding["path"] for finding in report["findings"]] == ["orders/mix.py"]
