from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from commlint import gather, pipeline
from commlint.codec import encode
from commlint.errors import CommlintError, ConfigurationError, NothingToAnalyse
from commlint.model.config import Config, LimitsConfig
from commlint.model.system import System
from commlint.pipeline import Request, Result, analyse, check, producer, run, verify
from commlint.store.cache import FILE, FINE_TICK, Cache
from commlint.store.discovery import discover
from commlint.store.sources import digest_of

COMPOSE = """
services:
  orders:
    build: ./orders
    environment:
      INVENTORY_URL: http://inventory:8000
  inventory:
    build: ./inventory
    ports: ["8000:8000"]
"""
ORDERS = """
import os
import requests
from fastapi import FastAPI

app = FastAPI()
INVENTORY = os.environ["INVENTORY_URL"]

@app.post("/orders")
def create(sku: str):
    return requests.get(f"{INVENTORY}/stock/{sku}").json()
"""
INVENTORY = """
from fastapi import FastAPI

app = FastAPI()

@app.get("/stock/{sku}")
def stock(sku: str):
    return {"sku": sku, "left": 3}
"""
OLD = 1_600_000_000_123_456_789
TIMEOUTS = Config(extends=(), select=("CL101",))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two services; one calls the other without a timeout."""
    root = tmp_path / "shop"
    for path, text in (
        ("compose.yaml", COMPOSE),
        ("orders/app.py", ORDERS),
        ("inventory/app.py", INVENTORY),
        ("inventory/arithmetic.py", "import math\n\ndef area(r):\n    return math.pi * r * r\n"),
        ("README.md", "# Shop\n"),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    for written in root.rglob("*"):
        os.utime(written, ns=(OLD, OLD))
    return root


def outcome(result: Result) -> tuple[bytes, bytes]:
    return encode(result.system), encode(result.report)


def steps(request: Request) -> tuple[Result, set[str]]:
    """A result, and the steps that were taken for it."""
    taken: set[str] = set()
    result = run(request, lambda step, done, total: taken.add(step))
    return result, taken


def test_from_files_to_system_and_report(shop: Path) -> None:
    """The call is followed to the route of the other service, and its missing timeout is found."""
    result = run(Request(shop, TIMEOUTS))

    assert [service.name for service in result.system.services] == ["inventory", "orders"]
    assert [(edge.source_service, edge.target) for edge in result.system.edges] == [
        ("orders", "endpoint:inventory:GET /stock/{sku}")
    ]
    assert [(finding.code, str(finding.region)) for finding in result.report.findings] == [
        ("CL101", "orders/app.py:11")
    ]
    assert result.report.sources == (
        ("orders/app.py", 11, '    return requests.get(f"{INVENTORY}/stock/{sku}").json()'),
    )
    summary = result.report.summary
    assert (summary.files, summary.services, summary.endpoints, summary.edges) == (4, 2, 2, 1)
    assert [rule.code for rule in result.report.rules] == ["CL101"]


def test_short_ways_to_the_parts_of_a_result(shop: Path) -> None:
    """`analyse` gives the system and `check` the report of the same run."""
    result = run(Request(shop, TIMEOUTS))

    assert analyse(Request(shop, TIMEOUTS)) == result.system
    assert check(Request(shop, TIMEOUTS)) == result.report


def test_answer_is_the_same_whatever_the_cache_knows(shop: Path, tmp_path: Path) -> None:
    """Without, with an empty, with a full and with a half useful cache the bytes of the result are the same."""
    cached = Request(shop, TIMEOUTS, tmp_path / "cache")
    without = outcome(run(Request(shop, TIMEOUTS)))

    assert outcome(run(cached)) == without
    assert outcome(run(cached)) == without
    run(replace(cached, config=Config()))
    assert outcome(run(cached)) == without
    (tmp_path / "cache" / FILE).write_bytes(b"something else")
    assert outcome(run(cached)) == without


def test_unchanged_tree_is_answered_without_reading(shop: Path, tmp_path: Path) -> None:
    """The second run looks at names and times, and nothing more."""
    request = Request(shop, TIMEOUTS, tmp_path / "cache")
    time.sleep(2 * FINE_TICK / 1e9)  # Files written just now are read again, as their times prove nothing yet.
    _, first = steps(request)
    _, second = steps(request)

    assert {"reading", "extracting", "linking", "checking"} <= first
    assert second == {"looking for files"}


def test_changed_file_alone_is_extracted_again(shop: Path, tmp_path: Path) -> None:
    """One edit costs one extraction, and the result is that of a fresh run."""
    request = Request(shop, TIMEOUTS, tmp_path / "cache")
    run(request)
    (shop / "orders" / "app.py").write_text(ORDERS.replace('{sku}")', '{sku}", timeout=2)'))
    extracted: list[int] = []

    result = run(request, lambda step, done, total: extracted.append(total) if step == "extracting" else None)

    assert set(extracted) == {1}
    assert result.report.findings == ()
    assert outcome(result) == outcome(run(Request(shop, TIMEOUTS)))


def test_edit_that_keeps_size_and_time_is_seen(shop: Path, tmp_path: Path) -> None:
    """A file rewritten with the same size and its old time set back is not taken for unchanged."""
    request = Request(shop, TIMEOUTS, tmp_path / "cache")
    run(request)
    run(request)
    target = shop / "inventory" / "app.py"
    target.write_text(INVENTORY.replace("/stock/{sku}", "/stack/{sku}"))
    os.utime(target, ns=(OLD, OLD))

    edges = run(request).system.edges

    assert [edge.target for edge in edges] != ["endpoint:inventory:GET /stock/{sku}"]


@pytest.mark.parametrize("gone", [True, False])
def test_added_and_removed_files_are_seen(shop: Path, tmp_path: Path, gone: bool) -> None:
    """A file more or less is another tree."""
    request = Request(shop, TIMEOUTS, tmp_path / "cache")
    run(request)
    if gone:
        shutil.rmtree(shop / "orders")
    else:
        (shop / "orders" / "more.py").write_text(ORDERS)

    result = run(request)

    assert outcome(result) == outcome(run(Request(shop, TIMEOUTS)))
    assert len(result.report.findings) == (0 if gone else 2)


def test_configuration_is_part_of_the_question(shop: Path, tmp_path: Path) -> None:
    """Another configuration does not get the answer of the first."""
    cache = tmp_path / "cache"
    run(Request(shop, TIMEOUTS, cache))

    other = run(Request(shop, Config(extends=(), select=("CL105",)), cache))

    assert other.report.findings == ()
    assert [rule.code for rule in other.report.rules] == ["CL105"]


def test_own_models_are_part_of_the_question(shop: Path, tmp_path: Path) -> None:
    """A library model that changes makes the old answer worthless."""
    model = shop / "inhouse.yaml"
    text = (
        "library: inhouse\nlanguage: python\nimports: [inhouse]\n"
        "sites:\n  - {names: [inhouse.call], role: client, protocol: http, address: {url: 'arg:0'},"
        " policies: {timeout: {default: unset}}}\n"
    )
    model.write_text(text.replace("inhouse.call", "inhouse.other"))
    (shop / "orders" / "own.py").write_text('import inhouse\n\ninhouse.call("http://inventory:8000/stock/1")\n')
    request = Request(shop, replace(TIMEOUTS, models=("inhouse.yaml",)), tmp_path / "cache")
    before = run(request).report
    model.write_text(text)

    after = run(request).report

    assert [str(finding.region) for finding in before.findings] == ["orders/app.py:11"]
    assert [str(finding.region) for finding in after.findings] == ["orders/app.py:11", "orders/own.py:3"]


def test_processes_make_no_difference(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is the same byte for byte from one process and from several."""
    alone = outcome(run(Request(shop, TIMEOUTS, jobs=1)))
    monkeypatch.setattr(gather, "BYTES_FOR_A_PROCESS", 10)
    monkeypatch.setattr(gather, "FILES_AT_ONCE", 1)

    together = outcome(run(Request(shop, TIMEOUTS, jobs=2)))

    assert together == alone


