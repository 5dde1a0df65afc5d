"""Compose files that take from others: services that extend those of another file, and files that override."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.facts import FactSet, Notice
from commlint.model.values import ConfigRead

CHAIN_LIMIT = 20

_OVERRIDE = re.compile(r"^((?:docker-)?compose)\.override\.ya?ml$")


def composed(facts: FactSet) -> FactSet:
    """The facts, services of compose files with what they extend elsewhere; pure, deterministic and bounded."""
    files = {
        file.path: file.declarations
        for file in facts
        if file.declarations is not None and file.declarations.format == "compose"
    }
    work = _Work(files)
    for path, declarations in sorted(files.items()):
        for service in declarations.services:
            if service.extends:
                work.extend(path, service)
    work.override()
    if not work.changed and not work.notices:
        return facts
    return FactSet(
        tuple(
            replace(
                file,
                declarations=work.changed.get(file.path, file.declarations),
                notices=tuple(sorted({*file.notices, *(each for each in work.notices if each.path == file.path)})),
            )
            for file in facts
        )
    )


@dataclass(slots=True)
class _Work:
    files: dict[str, Declarations]
    changed: dict[str, Declarations] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def extend(self, path: str, service: ServiceDeclaration) -> None:
        """Give a service what the ones it extends have, those nearest to it before the others."""
        bases = list(self._bases(path, service))
        for base_path, base in bases:
            service = _filled(service, base)
            self._lend(base_path, base)
        now = self._now(path)
        taken = [each for base in reversed(bases) for each in self._taken(*base, service)]
        self.changed[path] = replace(
            now,
            services=tuple(service if each.name == service.name else each for each in now.services),
            bindings=(*taken, *now.bindings),
        )

    def override(self) -> None:
        """What a file says that compose takes in by itself goes before the file beside it."""
        for path, declarations in sorted(self.files.items()):
            named = _OVERRIDE.match(posixpath.basename(path))
            for ending in (".yml", ".yaml") if named else ():
                first = posixpath.join(posixpath.dirname(path), f"{named[1]}{ending}") if named else ""
                if first in self.files:
                    said = {(each.scope, each.name) for each in declarations.bindings if not each.name.endswith("*")}
                    now = self._now(first)
                    left = tuple(each for each in now.bindings if (each.scope, each.name) not in said)
                    self.changed[first] = replace(now, bindings=left)

    def _bases(self, path: str, service: ServiceDeclaration) -> Iterator[tuple[str, ServiceDeclaration]]:
        seen, line, wanted = {f"{path}#{service.name}"}, service.extent.start_line, service.extends
        while wanted:
            file, _, name = wanted.rpartition("#")
            declarations = self.files.get(file)
            found = next((each for each in declarations.services if each.name == name), None) if declarations else None
            if found is None or wanted in seen or len(seen) > CHAIN_LIMIT:
                problem = f'"{name}" of {file}, which is not there' if found is None else "itself, or too many others"
                self.notices.append(Notice(path, line, f'"{service.name}" extends {problem}'))
                return
            seen.add(wanted)
            yield file, found
            wanted = found.extends

    def _lend(self, path: str, base: ServiceDeclaration) -> None:
        """The variables of a service under a name of its own, for others to take over."""
        now, scope = self._now(path), _scope(path, base)
        if any(each.scope == scope for each in now.bindings):
            return
        own = (each for each in now.bindings if each.scope == f"service:{base.name}" and not each.name.endswith("*"))
        self.changed[path] = replace(now, bindings=(*now.bindings, *(replace(each, scope=scope) for each in own)))

    def _taken(self, path: str, base: ServiceDeclaration, service: ServiceDeclaration) -> Iterator[Binding]:
        scope = f"service:{service.name}"
        for each in self._now(path).bindings:
            if each.scope == f"service:{base.name}" and each.name.endswith("*"):
                yield replace(each, scope=scope, extent=service.extent)
        yield Binding(scope, "*", ConfigRead(_scope(path, base)), "compose", service.extent)

    def _now(self, path: str) -> Declarations:
        return self.changed.get(path, self.files[path])


def _scope(path: str, service: ServiceDeclaration) -> str:
    return f"extended:{path}#{service.name}"


def _filled(service: ServiceDeclaration, base: ServiceDeclaration) -> ServiceDeclaration:
    """A service with what its base states and it does not; lists add up."""
    image = service.image or service.build
    return replace(
        service,
        kind=service.kind if image else base.kind,
        image=service.image or ("" if service.build else base.image),
        build=service.build or (None if service.image else base.build),
        source_root=service.source_root or (None if service.image else base.source_root),
        command=service.command or base.command,
        ports=tuple(dict.fromkeys((*base.ports, *service.ports))),
        mounts=tuple(dict.fromkeys((*base.mounts, *service.mounts))),
    )
