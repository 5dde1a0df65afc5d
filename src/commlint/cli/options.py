"""Options that several commands share, and what they make of a configuration."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from commlint.errors import UsageError, nearest
from commlint.model.config import Config
from commlint.model.notices import Notice

Root = Annotated[
    Path, typer.Argument(metavar="PATH", help="The folder that holds the services. [default: .]", show_default=False)
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Configuration to use instead of the one in PATH.")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep answers of earlier runs.")]
CacheDir = Annotated[
    Path | None,
    typer.Option("--cache-dir", metavar="FOLDER", help="Where to keep them. [default: PATH/.commlint_cache]"),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, show_default=False, help="Processes at most. [default: one per core]")
]
Traces = Annotated[
    list[str] | None,
    typer.Option(
        "--traces",
        metavar="FILE",
        help="Recorded traces, or observations, to lay over the code; may be repeated or a pattern.",
    ),
]
Tests = Annotated[bool, typer.Option("--tests", help="Analyse test code too.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Results only: no notices, no progress.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="All notices, all hops of chains, what the cache does.")]
Inventory = Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="How to list them: text or json.")]

Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline", metavar="FILE", help="File of known findings. [default: commlint-baseline.yaml in PATH]"
    ),
]

CACHE = ".commlint_cache"
INVENTORIES = ("text", "json")


@dataclass(frozen=True, slots=True)
class Setting:
    """The folder to analyse with its configuration; `file` is where that stands, None when there is none."""

    root: Path
    config: Config
    file: str | None
    notices: tuple[Notice, ...]


def setting(root: Path, named: Path | None, tests: bool = False) -> Setting:
    """
    Raises:
        UsageError: `root` is no folder.
        ConfigurationError: the configuration cannot be used.
    """
    from commlint.store.config import load_config

    if not root.is_dir():
        problem = "is a file; name the folder that holds the services" if root.exists() else "there is no such folder"
        raise UsageError(f"{root}: {problem}")
    loaded = load_config(root, named)
    config = replace(loaded.config, tests=True) if tests else loaded.config
    return Setting(root, config, loaded.path, loaded.notices)


def cache_folder(root: Path, no_cache: bool, folder: Path | None) -> Path | None:
    """Where answers are kept, None for nowhere."""
    return None if no_cache else folder or root / CACHE


def require_inventory(name: str) -> None:
    """
    Raises:
        UsageError: inventories are not written in this format.
    """
    if name not in INVENTORIES:
        raise UsageError(f'unknown format "{name}"{nearest(name, INVENTORIES)} (known: {", ".join(INVENTORIES)})')


def words(given: Sequence[str] | None) -> tuple[str, ...]:
    """The words of an option that takes several, apart by commas or by repetition."""
    return tuple(word.strip() for text in given or () for word in text.split(",") if word.strip())


def speak_up(verbose: bool) -> None:
    """Say on stderr what the cache does, when asked to."""
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(levelname)s: %(message)s")