def test_files_without_communication_are_not_parsed(shop: Path) -> None:
    """A source file that neither communicates nor is reached by one that does costs a scan only."""
    extracted: set[int] = set()

    run(Request(shop, TIMEOUTS), lambda step, done, total: extracted.add(total) if step == "extracting" else None)

    assert extracted == {3}


def test_trouble_in_files_is_a_notice(shop: Path) -> None:
    """Broken, binary, huge and unreadable files cost themselves only."""
    (shop / "orders" / "binary.py").write_bytes(b"import requests\n\x00\x01\x02" * 10)
    (shop / "orders" / "latin.py").write_bytes(
        b"import requests\n# \xe9\nrequests.get('http://inventory:8000/stock/1')\n"
    )
    (shop / "orders" / "broken.py").write_text(
        "import requests\n\nrequests.get('http://inventory:8000/stock/2')\ndef (:\n"
    )
    (shop / "deploy.yaml").write_text("apiVersion: apps/v1\nkind: Deployment\nmetadata: [\n")
    (shop / "huge.py").write_text("x = 1\n" * 1000)
    (shop / "deep.py").write_text("import requests\nx = " + "[" * 5000 + "]" * 5000 + "\n")

    report = run(Request(shop, replace(TIMEOUTS, limits=LimitsConfig(file_size=11_000)))).report

    assert "orders/app.py:11" in [str(finding.region) for finding in report.findings]
    assert "orders/broken.py:3" in [str(finding.region) for finding in report.findings]
    noticed = {notice.path for notice in report.notices}
    assert {"orders/binary.py", "orders/broken.py", "deploy.yaml"} <= noticed


