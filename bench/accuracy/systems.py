"""The systems of a set, and what commlint tells of one, as a user would run it with nothing kept from before."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class System:
    """One checked-out system with what is known of it: services and edges, labelled sites, or both."""

    name: str
    tree: Path
    truth: Document | None = None
    labels: Document | None = None


def systems(trees: Path, truth: Path | None, labels: Path | None) -> Iterator[System]:
    """Every file of the two folders whose system is checked out, by name."""
    for folder, kind in ((truth, "truth"), (labels, "labels")):
        for path in sorted(folder.glob("*.json")) if folder is not None else ():
            document = json.loads(path.read_text(encoding="utf-8"))
            tree = _tree(trees, path.stem, str(document.get("repo", "")))
            if tree is None:
                print(f"{path.name}: no folder of that name in {trees}", file=sys.stderr)
            else:
                yield System(path.stem, tree, **{kind: document})


def _tree(trees: Path, stem: str, repository: str) -> Path | None:
    names = [stem, repository.replace("/", "+"), repository.replace("/", "_"), repository.rpartition("/")[2]]
    return next((trees / name for name in names if name and (trees / name).is_dir()), None)


def graph_of(tree: Path) -> Document:
    """What the installed commlint says a system is, infrastructure included."""
    return _run("graph", str(tree), "--format", "json", "--infrastructure")


def findings_of(tree: Path) -> list[Document]:
    """The findings of every confidence that the installed commlint tells."""
    report = _run("check", str(tree), "--output-format", "json", "--exit-zero", "--confidence", "possible")
    findings: list[Document] = report["findings"]
    return findings


def _run(*arguments: str) -> Document:
    command = [sys.executable, "-m", "commlint", *arguments, "--no-cache", "--quiet"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: Document = json.loads(done.stdout)
    return result
