"""Tables over the facts of one file: what is defined in which scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from commlint.model.code import Assignment, Block, CallFacts, CodeFacts, Exit, FunctionFacts, Import, TypeFacts
from commlint.model.values import Attribute, CallResult, Index, Literal, Mapping, Reference, Value

NAMELESS = "<lambda@"
"""How the name of a function begins that has none in the code."""


class FileIndex:
    """Looks up what one file defines; every table is built when first asked for."""

    def __init__(self, path: str, code: CodeFacts) -> None:
        self.path = path
        self.code = code
        # function → the names bound in it or in a function around it, of those that were asked for
        self._bound: dict[str, frozenset[str]] = {}

    @cached_property
    def functions(self) -> dict[str, FunctionFacts]:
        return {function.name: function for function in self.code.functions}

    @cached_property
    def overloads(self) -> dict[str, list[str]]:
        """Name as written → the qualified names of all functions written so in the same place."""
        table: dict[str, list[str]] = defaultdict(list)
        for function in self.code.functions:
            table[unnumbered(function.name)].append(function.name)
        return table

    @cached_property
    def types(self) -> dict[str, TypeFacts]:
        return {entry.name: entry for entry in self.code.types}

    @cached_property
    def imports(self) -> dict[tuple[str, str], list[Import]]:
        """(function, local name) → imports."""
        table: dict[tuple[str, str], list[Import]] = defaultdict(list)
        for entry in self.code.imports:
            table[entry.function, entry.local].append(entry)
        return table

    @cached_property
    def star_imports(self) -> tuple[Import, ...]:
        return tuple(entry for entry in self.code.imports if entry.local == "*")

    @cached_property
    def assignments(self) -> dict[tuple[str, str], list[Assignment]]:
        """(function, target) → assignments outside class bodies, in order."""
        table: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
        for entry in self.code.assignments:
            if not entry.owner:
                table[entry.function, entry.target].append(entry)
        return table

    @cached_property
    def _own_names(self) -> dict[str, set[str]]:
        """function → the names, dotted ones included, that are bound in it."""
        table: dict[str, set[str]] = defaultdict(set)
        for function, target in self.assignments:
            table[function].add(target)
        for function, local in self.imports:
            table[function].add(local)
        for name, facts in self.functions.items():
            table[name].update(parameter.name for parameter in facts.parameters)
            outer, _, last = name.rpartition(".")
            table[outer].add(last)
        for name in self.types:
            outer, _, last = name.rpartition(".")
            table[outer].add(last)
        return table

    def defines(self, name: str) -> bool:
        """Whether other files find `name` at the top of this one."""
        return name in self.functions or name in self.types or ("", name) in self.assignments

    def declares(self, name: str) -> bool:
        """Whether `name` is declared at the top of this file, and not only given a value by one of its functions."""
        if name in self.functions or name in self.types:
            return True
        return any(not entry.within for entry in self.assignments.get(("", name), ()))

    def is_local(self, function: str, name: str) -> bool:
        """Whether a name, or what a dotted one starts with, is bound in a function or one around it."""
        own = self._bound.get(function)
        if own is None:
            names = (self._own_names.get(scope, ()) for scope in (function, *self.enclosing(function)))
            own = self._bound[function] = frozenset().union(*names)
        if name in own:
            return True
        end = name.find(".")
        while end >= 0:
            if name[:end] in own:
                return True
            end = name.find(".", end + 1)
        return False

    @cached_property
    def entered(self) -> frozenset[int]:
        """The calls whose result a `with` block enters."""
        values = (block.value for block in self.code.blocks if block.kind == "with")
        return frozenset(value.call for value in values if isinstance(value, CallResult))

    @cached_property
    def fields(self) -> dict[str, dict[str, list[Assignment]]]:
        """class → field → assignments in the class body, in order."""
        table: dict[str, dict[str, list[Assignment]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.code.assignments:
            if entry.owner:
                table[entry.owner][entry.target].append(entry)
        return table

    @cached_property
    def attributes(self) -> dict[str, dict[str, list[Assignment]]]:
        """class → attribute → assignments to `receiver.attribute` in its methods; receivers by the first parameter."""
        return self._set_on_receiver(items=False)

    @cached_property
    def items_of(self) -> dict[str, dict[str, list[Assignment]]]:
        """class → attribute → assignments to `receiver.attribute[key]` in its methods."""
        return self._set_on_receiver(items=True)

    def _set_on_receiver(self, *, items: bool) -> dict[str, dict[str, list[Assignment]]]:
        table: dict[str, dict[str, list[Assignment]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.code.assignments:
            if entry.target.endswith("[]") is not items:
                continue
            function = self.functions.get(entry.function)
            if entry.owner or function is None or entry.target.count(".") != 1:
                continue
            owner = self.owner_of(function.name)
            if owner is None:
                continue
            receiver, attribute = entry.target.split(".")
            if receiver in ("self", "this", "cls") or receiver == _first_parameter(self.functions[owner.function]):
                table[owner.type][attribute.removesuffix("[]")].append(entry)
        return table

    @cached_property
    def holders(self) -> dict[int, list[tuple[str, str]]]:
        """Index of a call → the variables (function, name) that are given its result."""
        table: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for entry in self.code.assignments:
            value = entry.value
            first = isinstance(value, Index) and value.key == Literal(0)
            of = value.of if first and isinstance(value, Index) else value
            if isinstance(of, CallResult) and not entry.owner:
                table[of.call].append((entry.function, entry.target))
        return table

    @cached_property
    def by_target(self) -> dict[str, list[Assignment]]:
        """Target as written → the assignments to it in any function, in order."""
        table: dict[str, list[Assignment]] = defaultdict(list)
        for entry in self.code.assignments:
            table[entry.target].append(entry)
        return table

    @cached_property
    def returns(self) -> dict[str, list[Exit]]:
        table: dict[str, list[Exit]] = defaultdict(list)
        for entry in self.code.exits:
            if entry.kind in ("return", "yield"):
                table[entry.function].append(entry)
        return table

    @cached_property
    def called(self) -> tuple[str, ...]:
        """The last name of what each call calls."""
        return tuple(call_names(call) for call in self.code.calls)

    @cached_property
    def calls_of(self) -> dict[str, list[int]]:
        """function → indexes of the calls that stand in it."""
        table: dict[str, list[int]] = defaultdict(list)
        for index, call in enumerate(self.code.calls):
            table[call.function].append(index)
        return table

    @cached_property
    def given_to(self) -> dict[str, int]:
        """Function without a name, as `<lambda@3:5>` → the index of the call that is given it."""
        return {
            argument.value.name: number
            for number, call in enumerate(self.code.calls)
            for argument in call.arguments
            if isinstance(argument.value, Reference) and argument.value.name.startswith(NAMELESS)
        }

    @cached_property
    def called_on(self) -> dict[int, int]:
        """Index of a call → that of the call made on its result: `f` → `g` in `f().g()`."""
        return {
            call.callee.of.call: number
            for number, call in enumerate(self.code.calls)
            if isinstance(call.callee, Attribute) and isinstance(call.callee.of, CallResult)
        }

    @cached_property
    def other_names(self) -> dict[str, list[str]]:
        """Function or class → the other names that assignments, and entries of mappings, give it."""
        table: dict[str, list[str]] = defaultdict(list)
        for entry in self.code.assignments:
            for name, value in _names_in(entry.target, entry.value):
                if isinstance(value, Reference) and value.name != name:
                    table[value.name].append(name)
        return table

    @cached_property
    def mapping_holders(self) -> dict[tuple[str, int], str]:
        """(function, line) → the variable that is given a written mapping there."""
        return {
            (entry.function, entry.extent.start_line): entry.target
            for entry in self.code.assignments
            if isinstance(entry.value, Mapping) and not entry.owner
        }

    def owner_of(self, function: str) -> MethodScope | None:
        """The method (and its class) a function is, or is nested in; a lambda that a field is given counts as one."""
        name = function
        while name:
            facts = self.functions.get(name)
            if facts is not None and facts.owner:
                return MethodScope(name, facts.owner)
            around, _, last = name.rpartition(".")
            if last.startswith("<lambda") and around in self.types:
                return MethodScope(name, around)
            name = around
        return None

    def enclosing(self, function: str) -> Iterator[str]:
        """The functions around `function`, innermost first; classes in between are not scopes."""
        name = function.rpartition(".")[0]
        while name:
            if name in self.functions:
                yield name
            name = name.rpartition(".")[0]

    def blocks(self, block: int) -> Iterator[tuple[int, Block]]:
        """The blocks around a place, innermost first."""
        while block >= 0:
            entry = self.code.blocks[block]
            yield block, entry
            block = entry.parent


def plain_name(name: str) -> str:
    """The last segment of a qualified name, without what tells it apart: `get` of `<get@3:5>` and of `Api.get#2`."""
    last = name.rpartition(".")[2]
    if last.startswith("<") and "@" in last:
        return last[1:].partition("@")[0] if not last.startswith("<lambda") else last
    return last.partition("#")[0]


class MethodScope:
    """A method and the class it belongs to, by their qualified names."""

    __slots__ = ("function", "type")

    def __init__(self, function: str, owner: str) -> None:
        self.function = function
        self.type = owner


def unnumbered(qualified: str) -> str:
    """A qualified name without the number that tells it apart from others of the same name: `A.get#2` is `A.get`."""
    outer, dot, last = qualified.rpartition(".")
    return f"{outer}{dot}{last.partition('#')[0]}"


def _first_parameter(function: FunctionFacts) -> str | None:
    return function.parameters[0].name if function.parameters else None


def _names_in(target: str, value: Value | None) -> Iterator[tuple[str, Value]]:
    """The last name that is given to a value, and those given to the entries of a mapping."""
    if isinstance(value, Mapping):
        for key, inner in value.entries:
            if isinstance(key, Literal) and isinstance(key.value, str):
                yield key.value, inner
    elif value is not None:
        yield target.rpartition(".")[2], value


def last_name(value: Value) -> str:
    """The last segment of what is called: `get` of `self.client.get`."""
    match value:
        case Reference(name=name):
            return name.rpartition(".")[2]
        case Attribute(name=name):
            return name
        case _:
            return ""


def call_names(call: CallFacts) -> str:
    """The last segment of what a call calls; `fetch` of `fetch[Order](…)`, a function with type arguments."""
    return last_name(call.callee.of if isinstance(call.callee, Index) else call.callee)
