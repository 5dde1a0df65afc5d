"""Options of library models → policies, each with where it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commlint.model.libraries import Option
from commlint.model.operations import Policies, Policy, RetryPolicy, State
from commlint.model.places import Region
from commlint.model.remedies import Remedy
from commlint.model.values import (
    CARRIED,
    Choice,
    ConfigRead,
    EnvironmentRead,
    Literal,
    Parameter,
    Reference,
    Sequence,
    Unknown,
    Value,
)
from commlint.resolve import types, worth
from commlint.resolve.conditions import filled_text, plain_word
from commlint.resolve.entities import Entities, Entity, Function, Made, Object
from commlint.resolve.locators import alternatives, locate
from commlint.resolve.makers import factory, is_made_here, maker
from commlint.resolve.options import SCALES, scale
from commlint.resolve.program import Program
from commlint.resolve.use import Use

MAX_INSIDE = 4
_CONFIG = "config:"
_MAKER = "maker/"
_RETRY = ("attempts", "backoff", "jitter")
_NUMBERS = ("timeout", "attempts", "redelivery_limit")
_NAMES = (
    "timeout", "breaker", "acknowledgement", "failure", "confirmation", "dead_letter", "redelivery_limit",
    "ordering_key", "message_id", "trace_context",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taints:
    """Objects whose policies are decided elsewhere: (file, call that made them) → names of policies."""

    by_maker: dict[tuple[str, int], frozenset[str]]

    def of(self, program: Program, receiver: Entity | None) -> frozenset[str]:
        site = maker(program, receiver)
        return self.by_maker.get((site.path, site.call), frozenset()) if site else frozenset()


def policies(program: Program, use: Use, taints: Taints) -> Policies:
    """All policies of a use, before what stands around it is considered."""
    options = use.match.site.policies
    found = {name: policy(program, use, options[name], name, taints) for name in _NAMES if name in options}
    if "timeout" in options and options["timeout"].whole:
        found["timeout"] = replace(found["timeout"], whole=True)
    return Policies(**found, retry=retry(program, use))


def retry(program: Program, use: Use) -> RetryPolicy:
    """The retry policy a use states."""
    options = use.match.site.policies
    none = Taints({})
    found = {name: policy(program, use, options[name], name, none) for name in _RETRY if name in options}
    return RetryPolicy(**found)


def policy(program: Program, use: Use, option: Option, name: str, taints: Taints) -> Policy:
    """One policy: what is given, else what the object it runs on was made with, else the library's default."""
    if name in taints.of(program, use.receiver):
        return Policy(detail="the session was changed by code that is not a library's")
    overridden = _dispatch(program, use.receiver, name)
    if overridden is not None:
        return overridden
    keys: list[str] = []
    carried = False
    for locator in alternatives(option.at):
        if locator.startswith(_CONFIG):
            if not is_made_here(program, use.receiver):
                keys.append(filled_text(program, use, locator.removeprefix(_CONFIG)))
            continue
        entities = locate(program, use, locator)
        if entities is None:
            continue
        place = _place(program, use, locator)
        source = "client" if locator.startswith("factory:") else "argument"
        entities = _standing_for(program, entities, name)
        if entities is None:
            continue
        factor = 1.0 if locator.startswith("factory:") else scale(program, use, option)
        value = worth.as_value(program, entities)
        if value == ConfigRead(CARRIED):
            carried = True
            continue
        stated = _stated(value, option, name, source, place, factor)
        if stated is not None:
            return stated
    held = default(option, use.match.model.library)
    if held.state is State.UNSET:
        held = replace(held, remedy=_remedy(program, use, option), carried=carried)
    return _configured(held, [key for key in keys if "?" not in key], option)


def _configured(otherwise: Policy, keys: list[str], option: Option) -> Policy:
    """A policy that configuration keys may give, the first before the others, before what holds `otherwise`."""
    if not keys:
        return otherwise
    value = otherwise.value
    if value is None:
        value = Literal(None) if otherwise.state is State.UNSET else Unknown(otherwise.detail)
    for key in reversed(keys):
        value = ConfigRead(key, value)
    words = tuple(sorted(option.values.items()))
    return replace(otherwise, value=value, scale=SCALES.get(option.unit, 1.0), configured=True, words=words)


def _standing_for(program: Program, entities: Entities, name: str) -> Entities | None:
    """An object of a library given as an option stands for the same policy of the call that made it."""
    current: Entities | None = entities
    for _ in range(MAX_INSIDE):
        made = next((entity for entity in current or () if isinstance(entity, Made)), None)
        if made is None:
            break
        current = factory(program, made, name)
    return current


def _place(program: Program, use: Use, locator: str) -> Region:
    site = maker(program, use.receiver) if locator.startswith("factory:") else use.site
    if site is None:
        return Region(use.scope.path, use.scope.line or 1, 1, use.scope.line or 1, 1)
    return Region.of(site.path, program.call(site).extent)


def default(option: Option, library: str) -> Policy:
    """What holds when nothing is given."""
    source = f"default of {library}"
    if option.default == "unknown":
        return Policy(State.UNKNOWN, None, source, None, option.detail)
    if option.default in ("unset", None):
        return Policy(State.UNSET, None, source, None, option.detail)
    return Policy(State.SET, Literal(option.default), source, None, option.detail, SCALES.get(option.unit, 1.0))


def _remedy(program: Program, use: Use, option: Option) -> Remedy | None:
    """The one edit that would give an option: as its model says, or as a plain keyword argument."""
    give = option.give
    if give is None:
        word = next((part for part in alternatives(option.at) if part.startswith("kw:") and "/" not in part), "")
        return Remedy(word, f"{{{option.unit}}}") if word else None
    at = give.at.removeprefix(_MAKER)
    if at == give.at:
        return give.remedy()
    made = maker(program, use.receiver)
    if made is None:
        return None
    return give.remedy(at, Region.of(made.path, program.call(made).extent))


