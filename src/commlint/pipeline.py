"""The whole run, readable top to bottom: files → facts → program → operations → system → findings → report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from commlint import __version__
from commlint.codec import CODEC_VERSION, DecodeError, decode, encode
from commlint.errors import CommlintError, NothingToAnalyse
from commlint.extract.readable import Readable
from commlint.looking import Progress, Tree, kept_facts, look_at, remember
from commlint.model.config import Config, RulePack
from commlint.model.findings import Finding, Report, RuleInfo, Summary
from commlint.model.observations import Observations, TraceSource
from commlint.store import sources
from commlint.store.cache import Cache
from commlint.store.discovery import check_patterns, discover
from commlint.store.modelfiles import ModelFiles, model_files
from commlint.store.packs import load_packs
from commlint.store.shipped import program_digest

if TYPE_CHECKING:
    from commlint.model.explanations import Explanation
    from commlint.model.libraries import Catalogue
    from commlint.model.system import System

T = TypeVar("T")

_SYSTEM, _REPORT = range(2)
"""Which part of a kept result is which."""


@dataclass(frozen=True, slots=True)
class Request:
    """
    What to analyse and how.

    `cache`: folder to keep answers in, None for none. `jobs`: processes at most, 0 for one per core.
    `traces`: files of recorded traces, as paths or patterns.
    """

    root: Path
    config: Config = field(default_factory=Config)
    cache: Path | None = None
    jobs: int = 0
    traces: tuple[str, ...] = ()


class Result:
    """The system and the report of a run, each decoded when asked for; the system is not even read before."""

    def __init__(self, system: Callable[[], bytes], report: bytes) -> None:
        self._system = system
        self._report = report

    @cached_property
    def system(self) -> System:
        from commlint.model.system import System

        return _trusted(self._system(), System)

    @cached_property
    def report(self) -> Report:
        return _trusted(self._report, Report)


def run(request: Request, progress: Progress = lambda step, done, total: None) -> Result:
    """
    Analyse a folder. The result depends on its files, the configuration and the library models alone.

    Raises:
        ConfigurationError: the configuration, a library model or a rule pack cannot be used.
        NothingToAnalyse: no file that any reader knows.
        UsageError: traces are named that are not there.
    """
    config = request.config
    traces = _traces(request)
    packs = load_packs(config.extends)
    with Cache(request.cache, producer()) as cache:
        readable = _readable(cache)
        tree, models = _looked(request, readable, cache, progress)
        key = _key(config, packs, models, tree)
        # Traces may be large or change while they are read, so what they lead to is not kept.
        report = None if traces else cache.part(key, _REPORT)
        if report is not None and tree.settled:
            return Result(lambda: _kept_system(request, key), report)
        known = None if report is None else cache.result(key)
        if known is None or len(known) != 2:
            known = _stages(request, traces, packs, models, tree, readable, cache, progress)
        else:
            remember(tree, cache, kept_facts(tree, cache))
        if not traces:
            cache.remember_result(key, known)
        cache.save()
    system, report = known
    return Result(lambda: system, report)


def _traces(request: Request) -> tuple[TraceSource, ...]:
    if not request.traces:
        return ()
    from commlint.observing import trace_sources

    return trace_sources(request.traces, request.root)


def explain_line(
    request: Request, path: str, line: int, progress: Progress = lambda step, done, total: None
) -> Explanation:
    """
    What a line was understood to be, and how; raises as `run` does.

    Args:
        path: relative to the root.
    """
    from commlint.explain.explain import explain
    from commlint.extract.charts import rendered
    from commlint.extract.compositions import composed
    from commlint.extract.overlays import overlaid
    from commlint.gather import gather
    from commlint.graph import SystemGraph
    from commlint.link.link import link
    from commlint.provision.provision import provision
    from commlint.recognize.recognize import merged, recognize
    from commlint.resolve.program import Program

    with Cache(request.cache, producer()) as cache:
        readable = _readable(cache)
        tree, models = _looked(request, readable, cache, progress)
        catalogue = _catalogue(models, cache)
        gathered = gather(tree, catalogue, readable, cache, request.jobs, progress)
    facts, _ = provision(overlaid(composed(rendered(gathered.facts))), catalogue)
    parts = Program(facts, catalogue).parts(gathered.islands)
    asked = next((part for part in parts if any(path == own for own, _ in part.own)), parts[0])
    system = link(merged(map(recognize, parts)), facts, request.config)
    return explain(asked, SystemGraph(system), path, line)


def _kept_system(request: Request, key: str) -> bytes:
    """The system of a result that was there just now; worked out again when another run has replaced it since."""
    with Cache(request.cache, producer()) as cache:
        kept = cache.part(key, _SYSTEM)
    return kept if kept is not None else encode(run(replace(request, cache=None)).system)


def _looked(request: Request, readable: Readable, cache: Cache, progress: Progress) -> tuple[Tree, ModelFiles]:
    """
    The files there are, and the library models.

    Raises:
        NothingToAnalyse: no file that any reader knows.
    """
    progress("looking for files", 0, 0)
    discovery = discover(request.root, request.config, readable)
    models = model_files(discovery.root, request.config.models)
    tree = look_at(discovery, readable, cache, progress)
    if not tree.files:
        raise NothingToAnalyse(str(request.root))
    return tree, models


def _stages(
    request: Request,
    traces: Sequence[TraceSource],
    packs: Sequence[RulePack],
    models: ModelFiles,
    tree: Tree,
    readable: Readable,
    cache: Cache,
    progress: Progress,
) -> tuple[bytes, bytes]:
    """System and report, encoded."""
    # Imported when needed: a tree that did not change is answered before all of this would be loaded.
    from commlint.check.check import run_rules, select_rules
    from commlint.check.triage import triage
    from commlint.extract.charts import rendered
    from commlint.extract.compositions import composed
    from commlint.extract.overlays import overlaid
    from commlint.gather import gather
    from commlint.graph.drift import drift
    from commlint.link.link import link
    from commlint.provision.provision import provision
    from commlint.recognizing import recognized
    from commlint.resolve.program import Program

    config = request.config
    select_rules(config, packs)  # A rule or option that does not exist is told before the work, not after.
    catalogue = _catalogue(models, cache)
    gathered = gather(tree, catalogue, readable, cache, request.jobs, progress)
    facts, cut = provision(overlaid(composed(rendered(gathered.facts))), catalogue)
    observations = _observed(traces, request.jobs, progress)
    progress("linking", 0, 0)
    parts = Program(facts, catalogue).parts(gathered.islands)
    recognition = recognized(parts, request.jobs)
    system = link(recognition, facts, config, observations)
    progress("checking", 0, 0)
    checked = run_rules(system, config, packs)
    triaged = triage(checked, facts, config)
    told = [
        *tree.notices,
        *gathered.notices,
        *cut,
        *recognition.notices,
        *system.notices,
        *checked.notices,
        *(n for file in facts for n in file.notices),
    ]
    report = Report(
        version=__version__,
        findings=triaged.findings,
        notices=tuple(sorted(set(told))),
        rules=tuple(active.info() for active in checked.rules),
        summary=_summary(system, len(tree.files), triaged.suppressed),
        drift=drift(system),
        sources=sources.lines_of(tree.root, _lines(triaged.findings)),
    )
    return encode(system), encode(report)


def verify(root: Path, config: Config) -> tuple[RuleInfo, ...]:
    """
    Check everything a person wrote for commlint without analysing anything; answers the rules that are on.

    Raises:
        ConfigurationError: the configuration, a library model or a rule pack cannot be used.
    """
    from commlint.check.check import Checked, select_rules
    from commlint.check.triage import triage
    from commlint.model.facts import FactSet
    from commlint.store.catalogue import parse_catalogue

    rules = select_rules(config, load_packs(config.extends))
    triage(Checked(), FactSet(), config)
    check_patterns(config)
    parse_catalogue(model_files(root, config.models))
    return tuple(active.info() for active in rules)


def analyse(request: Request, progress: Progress = lambda step, done, total: None) -> System:
    """The system in a folder; raises as `run` does."""
    return run(request, progress).system


def check(request: Request, progress: Progress = lambda step, done, total: None) -> Report:
    """What the rules say of a folder; raises as `run` does."""
    return run(request, progress).report


def _observed(traces: Sequence[TraceSource], jobs: int, progress: Progress) -> Observations | None:
    if not traces:
        return None
    from commlint.observing import observed

    progress("reading traces", 0, 0)
    return observed(traces, jobs)


def _trusted(data: bytes, kind: type[T]) -> T:
    try:
        return decode(data, kind)
    except DecodeError as error:
        raise CommlintError("the cache holds what commlint did not write; delete it or use --no-cache") from error


def producer() -> str:
    """Whatever makes answers of earlier runs worthless when it changes: the program and the wire form."""
    return f"commlint {__version__} {program_digest()} codec {CODEC_VERSION}"


def _key(config: Config, packs: Iterable[RulePack], models: ModelFiles, tree: Tree) -> str:
    """Equal for two runs that must have the same result."""
    digest = hashlib.blake2b(digest_size=16)
    content = [(seen.file.path, seen.known.digest) for seen in tree.files]
    for part in (config, tuple(packs), models.digest, tree.notices, content):
        digest.update(encode(part))
    return digest.hexdigest()


def _catalogue(models: ModelFiles, cache: Cache) -> Catalogue:
    """The library models; parsing them takes longer than all the rest of a small run, so they are kept too."""
    from commlint.model.libraries import Catalogue
    from commlint.store.catalogue import parse_catalogue

    return _kept(cache, f"catalogue {models.digest}", Catalogue, lambda: parse_catalogue(models))


def _readable(cache: Cache) -> Readable:
    """What names the readers know; loading them all takes longer than answering for a tree that did not change."""
    return _kept(cache, "readable", Readable, Readable.of)


def _kept(cache: Cache, key: str, kind: type[T], make: Callable[[], T]) -> T:
    """What an earlier run kept under a key, else made anew; kept for the next run."""
    for part in cache.result(key) or ():
        try:
            kept = decode(part, kind)
        except DecodeError:
            break
        cache.remember_result(key, (part,))
        return kept
    made = make()
    cache.remember_result(key, (encode(made),))
    return made


def _summary(system: System, files: int, suppressed: int) -> Summary:
    from commlint.model.system import INFRASTRUCTURE

    return Summary(
        files=files,
        services=sum(service.kind not in INFRASTRUCTURE for service in system.services),
        endpoints=len(system.endpoints),
        channels=len(system.channels),
        edges=len({(edge.source_service, edge.target_service or edge.target, edge.kind) for edge in system.edges}),
        unresolved=len(system.unresolved),
        suppressed=suppressed,
    )


def _lines(findings: Iterable[Finding]) -> Iterator[tuple[str, int]]:
    """The lines that a code frame may show."""
    for finding in findings:
        for region in (finding.region, *(related.region for related in finding.related)):
            yield region.path, region.start_line
