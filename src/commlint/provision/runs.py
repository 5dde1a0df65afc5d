"""What infrastructure code runs: functions and containers as services, their environment, and what starts them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from commlint.model.channels import Trigger
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.values import Literal, Sequence, Template, Unknown, Value
from commlint.model.values import Mapping as Entries
from commlint.provision import locate
from commlint.provision.blocks import Found
from commlint.provision.channels import Gathering, Start
from commlint.provision.pointers import Pointer, text_of

ORIGIN = "infrastructure"
_ARCHIVES = (".zip", ".jar", ".war", ".tar.gz", ".tgz", ".whl")
_LONGEST_SUFFIX = 6
_STEPS = 6


@dataclass(slots=True)
class Told:
    """What one file declares of things that run."""

    services: dict[ServiceDeclaration, None] = field(default_factory=dict)
    bindings: dict[Binding, None] = field(default_factory=dict)
    triggers: dict[Trigger, None] = field(default_factory=dict)


def runs_of(gathering: Gathering) -> dict[str, Told]:
    """By path: services with their environment, and the channels whose messages start them."""
    found: dict[str, Told] = {}
    names = {id(each): each.service for each in _running(gathering)}
    for each in _running(gathering):
        told, name = found.setdefault(each.block.path, Told()), names[id(each)]
        told.services[_service(each, name, gathering)] = None
        for variable, value in _environment(each):
            known = _known(value, gathering, names)
            told.bindings[Binding(f"service:{name}", variable, known, ORIGIN, each.extent)] = None
    for start in gathering.starts():
        for path, trigger in _triggers(start, gathering, names):
            found.setdefault(path, Told()).triggers[trigger] = None
    return {path: found[path] for path in sorted(found)}


def _running(gathering: Gathering) -> Iterator[Found]:
    for several in gathering.found.values():
        yield from (each for each in several if each.model.runs and each.exists is not False)


def _service(each: Found, name: str, gathering: Gathering) -> ServiceDeclaration:
    model = each.model
    handler = _handler(each, gathering)
    return ServiceDeclaration(
        name=name,
        origin=ORIGIN,
        extent=each.extent,
        image=locate.text(each.settings, model.image) if model.image else "",
        source_root=_code(each, gathering),
        command=_words(locate.find(each.settings, model.command)) if model.command else (),
        handlers=(handler,) if handler else (),
    )


def _words(values: tuple[Value, ...]) -> tuple[str, ...]:
    items = (item for value in values for item in (value.items if isinstance(value, Sequence) else (value,)))
    return tuple(filter(None, map(text_of, items)))


def _code(each: Found, gathering: Gathering) -> str | None:
    """The folder of the code that runs, through the archives and objects it is packed into; None when not told."""
    values = locate.find(each.settings, each.model.code) if each.model.code else ()
    pending, base = list(values), each
    for _ in range(_STEPS):
        if not pending:
            return None
        value = pending.pop(0)
        text = text_of(value)
        if isinstance(value, Pointer):
            pending.extend(gathering.behind(value))
        elif text and "{" not in text and "://" not in text and not text.endswith(_ARCHIVES):
            return _folder(text, base)
    return None


def _folder(text: str, each: Found) -> str | None:
    """A path as written, seen from the root of the tree: modules write theirs with `path.module` before it."""
    folder = each.scope.module.folder
    written = posixpath.normpath(text)
    if not (folder and (written == folder or written.startswith(f"{folder}/") or text.startswith(f"{folder}/"))):
        written = posixpath.normpath(posixpath.join(_outermost(each), text))
    if written.startswith(".."):
        return None
    # A folder may have a digest behind a dot.
    is_file = 1 < len(posixpath.splitext(written)[1]) <= _LONGEST_SUFFIX
    return posixpath.dirname(written) or "." if is_file else written


def _outermost(each: Found) -> str:
    scope = each.scope
    while scope.caller is not None:
        scope = scope.caller
    return scope.module.folder


def _environment(each: Found) -> Iterator[tuple[str, Value]]:
    """Variables as a mapping, or as a list of names with their values."""
    for value in locate.find(each.settings, each.model.environment) if each.model.environment else ():
        for part in value.items if isinstance(value, Sequence) else (value,):
            name, given = locate.text(part, "name"), locate.first(part, "value")
            if name:
                yield name, given if given is not None else Unknown(f"{name} is given when it is deployed")
            elif isinstance(part, Entries):
                yield from ((text_of(key), entry) for key, entry in part.entries if text_of(key))


def _known(value: Value, gathering: Gathering, names: Mapping[int, str]) -> Value:
    """A value that may leave this stage: what points to a channel or service is its name."""
    match value:
        case Pointer():
            for each in gathering.at((value,)):
                return Literal(names.get(id(each)) or each.name)
            return Unknown("known when it is deployed")
        case Literal():
            return value
        case Template(parts=parts):
            return Template(tuple(_known(part, gathering, names) for part in parts))
        case _:
            return Unknown("not known from these files")


def _triggers(start: Start, gathering: Gathering, names: Mapping[int, str]) -> Iterator[tuple[str, Trigger]]:
    """The functions that messages of a channel start, in the file that says so."""
    model, settings = start.model, start.settings
    known = gathering.names()
    functions = [each for each in gathering.meant(start.functions, known) if id(each) in names]
    sources = [each for each in gathering.meant(locate.find(settings, model.source), known) if each.model.kind]
    method = gathering.text(settings, model.method)
    path = locate.text(settings, model.path) if model.path else ""
    if model.path and not path and any(isinstance(each, Pointer) for each in locate.find(settings, model.path)):
        path = gathering.path_of(locate.first(settings, model.path))
    for function in functions:
        base = Trigger(names[id(function)], _handler(function, gathering), "", "", start.extent, model.asynchronous)
        if path:
            verb, _, rest = path.strip().rpartition(" ")
            verb = (verb or method).upper()
            route = "/{...}" if rest in ("$default", "*") else f"/{rest.lstrip('/')}"
            yield start.path, replace(base, broker="http", channel=route, method="" if verb in ("ANY", "*") else verb)
        for source in sources:
            yield start.path, replace(base, broker=source.model.broker, channel=source.name)


def _handler(each: Found, gathering: Gathering) -> str:
    root = _code(each, gathering)
    written = locate.text(each.settings, each.model.handler) if each.model.handler else ""
    return posixpath.normpath(posixpath.join(root, written)) if written and root is not None else ""
