"""The arguments of a call with spreads opened, and how parameters are bound to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commlint.model.code import Argument, FunctionFacts, ParameterFacts
from commlint.model.values import Element, Literal, Mapping, Parameter, Reference, Sequence, Unknown, Value
from commlint.resolve.entities import CallSite, Data, Entities, Scope, Written, unknown
from commlint.resolve.index import last_name

if TYPE_CHECKING:
    from commlint.resolve.program import Program

Given = tuple[Value, Scope]


@dataclass(slots=True)
class Arguments:
    """
    Arguments by position and by keyword, each with the scope to evaluate it in.

    `more`: further positional arguments of unknown number follow; `others`: further keywords of unknown
    name may be given; `passed`: the options of the function around, when they are passed on as a whole.
    `rest`: what is known of the sequences that the further positional arguments come from.
    `ended`: those of unknown number stand before the last one that is known.
    """

    positional: list[Given] = field(default_factory=list)
    keywords: dict[str, Given] = field(default_factory=dict)
    more: bool = False
    others: bool = False
    passed: Entities = ()
    rest: Entities = ()
    ended: bool = False

    def at(self, program: Program, position: int) -> Entities | None:
        """The argument at a position; None when it is known not to be given."""
        if position < 0 and self.positional and (not self.more or (self.ended and position == -1)):
            position += len(self.positional)
        if 0 <= position < len(self.positional):
            value, scope = self.positional[position]
            return program.evaluate(value, scope)
        return self.unplaced if self.more else None

    @property
    def unplaced(self) -> Entities:
        """What an argument is that is not seen to be given: a caller decides where its own are passed on."""
        passed = next(
            (each for each in self.rest if isinstance(each, Data) and isinstance(each.value, Parameter)), None
        )
        return unknown("given by *arguments of unknown origin") if passed is None else (passed,)

    def named(self, program: Program, name: str) -> Entities | None:
        """The keyword argument; None when it is known not to be given."""
        if name in self.keywords:
            value, scope = self.keywords[name]
            return program.evaluate(value, scope)
        return self.unnamed if self.others else None

    @property
    def unnamed(self) -> Entities:
        """What a keyword is that is not seen to be given: a caller decides where its options are passed on."""
        return self.passed or unknown("given by **options of unknown origin")


def of_site(program: Program, site: CallSite) -> Arguments:
    """The arguments of a call in its frame."""
    found = collect(program, program.call(site).arguments, program.site_scope(site))
    told = program.handed(site)
    if told is not None:
        found.positional = found.positional[told.position + 1 :]
        found.more = found.more or not told.whole
        found.others = found.others or not told.whole
    return found


def collect(program: Program, arguments: tuple[Argument, ...], scope: Scope) -> Arguments:
    """Arguments as written, in `scope`, with `*` and `**` spreads opened as far as they are known."""
    found = Arguments()
    last = max((place for place, each in enumerate(arguments) if each.name is None and not each.spread), default=0)
    for place, argument in enumerate(arguments):
        if argument.spread == "*":
            _spread_positional(program, found, argument.value, scope)
        elif argument.spread == "**":
            _spread_keywords(program, found, argument.value, scope)
        elif argument.name is not None:
            found.keywords[argument.name] = (argument.value, scope)
            if place < last:
                # A name may be written at an argument that stands in its own place, with further ones after it.
                found.positional.append((argument.value, scope))
        elif not found.more:
            found.positional.append((argument.value, scope))
        else:
            found.ended = False
    return found


def _spread_positional(program: Program, found: Arguments, value: Value, scope: Scope) -> None:
    entities = program.evaluate(value, scope)
    match entities:
        case (Written(value=Sequence(items=items, open=is_open), scope=where),):
            found.positional.extend((item, where) for item in items)
            found.more = found.more or is_open
            # `append(all(), one)` ends with what is appended.
            found.ended = len(items) > 1 and isinstance(items[0], Element) and not isinstance(items[-1], Element)
        case _:
            found.more, found.ended = True, False
            found.rest = (*found.rest, *entities)


def _spread_keywords(program: Program, found: Arguments, value: Value, scope: Scope) -> None:
    entities = program.evaluate(value, scope)
    open_ended = not entities
    for entity in entities:
        match entity:
            case Written(value=Mapping(entries=entries, open=is_open), scope=where):
                for key, entry in entries:
                    if isinstance(key, Literal):
                        found.keywords.setdefault(str(key.value), (entry, where))
                open_ended = open_ended or is_open or len(entities) > 1
            case Data(value=Literal(value=None)):
                pass
            case Data(value=Parameter()):
                found.passed, open_ended = (entity,), True
            case _:
                open_ended = True
    if isinstance(value, Reference):
        _later_entries(program, found, value.name, scope)
    found.others = found.others or open_ended


def _later_entries(program: Program, found: Arguments, name: str, scope: Scope) -> None:
    """Entries set on the spread mapping in the same function: `options["timeout"] = 5`, `options.setdefault(…)`."""
    index = program.file(scope.path)
    function = scope.frame.function
    for entry in index.assignments.get((function, f"{name}[]"), ()):
        if isinstance(entry.key, Literal) and entry.value is not None:
            where = Scope(scope.frame, entry.extent.start_line, entry.block)
            found.keywords[str(entry.key.value)] = (entry.value, where)
    for number in index.calls_of.get(function, ()):
        call = index.code.calls[number]
        if call.callee == Reference(f"{name}.setdefault") and len(call.arguments) == 2:
            key, value = call.arguments[0].value, call.arguments[1].value
            if isinstance(key, Literal):
                found.keywords.setdefault(str(key.value), (value, program.scope_of(scope.path, number, scope.frame)))


def bind(program: Program, site: CallSite, facts: FunctionFacts, parameter: ParameterFacts, skip: bool) -> Entities:
    """
    What the call at `site` gives to `parameter`; empty when it gives nothing.

    Args:
        skip: the first parameter is the receiver and takes no argument.
    """
    given = of_site(program, site)
    named = [entry.name for entry in facts.parameters if entry.form in ("positional", "keyword")]
    ordered = [entry.name for entry in facts.parameters if entry.form == "positional"][1 if skip else 0 :]
    if parameter.form == "variadic":
        return (_rest(program, given.positional[len(ordered) :], given.more, program.site_scope(site)),)
    if parameter.form == "options":
        left = {key: each for key, each in given.keywords.items() if key not in named}
        return (_mapping(program, left, given.others, program.site_scope(site)),)
    if parameter.name in given.keywords:
        value, scope = given.keywords[parameter.name]
        return program.evaluate(value, scope)
    if parameter.name in ordered:
        found = given.at(program, ordered.index(parameter.name))
        if found is not None:
            return found
    return given.unnamed if given.others and parameter.default is None else ()


def _rest(program: Program, given: list[Given], more: bool, scope: Scope) -> Written:
    return Written(Sequence(tuple(_value(program, each, scope) for each in given), more), scope)


def _mapping(program: Program, given: dict[str, Given], others: bool, scope: Scope) -> Written:
    entries = tuple((Literal(key), _value(program, each, scope)) for key, each in sorted(given.items()))
    return Written(Mapping(entries, others), scope)


def _value(program: Program, given: Given, scope: Scope) -> Value:
    """An argument as written when it stands in `scope`, finished when it comes from elsewhere."""
    value, where = given
    if where == scope:
        return value
    finished = program.value(value, where)
    return finished if last_name(finished) == "" else Unknown("passed through more than one mapping")