def _stated(value: Value, option: Option, name: str, source: str, place: Region, scale: float) -> Policy | None:
    """A given value as a policy; None when giving it means the default."""
    value = _settled(value, name)
    match value:
        case Literal(value=None):
            if option.none == "default":
                return None
            if option.none == "unset":
                because = f"; {option.detail}" if option.default == "unset" else ", which switches the bound off"
                return Policy(State.UNSET, None, source, place, f"None is given{because}".rstrip("; "))
            return Policy(State.SET, Literal(option.none), source, place, option.detail)
        case Literal() | Reference() if word := option.values.get(plain_word(value) or "") or option.values.get("*"):
            return _as_word(word, value, option, source, place)
        case Literal(value=int() | float() as number) if option.plus and number is not True:
            return Policy(State.SET, Literal(number + option.plus), source, place, option.detail, scale)
        case Literal():
            return Policy(State.SET, value, source, place, option.detail, scale)
        case _ if "*" in option.values:
            return _as_word(option.values["*"], value, option, source, place)
        case Unknown(why=why):
            return Policy(State.UNKNOWN, None, source, place, why)
        case Parameter(name=parameter):
            return Policy(State.UNKNOWN, value, source, place, f"parameter {parameter} is not bound by any call")
        case EnvironmentRead() if option.values:
            return Policy(State.UNKNOWN, value, source, place, option.detail)
        case Choice(options=options) if all(isinstance(each, Literal) for each in options) and option.values:
            return Policy(State.UNKNOWN, value, source, place, "differs from case to case")
        case _:
            return Policy(State.SET, value, source, place, option.detail, scale)


def _as_word(word: str | None, value: Value, option: Option, source: str, place: Region) -> Policy:
    """The policy word a given value is mapped to; the words `unset` and `unknown` are states."""
    if word in ("unset", "unknown"):
        return Policy(State(word), None, source, place, option.detail)
    return Policy(State.SET, Literal(word) if word else value, source, place, option.detail)


def _settled(value: Value, name: str) -> Value:
    """
    One value out of alternatives: an open parameter gives way to its default, of several bounds the longest counts.

    A pair of bounds (connect, read) is as long as its longer half, and missing when a half is.
    """
    if isinstance(value, Choice):
        told = tuple(each for each in value.options if not isinstance(each, (Parameter, Unknown)))
        unknowns = [each for each in value.options if isinstance(each, Unknown)]
        if not told:
            return unknowns[0] if unknowns else value.options[0]
        if unknowns and any(each == Literal(None) for each in told):
            return unknowns[0]
        if len(told) == 1:
            return told[0]
        value = Choice(told)
        if name == "timeout" and Literal(None) in told:
            given = tuple(each for each in told if each != Literal(None))
            return Unknown("given on some ways only") if given else Literal(None)
    if name in _NUMBERS and isinstance(value, Literal) and isinstance(value.value, str) and value.value.isdecimal():
        return Literal(int(value.value))
    bounds = value.options if isinstance(value, Choice) else value.items if isinstance(value, Sequence) else ()
    if name == "timeout" and bounds:
        if isinstance(value, Sequence) and any(each == Literal(None) for each in bounds):
            return Literal(None)
        numbers = [e.value for e in bounds if isinstance(e, Literal) and isinstance(e.value, (int, float))]
        if len(numbers) == len(bounds):
            return Literal(max(numbers))
    return value


def _dispatch(program: Program, receiver: Entity | None, name: str) -> Policy | None:
    """
    The policy a class of the tree decides by overriding the one method all calls of its library base go through.

    None when it does not override it, or does without touching the policy.
    """
    if name != "timeout" or not isinstance(receiver, Object):
        return None
    library = program.library(receiver.type.path)
    for base in types.external_bases(program, receiver.type):
        method = library.type_fact(base, "dispatch")
        own = types.method(program, receiver.type, method, receiver) if method else None
        if own is not None:
            return _mentioned(program, own, name)
    return None


def _mentioned(program: Program, function: Function, name: str) -> Policy | None:
    index = program.file(function.path)
    for number in index.calls_of.get(function.name, ()):
        call = index.code.calls[number]
        first = call.arguments[0].value if call.arguments else None
        if first == Literal(name) or any(argument.name == name for argument in call.arguments):
            region = Region.of(function.path, call.extent)
            return Policy(
                State.SET, Unknown("set by the overriding method"), "session", region, f"set in {function.name}"
            )
    for entry in index.code.assignments:
        if entry.function == function.name and entry.key == Literal(name):
            region = Region.of(function.path, entry.extent)
            return Policy(
                State.SET, Unknown("set by the overriding method"), "session", region, f"set in {function.name}"
            )
    return None


def taints(program: Program, configured: list[Use]) -> Taints:
    """What calls such as `session.mount(prefix, adapter)` make unknown, unless all they are given is a library's."""
    table: dict[tuple[str, int], set[str]] = {}
    for use in configured:
        names = set(use.match.site.taints)
        site = maker(program, use.receiver)
        if not names or site is None or _all_from_library(program, use):
            continue
        table.setdefault((site.path, site.call), set()).update(names)
    return Taints({key: frozenset(names) for key, names in table.items()})


def _all_from_library(program: Program, use: Use) -> bool:
    for argument in use.arguments:
        for entity in program.evaluate(argument.value, use.scope):
            if isinstance(entity, Made):
                library = program.library(use.scope.path)
                if entity.type not in library.types and not library.sites(entity.type):
                    return False
            elif not (hasattr(entity, "value") and isinstance(entity.value, Literal)):
                return False
    return True
