"""
Write the pages of the rules, `rules/*.md`, from the rules themselves.

    python docs/generate.py          writes them
    python docs/generate.py --check  exits with 1 when a page is not what it would write
"""

from __future__ import annotations

import sys
from pathlib import Path

from commlint.check.rule import all_rules
from commlint.store.packs import load_packs, pack_names

FOLDER = Path(__file__).parent / "rules"


def pages() -> dict[str, str]:
    """File name → content of every page."""
    packs = load_packs(pack_names())
    found = {f"{rule.name}.md": rule.page() for rule in all_rules()}
    rows = []
    for rule in all_rules():
        within = ", ".join(pack.name for pack in packs if rule.code in pack.rules)
        rows.append(f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.level} | {within} | {rule.summary()} |")
    head = ["# Rules", "", "| code | name | level | packs | what is wrong |", "| --- | --- | --- | --- | --- |"]
    found["README.md"] = "\n".join([*head, *rows]) + "\n"
    return found


def differences() -> list[str]:
    """Names of pages that are missing, out of date, or nobody's."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write() -> None:
    """Bring the folder up to date."""
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if "--check" not in sys.argv:
        write()
    sys.exit(1 if differences() else 0)
