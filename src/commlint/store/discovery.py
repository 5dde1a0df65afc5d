"""Which files of a folder are looked at: what git would keep, without what nobody of the system wrote."""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from commlint.errors import ConfigurationError
from commlint.model.config import Config
from commlint.model.notices import Notice
from commlint.store import defaults
from commlint.store.ignores import Ignores, Patterns, outer_ignores
from commlint.store.tracked import Tracked


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """
    One file to read; `path` is POSIX and relative to the root.

    `stamp`: what its status says of it; two different contents have the same one only by a trick.
    `modified`, `changed`: when its content, and anything about it, was last written, in nanoseconds.
    """

    path: str
    size: int
    modified: int
    changed: int
    inode: int

    @property
    def stamp(self) -> tuple[int, ...]:
        return (self.size, self.modified, self.changed, self.inode)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files found, sorted by path, and one notice per reason for which others are missing."""

    root: Path
    files: tuple[SourceFile, ...]
    notices: tuple[Notice, ...] = ()


def discover(root: Path, config: Config, readable: Callable[[str], bool]) -> Discovery:
    """
    Look through `root`; never raises for what it finds there.

    Symbolic links are not followed: what they lead to inside the root is found where it stands.

    Args:
        readable: whether some reader may know a file, by its name without folders.

    Raises:
        ConfigurationError: `exclude` holds what is no pattern.
    """
    real = Path(os.path.realpath(root))
    search = _Search(real, config, readable, check_patterns(config), *outer_ignores(real), Tracked.around(real))
    files = sorted(search.files(), key=attrgetter("path"))
    return Discovery(real, tuple(files), search.skipped.notices(config))


def check_patterns(config: Config) -> Patterns:
    """
    What `exclude` chooses.

    Raises:
        ConfigurationError: it holds what is no pattern.
    """
    try:
        return Patterns.strict(config.exclude)
    except ValueError as error:
        raise ConfigurationError("exclude", f"{error}; write patterns as in a .gitignore file") from error


@dataclass(slots=True)
class _Skipped:
    """Paths not looked at, by reason."""

    paths: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    full: bool = False

    def add(self, reason: str, path: str) -> None:
        self.paths[reason].append(path)

    def notices(self, config: Config) -> tuple[Notice, ...]:
        words = {
            "large": f"larger than {config.limits.file_size} bytes, not read; raise `limits.file-size`",
            "unreadable": "cannot be opened, left out; check the permissions",
            "circle": "a link that leads to itself, left out; remove it or let it lead somewhere",
            "outside": "a link that leads out of the analysed folder, not followed",
            "name": "a name that is no UTF-8, left out; rename it",
            "hidden": "a folder of a tool, left out; bring it back with `exclude` and `!` before its name",
        }
        found = [
            Notice(
                _printable(min(paths)),
                0,
                words[reason] + (f" (and {len(paths) - 1} more)" if paths[1:] else ""),
                minor=reason == "hidden",
            )
            for reason, paths in self.paths.items()
        ]
        if self.full:
            found.append(
                Notice("", 0, f"more than {config.limits.files} files, the rest not read; raise `limits.files`")
            )
        return tuple(sorted(found))


@dataclass(slots=True)
class _Search:
    root: Path
    config: Config
    readable: Callable[[str], bool]
    chosen: Patterns
    outer_prefix: str
    outer: Ignores
    tracked: Tracked
    skipped: _Skipped = field(default_factory=_Skipped)

    def files(self) -> Iterator[SourceFile]:
        """Files in the order of a walk that goes by name, so that a limit always cuts at the same place."""
        pending = [("", Ignores())]
        count = 0
        while pending:
            folder, ignores = pending.pop()
            folders, files = self._folder(folder, ignores)
            for file in files:
                if count == self.config.limits.files:
                    self.skipped.full = True
                    return
                count += 1
                yield file
            pending.extend(reversed(folders))

    def _folder(self, folder: str, ignores: Ignores) -> tuple[list[tuple[str, Ignores]], list[SourceFile]]:
        """What stands in one folder (its path ending in a slash) and is kept, by name."""
        try:
            with os.scandir(f"{self.root}/{folder}") as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            self.skipped.add("unreadable", folder or ".")
            return [], []
        names = frozenset(entry.name for entry in entries)
        if folder and self._is_output(folder, names):
            return [], []
        if ".gitignore" in names:
            ignores = self._with_gitignore(folder, ignores)
        folders: list[tuple[str, Ignores]] = []
        files: list[SourceFile] = []
        for entry in entries:
            path = folder + entry.name
            try:
                if entry.is_symlink():
                    self._see_link(entry, path, ignores)
                elif entry.is_dir():
                    if self._enters(entry.name, path + "/", ignores):
                        folders.append((path + "/", ignores))
                elif self.readable(entry.name) and self._keeps(entry.name, path, ignores):
                    files.extend(self._file(entry, path))
            except OSError as error:
                self.skipped.add("circle" if error.errno == errno.ELOOP else "unreadable", path)
        return folders, files

    def _is_output(self, folder: str, names: frozenset[str]) -> bool:
        name = folder[:-1].rpartition("/")[2]
        return (
            self.config.default_excludes and defaults.is_output(name, names) and self.chosen.decide(folder) is not False
        )

    def _with_gitignore(self, folder: str, ignores: Ignores) -> Ignores:
        path = f"{folder}.gitignore"
        try:
            with open(f"{self.root}/{path}", "rb") as file:
                return ignores.within(folder, Patterns.tolerant(file.read(self.config.limits.file_size)))
        except OSError:
            self.skipped.add("unreadable", path)
            return ignores

    def _enters(self, name: str, path: str, ignores: Ignores) -> bool:
        if name in defaults.NEVER:
            return False
        hidden = self.config.default_excludes and defaults.is_hidden(name)
        left_out = self.config.default_excludes and (
            hidden or defaults.is_left_out(name) or (not self.config.tests and defaults.is_test_folder(name))
        )
        if self._decides(path, left_out, ignores):
            return self._nameable(path)
        if hidden and self._decides(path, False, ignores) and self._nameable(path):
            self.skipped.add("hidden", path)
        return False

    def _keeps(self, name: str, path: str, ignores: Ignores) -> bool:
        if path == self.config.baseline:
            return False
        left_out = self.config.default_excludes and (
            defaults.is_generated(name)
            or defaults.is_tool_file(name)
            or (not self.config.tests and defaults.is_test_file(name))
        )
        kept = self._decides(path, left_out, ignores)
        if not kept and not left_out and self.chosen.decide(path) is None:
            # Patterns do not touch what is in the repository already.
            kept = path in self.tracked
        return kept and self._nameable(path)

    def _nameable(self, path: str) -> bool:
        if not path.isascii() and not _is_unicode(path):
            self.skipped.add("name", path)
            return False
        return True

    def _decides(self, path: str, left_out: bool, ignores: Ignores) -> bool:
        """`exclude` speaks first, so that a pattern with `!` brings back what else is left out."""
        chosen = self.chosen.decide(path)
        if chosen is not None:
            return not chosen
        if left_out:
            return False
        ignored = ignores.decide(path)
        return not (self.outer.decide(self.outer_prefix + path) if ignored is None else ignored)

    def _see_link(self, entry: os.DirEntry[str], path: str, ignores: Ignores) -> None:
        """Remember a link that would show files from elsewhere."""
        kept = self._enters(entry.name, path + "/", ignores) if entry.is_dir() else self.readable(entry.name)
        target = os.path.realpath(entry.path)
        if kept and os.path.exists(target) and not f"{target}/".startswith(f"{self.root}/"):
            self.skipped.add("outside", path)

    def _file(self, entry: os.DirEntry[str], path: str) -> Iterator[SourceFile]:
        if not entry.is_file():
            return
        status = entry.stat(follow_symlinks=False)
        if status.st_size > self.config.limits.file_size:
            self.skipped.add("large", path)
        else:
            yield SourceFile(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
