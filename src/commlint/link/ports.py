"""Ports a service listens on by its own word: in the command that starts it, or where its code
starts to serve, in its settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Table

from commlint.link.commands import words_of
from commlint.link.owners import Owners
from commlint.link.services import Deployed
from commlint.link.values import Valuer
from commlint.model.code import CallFacts, CodeFacts
from commlint.model.deployments import PORT
from commlint.model.facts import FactSet
from commlint.model.values import Attribute, CallResult, ConfigRead, Literal, Mapping, Reference, Value, walk

OPTIONS = frozenset(("--port", "-p", "--bind", "-b", "--listen", "--http-port", "runserver"))
# What is told the port by its first argument.
LISTENING = frozenset(("listen", "rxListen", "listenAndAwait", "forPort"))
SERVING = LISTENING | frozenset(
    ("run", "run_app", "run_simple", "run_server", "serve", "start", "start_server", "embeddedServer", "Config")
)
# What is told the whole address that a program answers at.
HOSTING = frozenset(("UseUrls", "Run", "Start", "StartOptions", "NancyHost", "WebServiceHost"))
HOSTED = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::\]|[*+]):(\d{2,5})(?:/|\Z)")
LISTENED = re.compile(r"(?:^|:)(\d{2,5})$")
NESTING = 4
RESERVED, HTTP = 1024, 80


def listening(
    services: Iterable[Deployed], owners: Owners, facts: FactSet, valuers: Table[str, Valuer]
) -> dict[str, frozenset[int]]:
    """For each service the ports that commands, code and settings name."""
    code = {entry.path: entry.code for entry in facts if entry.code is not None}
    told = {path: tuple(_of_file(each)) for path, each in code.items()}
    return {
        deployed.name: frozenset(
            (
                *_of_commands(deployed),
                *_of_files(owners, deployed.name, code, told),
                *_of_settings(valuers[deployed.name]),
            )
        )
        for deployed in services
    }


def _of_settings(valuer: Valuer) -> Iterator[int]:
    for text in valuer.texts(ConfigRead(PORT)):
        found = text.literal
        if found and found.isascii() and found.isdigit() and 0 < int(found) < 65536:
            yield int(found)


def _of_commands(deployed: Deployed) -> Iterator[int]:
    for command in deployed.commands:
        before = ""
        for word in words_of(command):
            option, given, value = word.partition("=")
            found = LISTENED.search(value if given else word)
            if found and (option if given else before) in OPTIONS:
                yield int(found[1])
            before = word


def _of_files(
    owners: Owners, service: str, code: Table[str, CodeFacts], told: Table[str, tuple[int | str, ...]]
) -> set[int]:
    """What the files of one service tell, by themselves or by settings of theirs or that they take in."""
    own = sorted(path for path in owners.own.get(service, ()) if path in told)
    named = {each for path in own for each in told[path]}
    settings = sorted(each for each in named if isinstance(each, str))
    taken = [code[path] for path in sorted(owners.files(service)) if path in code] if settings else []
    found = (_told_elsewhere(name, taken) for name in settings)
    return {each for each in named if isinstance(each, int)} | {number for number in found if number is not None}


def _of_file(code: CodeFacts) -> Iterator[int | str]:
    """The ports that a file tells, or the names by which it asks its settings for them."""
    for call in code.calls:
        number = _port(call, code)
        if number is not None:
            yield number
        if _last(call.callee) in HOSTING:
            yield from (found for argument in call.arguments for found in _hosted(argument.value, code, NESTING))


def _port(call: CallFacts, code: CodeFacts) -> int | str | None:
    """`run(port=8000)`, `add_insecure_port("[::]:50051")`; of `listen(config.port)` the name."""
    name = _last(call.callee)
    if name in SERVING:
        given = next((argument.value for argument in call.arguments if argument.name == "port"), None)
        if given is None and name in LISTENING:
            given = next((argument.value for argument in call.arguments[:1] if argument.name is None), None)
            number = None if given is None else _number(_listened(given, code), code, NESTING)
            if number is None and isinstance(given, Reference):
                return given.name
            # What else is listened with are lengths of queues and paths of sockets.
            return number if number is not None and (number > RESERVED or number == HTTP) else None
        return None if given is None else _number(given, code, NESTING)
    if name.startswith("add_") and name.endswith("_port") and call.arguments:
        return _number(call.arguments[0].value, code, NESTING)
    return None


def _hosted(value: Value, code: CodeFacts, depth: int) -> Iterator[int]:
    """The ports of the addresses in a value that are those of the program itself: `http://localhost:5001`."""
    for part in walk(value):
        if isinstance(part, Literal):
            for address in str(part.value).split(";"):
                found = HOSTED.match(address.strip())
                if found is not None:
                    yield int(found[1])
        elif isinstance(part, CallResult) and depth and part.call < len(code.calls):
            for argument in code.calls[part.call].arguments:
                yield from _hosted(argument.value, code, depth - 1)


def _listened(value: Value, code: CodeFacts) -> Value:
    """The port that a server is told to listen on: an entry of its options, or what a name of the file was given."""
    match value:
        case Mapping(entries=entries):
            return next((_listened(each, code) for key, each in entries if key == Literal("port")), Literal(None))
        case Reference(name=name) if "." not in name:
            given = (each.value for each in code.assignments if each.target == name and not each.function)
            return next((each for each in given if each is not None and each != value), value)
        case _:
            return value


def _told_elsewhere(name: str, own: Iterable[CodeFacts]) -> int | None:
    """The port that the settings of a program give `PORT` or `config.server.port`, where only one of them does."""
    first, *keys = name.split(".")
    numbers: set[int] = set()
    for code in own:
        for each in code.assignments:
            if each.value is None or each.function or each.owner or not (keys or each.target == first):
                continue
            value = _below(each.value, keys)
            number = _number(value, code, NESTING) if value is not None else None
            if number is not None:
                numbers.add(number)
    return next(iter(numbers)) if len(numbers) == 1 else None


def _below(value: Value, keys: Sequence[str]) -> Value | None:
    """The entry of a mapping under each of the keys in turn, None when there is none."""
    for key in keys:
        entries = value.entries if isinstance(value, Mapping) else ()
        found = next((each for known, each in entries if known == Literal(key)), None)
        if found is None:
            return None
        value = found
    return value


def _last(callee: Value) -> str:
    match callee:
        case Reference(name=name) | Attribute(name=name):
            return name.rsplit(".", 1)[-1]
        case _:
            return ""


def _number(value: Value, code: CodeFacts, depth: int) -> int | None:
    """The first port that stands in a value, also as the default of `int(os.environ.get("PORT", 8000))`."""
    for part in walk(value):
        found: int | None = None
        if isinstance(part, Literal) and not isinstance(part.value, bool):
            match = LISTENED.search(str(part.value))
            found = int(match[1]) if match else None
        elif isinstance(part, CallResult) and depth and part.call < len(code.calls):
            inner = (_number(argument.value, code, depth - 1) for argument in code.calls[part.call].arguments)
            found = next((number for number in inner if number is not None), None)
        if found is not None:
            return found
    return None
