"""`commlint baseline`: the findings that are known and stay for now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commlint.cli import options
from commlint.cli.analysis import analysed_as
from commlint.cli.screen import say
from commlint.errors import UsageError
from commlint.model.baseline import Baseline, Known
from commlint.model.findings import Finding, Report
from commlint.report.escaping import visible
from commlint.report.totals import count

if TYPE_CHECKING:
    from commlint.check.baseline import Comparison

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Findings that are known and stay for now: create, update, show."
)

Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why these findings stay for now.")]
Owner = Annotated[str, typer.Option("--owner", metavar="NAME", help="Who answers for them.")]
Expires = Annotated[
    str | None,
    typer.Option("--expires", metavar="YYYY-MM-DD", help="Until when they stay; later they are shown again."),
]
ADOPTED = "found when commlint was introduced"


@app.command()
def create(
    root: options.Root = Path(),
    reason: Reason = ADOPTED,
    owner: Owner = "",
    expires: Expires = None,
    file: options.Baseline = None,
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    traces: options.Traces = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write down all findings there are, so that only new ones are reported from now on."""
    from commlint.store.baseline import write_baseline

    options.speak_up(verbose)
    setting = _named(options.setting(root, config_file, tests), file)
    name = setting.config.baseline
    if (setting.root / name).exists():
        raise UsageError(f"{name}: is there already; use commlint baseline update --add, or delete it first")
    until = _day(expires)
    report = analysed_as(setting, no_cache, cache_dir, jobs, quiet, verbose, traces).report
    known = tuple(entries(report.findings, reason or ADOPTED, owner, until))
    write_baseline(setting.root, name, Baseline(findings=known))
    say(f"{name}: {count(len(known), 'known finding')}\n")


@app.command()
def update(
    root: options.Root = Path(),
    add: Annotated[bool, typer.Option("--add", help="Take up new findings too; needs --reason.")] = False,
    reason: Reason = None,
    owner: Owner = "",
    expires: Expires = None,
    file: options.Baseline = None,
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    traces: options.Traces = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Take out what is not found any more; new findings are taken up only with --add and a --reason."""
    from commlint.store.baseline import write_baseline

    options.speak_up(verbose)
    if add and not (reason or "").strip():
        raise UsageError('--add: say why the new findings stay, with --reason "…"')
    if not add and (reason or owner or expires):
        raise UsageError("--reason, --owner and --expires are for findings that are added; give --add too")
    setting = _named(options.setting(root, config_file, tests), file)
    until = _day(expires)
    baseline = _loaded(setting)
    report = analysed_as(setting, no_cache, cache_dir, jobs, quiet, verbose, traces).report
    compared = _compared(report, baseline)
    kept = [entry for entry in baseline.findings if entry not in compared.gone]
    fresh = (*compared.new, *compared.expired) if add else ()
    replaced = {(finding.code, finding.subjects) for finding in fresh}
    kept = [entry for entry in kept if entry.identity not in replaced]
    added = tuple(entries(fresh, reason or "", owner, until))
    write_baseline(setting.root, setting.config.baseline, replace(baseline, findings=(*kept, *added)))
    left = len(compared.new) + len(compared.expired) - len(fresh)
    say(f"{setting.config.baseline}: {len(kept) + len(added)} known (−{len(compared.gone)}, +{len(added)})\n")
    if left:
        say(f"{count(left, 'finding')} not taken up; see commlint check, or add them with --add --reason\n")


@app.command()
def show(
    root: options.Root = Path(),
    file: options.Baseline = None,
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    traces: options.Traces = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List what is known by rule, with reason and owner, and what of it is not found any more."""
    options.speak_up(verbose)
    setting = _named(options.setting(root, config_file, tests), file)
    baseline = _loaded(setting)
    report = analysed_as(setting, no_cache, cache_dir, jobs, quiet, verbose, traces).report
    say("".join(f"{line}\n" for line in _lines(baseline, _compared(report, baseline))))


def _named(setting: options.Setting, file: str | None) -> options.Setting:
    return replace(setting, config=replace(setting.config, baseline=file)) if file else setting


def _loaded(setting: options.Setting) -> Baseline:
    """
    Raises:
        UsageError: there is none.
    """
    from commlint.store.baseline import load_baseline

    found = load_baseline(setting.root, setting.config.baseline)
    if found is None:
        raise UsageError(f"{setting.config.baseline}: there is no baseline; make one with commlint baseline create")
    return found.baseline


def _compared(report: Report, baseline: Baseline) -> Comparison:
    from commlint.check.baseline import compare

    return compare(report, baseline, datetime.date.today())


def _day(text: str | None) -> str:
    """
    Raises:
        UsageError: it is no day.
    """
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise UsageError(f"--expires {text}: is no day; write YYYY-MM-DD") from None


def entries(findings: Iterable[Finding], reason: str, owner: str = "", expires: str = "") -> Iterator[Known]:
    """An entry for each finding, those of the same rule and subjects once, sorted."""
    for code, subjects in sorted({(finding.code, finding.subjects) for finding in findings}):
        yield Known(code, subjects, reason.strip(), owner.strip(), expires)


def _lines(baseline: Baseline, compared: Comparison) -> Iterator[str]:
    by_rule: dict[str, list[Known]] = defaultdict(list)
    for entry in sorted(baseline.findings):
        by_rule[entry.rule].append(entry)
    for rule, known in by_rule.items():
        yield f"{visible(rule)}: {len(known)} known"
        for entry in known:
            about = [f"owner {entry.owner}" if entry.owner else "", f"until {entry.expires}" if entry.expires else ""]
            words = "; ".join(word for word in (entry.reason, *about, *_state(entry, compared)) if word)
            yield f"  {visible(', '.join(entry.subjects))}{f'  ({visible(words)})' if words else ''}"
    total, gone = len(baseline.findings), len(compared.gone)
    yield f"{total} known (−{gone}, +{len(compared.new)})"


def _state(entry: Known, compared: Comparison) -> Iterator[str]:
    if entry in compared.gone:
        yield "not found any more"
    elif entry in compared.undecided:
        yield "not looked for in this run"
    elif entry not in compared.known:
        yield "expired"
