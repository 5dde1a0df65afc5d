"""Names that `package.json` gives to the files of its folder: the package itself, its exports, imports and aliases."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from commlint.extract.paths import inside
from commlint.model.declarations import ModuleName

MAX_NAMES = 200
_ENTRIES = ("source", "module", "main", "types", "typings")
_ALIASES = ("_moduleAliases", "aliases")
_BUILT = frozenset({"dist", "build", "lib", "out", "esm", "cjs", "es", "types"})
_SUFFIXES = (".d.ts", ".d.mts", ".d.cts", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")


def of_package(folder: str, data: Mapping[str, object]) -> tuple[ModuleName, ...]:
    """What code may bring in by name because of one `package.json`."""
    found = [*_of_aliases(folder, data), *_of_imports(folder, data)]
    name = data.get("name")
    if isinstance(name, str) and name:
        found.extend(_of_name(folder, name, data))
    return tuple(each for each in found if each.targets)[:MAX_NAMES]


def _of_name(folder: str, name: str, data: Mapping[str, object]) -> Iterator[ModuleName]:
    """The package by its name, what it exports below that, and all its files below that."""
    exports = data.get("exports")
    entries = [str(data[key]) for key in _ENTRIES if isinstance(data.get(key), str)]
    if isinstance(exports, dict) and any(str(key).startswith(".") for key in exports):
        for key, told in exports.items():
            if str(key) == ".":
                entries = [*_texts(told), *entries]
            elif str(key).startswith("./"):
                yield ModuleName(f"{name}/{str(key)[2:]}", _files(folder, _texts(told)))
    elif exports is not None:
        entries = [*_texts(exports), *entries]
    yield ModuleName(name, _files(folder, [*entries, "src/index", "index", "src", "lib/index", "src/main"]))
    yield ModuleName(f"{name}/*", _files(folder, ["*", "src/*", "lib/*"]))


def _of_imports(folder: str, data: Mapping[str, object]) -> Iterator[ModuleName]:
    """Names that begin with `#`, which the files of the package alone know."""
    imports = data.get("imports")
    for key, told in imports.items() if isinstance(imports, dict) else ():
        if str(key).startswith("#"):
            yield ModuleName(str(key), _files(folder, _texts(told)), folder)


def _of_aliases(folder: str, data: Mapping[str, object]) -> Iterator[ModuleName]:
    """Names that a loader of modules reads from the same file: `"_moduleAliases": {"@root": "."}`."""
    for key in _ALIASES:
        aliases = data.get(key)
        for name, told in aliases.items() if isinstance(aliases, dict) else ():
            target = inside(folder, told) if isinstance(told, str) else None
            if target is not None:
                yield ModuleName(str(name), (target,), folder)
                yield ModuleName(f"{name}/*", (posixpath.normpath(posixpath.join(target, "*")),), folder)


def _texts(told: object, depth: int = 0) -> list[str]:
    """The paths in what an export says, whatever the conditions are they stand under."""
    if isinstance(told, str):
        return [told]
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return [text for each in inner for text in _texts(each, depth + 1)] if depth < 4 else []


def _files(folder: str, written: list[str]) -> tuple[str, ...]:
    """The paths named, without suffix, each followed by where the source of what was built lies."""
    found: list[str] = []
    for each in written:
        plain = next((each[: -len(suffix)] for suffix in _SUFFIXES if each.endswith(suffix)), each)
        path = inside(folder, plain)
        if path is None:
            continue
        found.append(path)
        inner = posixpath.relpath(path, folder).split("/")
        depth = next((at for at, part in enumerate(inner) if part not in _BUILT), 0)
        if depth and inner[depth:] and inner[0] not in ("..", "."):
            rest = "/".join(inner[depth:]).removeprefix("src/")
            found.extend(posixpath.normpath(posixpath.join(folder, at, rest)) for at in ("src", "lib", ""))
    return tuple(dict.fromkeys(found))
