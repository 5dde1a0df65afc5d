"""Dockerfiles: what an image runs, listens on and is given, and which folders are in it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar

from commlint.extract.images import kind_of_image, languages_of_image
from commlint.extract.instructions import Instruction, exec_form, instructions, pairs, unquoted
from commlint.extract.interpolation import flat, interpolate
from commlint.extract.paths import folder_of, split_command
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, Port, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import Literal, Unknown, Value

PORT_LIMIT = 100
STAGE_LIMIT = 100
SIZE_LIMIT = 200_000

_NAME = re.compile(
    r"^(?:(?:Dockerfile|Containerfile)(?:[.-].+|\w+)?|(?!Procfile).+\.(?:Dockerfile|Containerfile)"
    r"|[\w-]+Dockerfile)$",
    re.IGNORECASE,
)
_SUFFIXED = re.compile(r"^[\w-]+(?<!^)Dockerfile$", re.IGNORECASE)
_NOT_ONE = (".dockerignore", ".yaml", ".yml", ".md", ".txt", ".j2", ".tmpl", ".tpl", ".template")
_PORT = re.compile(r"^(\d{1,5})(?:-(\d{1,5}))?(?:/\w+)?$")
# What follows the options of `go build` and `go install`; options with a value of their own take the next word.
_COMPILE = re.compile(
    r"\bgo\s+(?:build|install|run)\b(?:\s+(?:-(?:o|ldflags|tags|mod|gcflags|asmflags|p|race|trimpath|a|v|x|installsuffix)"
    r"(?:[= ](?:\"[^\"]*\"|'[^']*'|[^\s-]\S*))?|-\S+))*\s+([^;&|\n]+)"
)
_COMPILE_HERE = re.compile(r"\bgo\s+(?:build|install)\b")
_CHANGE = re.compile(r"\bcd\s+([\w][\w./-]*)\s*(?:&&|;).*\bgo\s+(?:build|install)\b", re.DOTALL)
_PLAIN_FOLDER = re.compile(r"[\w.-]+(?:/[\w.-]+)+")
_SAYS_NOTHING = frozenset({"src", "source", "docker", ".docker", "dockerfiles", "build", "deploy", "container"})


class DockerfileReader(FormatReader):
    """Reads Dockerfiles and Containerfiles; only what ends up in the last stage counts."""

    name: ClassVar[str] = "dockerfile"
    version: ClassVar[int] = 4
    names: ClassVar[tuple[str, ...]] = ("dockerfile*", "containerfile*", "*dockerfile", "*.containerfile")

    def claims(self, path: str, source: bytes) -> bool:
        base = posixpath.basename(path)
        if _NAME.match(base) is None or base.lower().endswith(_NOT_ONE):
            return False
        # `orders-Dockerfile` is the image of a program; `runtime-base-dockerfile` starts nothing.
        return _SUFFIXED.match(base) is None or b"CMD" in source or b"ENTRYPOINT" in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        stages, defaults = _stages(text) if len(text) <= SIZE_LIMIT else ([], {})
        if not stages or len(stages) > STAGE_LIMIT:
            return Declarations(self.name), (*notices, Notice(path, 0, _no_image(stages, text)))
        image = _Image(stages, defaults)
        folder = folder_of(path)
        service = ServiceDeclaration(
            name=_name(folder),
            origin="dockerfile",
            extent=stages[-1].extent,
            kind=image.kind,
            image=image.base,
            source_root=folder,
            command=image.command,
            ports=image.ports,
            copies=image.copies,
            builds=image.builds,
            runs=languages_of_image(image.base),
            entrypoint=image.entrypoint,
        )
        bindings = tuple(
            Binding(f"dockerfile:{path}", name, value, self.name, extent)
            for name, (value, extent) in image.environment.items()
        )
        return Declarations(self.name, (service,), bindings), notices


@dataclass(frozen=True, slots=True)
class _Stage:
    """One build stage: its name, what it starts from, and its instructions."""

    name: str
    base: str
    extent: Extent
    instructions: list[Instruction]


@dataclass(slots=True)
class _Image:
    """What the last stage amounts to, the stages it starts from taken in."""

    stages: list[_Stage]
    defaults: dict[str, Value]
    base: str = ""
    environment: dict[str, tuple[Value, Extent]] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    copies: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    _arguments: dict[str, Value] = field(default_factory=dict)
    _entrypoint: tuple[str, ...] = ()
    _arguments_of_entrypoint: tuple[str, ...] = ()
    _takes_arguments: bool = True

    def __post_init__(self) -> None:
        ancestry = self._ancestry(len(self.stages) - 1)
        self.base = self.stages[ancestry[0]].base
        for index in ancestry:
            self._arguments = {}
            for instruction in self.stages[index].instructions:
                self._run(instruction)
        self.command = self._entrypoint + (self._arguments_of_entrypoint if self._takes_arguments else ())
        self.entrypoint = self._entrypoint if self._takes_arguments else ()
        reached = self._reached(ancestry)
        self.copies = tuple(sorted({source for index in reached for source in self._copied(index)}))
        self.builds = tuple(sorted({target for index in reached for target in self._built(index)}))

    @property
    def kind(self) -> str:
        """Infrastructure when built on top of it; a web server may as well carry a front end of the system."""
        kind = kind_of_image(self.base)
        return "" if kind == "gateway" and "envoy" not in self.base else kind

    def _ancestry(self, index: int) -> list[int]:
        """The stage and the earlier stages it starts from, furthest first."""
        chain = [index]
        while (parent := self._stage(self.stages[chain[0]].base, chain[0])) is not None:
            chain.insert(0, parent)
        return chain

    def _stage(self, reference: str, before: int) -> int | None:
        """The last stage of that name (or number) among those before the one with index `before`."""
        if reference.isdigit() and int(reference) < before:
            return int(reference)
        named = (i for i in range(before - 1, -1, -1) if reference and self.stages[i].name == reference.lower())
        return next(named, None)

    def _run(self, instruction: Instruction) -> None:
        match instruction.word:
            case "ARG":
                name, given, default = instruction.rest.strip().partition("=")
                before = self.defaults.get(name, Unknown(f"build argument {name}"))
                self._arguments[name] = self._value(unquoted(default)) if given else before
            case "ENV":
                for name, value in pairs(instruction.rest):
                    self.environment[name] = (self._value(value), instruction.extent)
            case "EXPOSE":
                text = flat(self._value(instruction.rest))
                exposed = islice(_ports(text), PORT_LIMIT)
                self.ports = tuple(dict.fromkeys((*self.ports, *exposed)))[:PORT_LIMIT]
            case "ENTRYPOINT":
                self._entrypoint, self._takes_arguments = _command(instruction.rest)
                self._arguments_of_entrypoint = ()
            case "CMD":
                self._arguments_of_entrypoint, _ = _command(instruction.rest)
            case _:
                pass

    def _value(self, text: str) -> Value:
        return interpolate(text, self._lookup)

    def _lookup(self, name: str) -> Value:
        if name in self.environment:
            return self.environment[name][0]
        return self._arguments.get(name) or Unknown(f"{name} is not set in this Dockerfile")

    def _reached(self, ancestry: list[int]) -> set[int]:
        """The stages that end up in the image, also those that it copies from."""
        pending, seen = list(ancestry), set(ancestry)
        while pending:
            index = pending.pop()
            for instruction in self.stages[index].instructions:
                origin = instruction.flags.get("from") if instruction.word in ("COPY", "ADD") else None
                source = self._stage(origin, index) if origin is not None else None
                reached = self._ancestry(source) if source is not None else []
                pending.extend(stage for stage in reached if stage not in seen)
                seen.update(reached)
        return seen

    def _copied(self, index: int) -> Iterator[str]:
        """Paths of the build context that a stage takes in."""
        for instruction in self.stages[index].instructions:
            if instruction.word in ("COPY", "ADD") and "from" not in instruction.flags:
                yield from _sources(instruction.rest)

    def _built(self, index: int) -> Iterator[str]:
        """What a stage builds a program from, below the folder that it works in."""
        folder, copied, inside = "", False, False
        for instruction in self.stages[index].instructions:
            if instruction.word == "WORKDIR":
                folder = posixpath.join(folder, flat(self._value(instruction.rest.strip())))
                inside = copied
            elif instruction.word in ("COPY", "ADD"):
                copied = True
            elif instruction.word in ("RUN", "ENTRYPOINT", "CMD"):
                changed = _CHANGE.search(instruction.rest)
                place = posixpath.join(folder, changed[1]) if changed else folder
                # Where nothing is named, what lies in the folder is meant: a folder inside what was copied says which.
                here = ["."] if (inside or changed) and _COMPILE_HERE.search(instruction.rest) else []
                for target in list(_targets(instruction.rest)) or here:
                    yield posixpath.normpath(posixpath.join(place, target)).strip("/")


def _name(folder: str) -> str:
    """What the folder of a Dockerfile is called, or the one around it when that says nothing."""
    parts = [part for part in folder.split("/") if part != "."]
    while len(parts) > 1 and parts[-1].lower() in _SAYS_NOTHING:
        parts.pop()
    return parts[-1].lstrip(".") if parts else ""


def _no_image(stages: list[_Stage], text: str) -> str:
    if not stages and len(text) <= SIZE_LIMIT:
        return "no FROM instruction; a Dockerfile starts with one"
    return f"more than {SIZE_LIMIT} characters or {STAGE_LIMIT} stages; it was not read"


def _stages(text: str) -> tuple[list[_Stage], dict[str, Value]]:
    """The build stages in order, and the arguments given a value before the first."""
    stages: list[_Stage] = []
    defaults: dict[str, Value] = {}
    for instruction in instructions(text):
        if instruction.word == "FROM":
            words = instruction.rest.split()
            base = flat(interpolate(words[0], defaults.get)) if words else ""
            name = words[2].lower() if len(words) > 2 and words[1].upper() == "AS" else ""
            stages.append(_Stage(name, base, instruction.extent, []))
        elif stages:
            stages[-1].instructions.append(instruction)
        elif instruction.word == "ARG":
            key, given, default = instruction.rest.strip().partition("=")
            if given:
                defaults[key] = Literal(unquoted(default))
    return stages, defaults


def _command(rest: str) -> tuple[tuple[str, ...], bool]:
    """The words of a command, and whether it is in the exec form, the only one that takes CMD as arguments."""
    items = exec_form(rest)
    return (items, True) if items is not None else (split_command(rest), False)


def _sources(rest: str) -> tuple[str, ...]:
    """All words of COPY or ADD but the last, which is where they go; files written inline are no sources."""
    words = exec_form(rest) or split_command(rest)
    return tuple(word for word in words[:-1] if not word.startswith("<<") and "://" not in word)


def _targets(command: str) -> Iterator[str]:
    """The folders and files that a command compiles into one program, with `${NAME}` in them; `./...` is many."""
    for build in _COMPILE.finditer(command):
        for word in build[1].split():
            target = word.strip("\"'").removeprefix("./").rstrip("/") or "."
            is_path = word.startswith(".") or target.endswith(".go") or _PLAIN_FOLDER.fullmatch(target)
            if is_path and "..." not in target:
                yield flat(interpolate(target))


def _ports(text: str) -> Iterator[Port]:
    for word in text.split():
        match = _PORT.match(word)
        if match is not None:
            first = int(match[1])
            for number in range(first, min(int(match[2] or first) + 1, first + PORT_LIMIT, 65536)):
                yield Port(number)
