"""How the calls of JavaScript and TypeScript read: arguments, modules asked for, promise chains, loops over data."""

from __future__ import annotations

from collections.abc import Sequence as Several

from tree_sitter import Node

from commlint.extract.javascript_grammar import EXTRAS, FUNCTIONS, first_of
from commlint.extract.javascript_values import Values
from commlint.extract.quick import new_argument, new_element, new_exit, new_import, new_sequence
from commlint.extract.walker import MISSING
from commlint.model.code import Argument
from commlint.model.values import Attribute, CallResult, Literal, Reference, Unknown, Value

# Methods of arrays that run a function once for each element; the second group gives a list of what it returns.
_EACH = frozenset({"forEach", "filter", "some", "every", "find", "findIndex", "reduce", "reduceRight"})
_MAP = frozenset({"map", "flatMap"})
_SETTLED = frozenset({"then", "catch", "finally"})
_RUNNING = _EACH | _MAP | _SETTLED
_LONGEST = max(map(len, _RUNNING)) + 1
_AWAITING = frozenset({"await", "await ", "await("})
_BETWEEN = EXTRAS | {"?.", "type_arguments", "optional_chain"}


class Calls(Values):
    """A walk that knows calls and their arguments too."""

    def call_expression(self, node: Node) -> Value:
        parts = node.children
        if len(parts) != 2:
            # A comment, an optional chain or type arguments stand between.
            parts = [part for part in parts if part.type not in _BETWEEN]
        if len(parts) != 2:
            return self.otherwise(node)
        function, written = parts
        start, end = function.start_byte, function.end_byte
        if end - start < 8 and self.raw[start:end] in ("import", "require"):
            module = self.module_of(written)
            if module:
                return self.module_value(module, node)
        awaited = self.raw[start : start + 6] in _AWAITING
        if awaited and function.type == "identifier":
            return self._awaited(written)
        name = self.raw[max(start, end - _LONGEST) : end].rpartition(".")[2]
        if name in _RUNNING and function.type == "member_expression":
            if name in _SETTLED:
                return self._settled(function, name, written, node)
            if _runs(name, written):
                return self._each(function, name, written, node)
        callee = self.readers[function.kind_id](self, function) or MISSING
        if callee.__class__ is Reference and callee.name == "super":
            callee = self.references["super.constructor"]
        result = self.add_call(callee, self.arguments(written), node)
        self.calls[result.call].awaited = awaited
        return result

    def _awaited(self, written: Node) -> Value:
        """What stands in `await (…)`, which the grammar of JavaScript takes for a call where more follows."""
        value = self.read(first_of(written))
        if value.__class__ is CallResult:
            self.calls[value.call].awaited = True
        return value

    def new_expression(self, node: Node) -> Value:
        callee = self.read(node.child_by_field_name("constructor"))
        written = node.child_by_field_name("arguments")
        executor = first_of(written) if written is not None else None
        if executor is not None and executor.type in FUNCTIONS and callee == Reference("Promise"):
            return self._promise(executor, node)
        return self.add_call(callee, self.arguments(written), node)

    def arguments(self, node: Node | None) -> tuple[Argument, ...]:
        """The arguments of a call."""
        if node is None:
            return ()
        if node.type == "template_string":
            return (new_argument(None, self.read(node)),)
        readers = self.readers
        found: list[Argument] = []
        for child in node.named_children:
            value = readers[child.kind_id](self, child)
            if value is not None:
                found.append(new_argument(None, value, "*" if child.type == "spread_element" else ""))
        return tuple(found)

    # modules

    def module_of(self, arguments: Node | None) -> str:
        """The module that `require("…")` or `import("…")` names, "" when that is no plain text."""
        first = first_of(arguments) if arguments is not None else None
        if first is None or first.type not in ("string", "template_string"):
            return ""
        value = self.read(first)
        return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""

    def module_value(self, module: str, node: Node) -> Value:
        """A module as a value: it is brought in under a name that only this place knows."""
        extent = self.extent(node)
        local = f"<require@{extent.start_line}:{extent.start_column}>"
        self.imports.append(new_import(local, module, None, 0, self.function, extent))
        return self.references[local]

    # promises and loops over data

    def _promise(self, executor: Node, node: Node) -> Value:
        """`new Promise(f)` runs `f` at once, and gives what `f` hands to its first parameter."""
        index, calls, exits = len(self.functions), len(self.calls), len(self.exits)
        function = self.read(executor)
        facts = self.functions[index] if index < len(self.functions) else None
        if function is None or facts is None:
            return MISSING
        resolve = Reference(facts.parameters[0].name) if facts.parameters else None
        own = [each for each in self.exits[exits:] if (each.function, each.kind) != (facts.name, "return")]
        given = [
            new_exit("return", call.arguments[0].value, facts.name, call.block, call.extent)
            for call in self.calls[calls:]
            if call.callee == resolve and call.function == facts.name and call.arguments
        ]
        # Where a function inside it is the one that knows, what it will be is not known.
        late = new_exit("return", Unknown("what a promise is given later"), facts.name, self.block, facts.extent)
        self.exits[exits:] = [*own, *(given or [late])]
        return self._run(function, (Unknown("resolve"), Unknown("reject")), node)

    def _settled(self, function: Node, name: str, written: Node, node: Node) -> Value:
        """
        `promise.then(f, g)` runs `f` with what the promise gives; `catch` and `finally` leave that as it is.

        So the chain reads as the calls it makes.
        """
        of = self.read(function.child_by_field_name("object"))
        if of.__class__ is CallResult:
            self.calls[of.call].awaited = True
        given = self.arguments(written)
        if name != "then" or not given:
            for argument in given:
                self._run(argument.value, (), node)
            return of
        for argument in given[1:]:
            self._run(argument.value, (), node)
        result = self._run(given[0].value, (of,), node)
        if result.__class__ is CallResult and of.__class__ is CallResult:
            self.promised[result.call] = of.call
        return result

    def _each(self, function: Node, name: str, written: Node, node: Node) -> Value:
        """`items.map(f)` runs `f` with each element, in a block of its own."""
        of = self.read(function.child_by_field_name("object"))
        block = self.open_block()
        given = self.arguments(written)
        element = new_element(of)
        values = (Unknown("what was gathered before"), element) if name.startswith("reduce") else (element,)
        result = self._run(given[0].value, values, node) if given else MISSING
        self.close_block(block, "comprehension", of, self.extent(node))
        if name in _MAP:
            return new_sequence((result,), True)
        return element if name == "find" else of if name == "filter" else Unknown(f"result of {name}")

    def _run(self, function: Value, values: Several[Value], node: Node) -> Value:
        """The call of a function that is handed over and run at once."""
        if not isinstance(function, Reference | Attribute | CallResult):
            return Unknown("what a function that is not known gives")
        return self.add_call(function, tuple(new_argument(None, value) for value in values), node)


def _runs(name: str, arguments: Node) -> bool:
    """Whether an argument says that a function is run for each element: many other methods have these names."""
    first = next((child for child in arguments.named_children if child.type not in EXTRAS), None)
    if first is None:
        return False
    return first.type in FUNCTIONS or (name in ("map", "forEach", "flatMap") and first.type == "identifier")
