"""
Write the pages that are made from what they describe: `rules/*.md` from the rules, `libraries/*.md` from the models.

    python docs/generate.py          writes them
    python docs/generate.py --check  exits with 1 when a page is not what it would write
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from commlint.check.rule import all_rules
from commlint.model.libraries import LibraryModel, SiteModel
from commlint.store.catalogue import parse_catalogue
from commlint.store.modelfiles import model_files
from commlint.store.packs import load_packs, pack_names

DOCS = Path(__file__).parent
POLICIES = {
    "timeout": ("timeout",),
    "retry": ("attempts",),
    "acknowledgement": ("acknowledgement", "failure"),
    "dead letter": ("dead_letter", "redelivery_limit"),
}
ROLES = ("client", "server", "producer", "consumer")


def pages() -> dict[str, str]:
    """Path below `docs/` → content of every page."""
    return {**_rules(), **_libraries()}


def _rules() -> dict[str, str]:
    packs = load_packs(pack_names())
    found = {f"rules/{rule.name}.md": rule.page() for rule in all_rules()}
    rows = []
    for rule in all_rules():
        within = ", ".join(pack.name for pack in packs if rule.code in pack.rules)
        rows.append(f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.level} | {within} | {rule.summary()} |")
    head = ["# Rules", "", "| code | name | level | packs | what is wrong |", "| --- | --- | --- | --- | --- |"]
    found["rules/README.md"] = "\n".join([*head, *rows]) + "\n"
    return found


def _libraries() -> dict[str, str]:
    """One page for each language, a row for each library that says anything of communication."""
    by_language: dict[str, list[LibraryModel]] = {}
    for model in parse_catalogue(model_files(Path())).models:
        by_language.setdefault(model.language, []).append(model)
    found = {}
    for language, models in sorted(by_language.items()):
        rows = [row for model in sorted(models, key=lambda each: each.library) if (row := _row(model))]
        if not rows:
            continue
        head = [
            f"# Libraries of {language}",
            "",
            "What is understood of each, as its model in `rules/models/` says it: a mark stands where a site of the"
            " model has the role, or tells the policy.",
            "A library without a model is not seen; [a model of your own](../library-models.md) is some lines of YAML.",
            "",
            f"| library | checked | {' | '.join((*ROLES, *POLICIES))} | breaker | guard | tracing |",
            "| --- | --- |" + " :-: |" * (len(ROLES) + len(POLICIES) + 3),
        ]
        found[f"libraries/{language}.md"] = "\n".join([*head, *rows]) + "\n"
    return found


def _row(model: LibraryModel) -> str:
    """The row of a library; "" for one that only helps to resolve values."""
    roles = {site.role for site in model.sites}
    told = {name for site in model.sites for name in _told(site)}
    marks = [role in roles for role in ROLES]
    marks += [any(each in told for each in names) or name in roles for name, names in POLICIES.items()]
    marks += ["breaker" in roles, bool(roles & {"guard", "transaction"}), "instrument" in roles]
    if not any(marks):
        return ""
    name = f"[{model.library}]({model.reference})" if model.reference else model.library
    return f"| {name} | {model.checked} | {' | '.join('✓' if mark else '' for mark in marks)} |"


def _told(site: SiteModel) -> Iterator[str]:
    """The policies a site says something of: where they are given, or that they are missing."""
    for name, option in site.policies.items():
        if option.at or option.default not in (None, "unknown"):
            yield name


def differences(wanted: Mapping[str, str] | None = None) -> list[str]:
    """Paths of pages that are missing, out of date, or nobody's."""
    wanted = wanted or pages()
    there = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("rules", "libraries")
        for path in (DOCS / folder).glob("*.md")
    }
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write() -> None:
    """Bring the pages up to date."""
    wanted = pages()
    for name in differences(wanted):
        path = DOCS / name
        if name in wanted:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    sys.exit(1 if differences() else 0)