def test_file_that_goes_away_is_a_notice(shop: Path) -> None:
    """A file that is listed and then cannot be read is told, and the rest is analysed."""

    def vanish(step: str, done: int, total: int) -> None:
        if step == "reading" and done == 0:
            (shop / "orders" / "app.py").unlink()

    report = run(Request(shop, TIMEOUTS), vanish).report

    assert [str(notice) for notice in report.notices] == [
        "orders/app.py: cannot be read, left out; check the permissions"
    ]
    assert report.summary.services == 2


def test_nothing_to_analyse(tmp_path: Path) -> None:
    """A folder without a file that any reader knows is an error with a cure."""
    (tmp_path / "README.md").write_text("# Nothing\n")

    with pytest.raises(NothingToAnalyse, match="nothing to analyse; name a folder with source code"):
        run(Request(tmp_path))


def test_code_that_does_not_communicate_is_clean(tmp_path: Path) -> None:
    """There may be nothing to say about a tree, and that is an answer."""
    (tmp_path / "a.py").write_text("print('hello')\n")

    result = run(Request(tmp_path))

    assert result.report.findings == ()
    assert isinstance(result.system, System)


@pytest.mark.parametrize(
    "config",
    [
        Config(extends=("nothing",)),
        Config(select=("CL999",)),
        Config(ignore=("no-such-rule",)),
        Config(per_path_ignores={"a/**": ("CL999",)}),
        Config(models=("nowhere.yaml",)),
        Config(exclude=("a\\",)),
    ],
)
def test_wrong_requests_are_told_by_a_run_and_by_verify(shop: Path, config: Config) -> None:
    """What a person wrote wrongly stops a run, and `verify` finds it without one."""
    with pytest.raises(ConfigurationError):
        run(Request(shop, config))
    with pytest.raises(ConfigurationError):
        verify(shop, config)


def test_verify_answers_the_rules_that_are_on(shop: Path) -> None:
    """A configuration without fault gives its rules, sorted by code."""
    assert [rule.code for rule in verify(shop, Config(extends=(), select=("CL104", "CL101")))] == ["CL101", "CL104"]


def test_program_is_part_of_the_question(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the program does not use what this one has cached."""
    request = Request(shop, TIMEOUTS, tmp_path / "cache")
    run(request)
    monkeypatch.setattr(pipeline, "program_digest", lambda: "another program")

    _, taken = steps(request)

    assert {"extracting", "linking"} <= taken


def test_unchanged_tree_is_answered_without_readers(shop: Path, tmp_path: Path) -> None:
    """Which names are worth a look is remembered too, so that nothing that analyses is loaded to answer again."""
    run(Request(shop, TIMEOUTS, tmp_path / "cache"))
    script = (
        "import sys; from pathlib import Path; from commlint.pipeline import Request, run\n"
        "from commlint.model.config import Config\n"
        f"run(Request(Path({str(shop)!r}), Config(select=('CL101',), extends=()), Path({str(tmp_path / 'cache')!r})))\n"
        "heavy = ('tree_sitter', 'networkx', 'commlint.extract.languages', 'commlint.model.code')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


def test_system_of_an_unchanged_tree_is_there_when_asked_for(shop: Path, tmp_path: Path) -> None:
    """It is read late; when another run has replaced what was kept by then, it is worked out again."""
    request = Request(shop, TIMEOUTS, tmp_path / "cache")
    time.sleep(2 * FINE_TICK / 1e9)
    first = run(request).system

    kept, gone = run(request), run(request)
    assert kept.system == first
    (tmp_path / "cache" / FILE).unlink()
    assert gone.system == first


def test_forged_facts_are_made_again(shop: Path, tmp_path: Path) -> None:
    """A cache with the right sums and the wrong content costs time, and changes nothing."""
    with Cache(tmp_path / "cache", producer()) as cache:
        for file in discover(shop, TIMEOUTS, lambda name: True).files:
            imports = ("requests", "fastapi") if file.path.endswith(".py") else None
            cache.remember(file, digest_of((shop / file.path).read_bytes()), imports, encode({"path": 3}))
        cache.save()

    forged = run(Request(shop, TIMEOUTS, tmp_path / "cache"))

    assert outcome(forged) == outcome(run(Request(shop, TIMEOUTS)))


def test_forged_result_is_refused() -> None:
    """A result that commlint did not write is an error with a cure."""
    with pytest.raises(CommlintError, match="delete it or use --no-cache"):
        _ = Result(lambda: encode({"services": 3}), b"").system
