"""How Kotlin's statements read: where names are given values, what runs under which condition."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract import combined
from commlint.extract.kotlin_calls import Calls
from commlint.extract.kotlin_values import IDENTIFIER, KOTLIN, TYPES, field
from commlint.extract.quick import new_compute, new_element, new_index
from commlint.extract.syntax import kinds
from commlint.extract.targets import Keyed
from commlint.extract.walker import MAX_BLOCK_DEPTH, MISSING, Reader
from commlint.model.values import CallResult, Literal, Reference, Value

_BLOCK = kinds(KOTLIN, "block")
_CONDITION = field("condition")
_DECLARATION = kinds(KOTLIN, "variable_declaration", "multi_variable_declaration")
_IF = kinds(KOTLIN, "if_expression")
_LABEL = field("label")
_LEFT = field("left")
_OPERATOR = field("operator")
_RIGHT = field("right")


class Statements(Calls):
    """A walk over the bodies of Kotlin's functions. A method named like a kind of node reads such a statement."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        # The numbers of the assignments that declare nothing.
        self.bare: set[int] = set()

    def statements(self, nodes: list[Node], gives: bool = False) -> None:
        if self.depth >= MAX_BLOCK_DEPTH:
            if nodes:
                self.notice(nodes[0], "blocks nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        for place, node in enumerate(nodes):
            value = self.expression(node)
            if gives and place == len(nodes) - 1 and node.type not in _NO_VALUE:
                self.add_exit("return", value, node)
            elif value.__class__ is CallResult:
                self.calls[value.call].used = False
            elif node.kind_id == IDENTIFIER and self.written(node) in ("break", "continue"):
                self.add_exit(self.written(node), None, node)
        self.depth -= 1

    def body(self, node: Node | None) -> Value:
        """Read a block, or the one expression that stands instead of one; gives the value of its last expression."""
        if node is None:
            return MISSING
        if node.kind_id not in _BLOCK:
            return self.expression(node)
        before = len(self.calls)
        parts = self.meant(node)
        self.statements(parts)
        last = parts[-1] if parts else None
        if last is not None and last.type == "call_expression" and len(self.calls) > before:
            return CallResult(len(self.calls) - 1)
        return self._plain(last)

    def _plain(self, node: Node | None) -> Value:
        """The value of a last expression that has no call in it, so that reading it again adds nothing."""
        if node is None or node.type not in ("identifier", "string_literal", "number_literal", "navigation_expression"):
            return MISSING
        before = self.size
        value = self.expression(node)
        return value if self.size == before else MISSING

    def loose_block(self, node: Node) -> Value:
        """A block where an expression is expected, as after a syntax error."""
        return self.body(node)

    def function_body(self, node: Node | None) -> None:
        """`= value`, or a block."""
        for part in self.meant(node) if node is not None else ():
            if part.kind_id in _BLOCK:
                self.statements(self.meant(part))
            else:
                self.add_exit("return", self.expression(part), part)

    # plain statements

    def property_declaration(self, node: Node) -> None:
        """A local variable, or one of the module; those of classes are told apart before."""
        self.declare(node, self.assigned(node))

    def assigned(self, node: Node) -> Value | None:
        """What a declared name is given: the value behind `=`, or what it is delegated to."""
        seen = False
        for child in node.children:
            if child.type == "=":
                seen = True
            elif seen and child.is_named:
                return self.expression(child)
            elif child.type == "property_delegate":
                return self.read_first(child)
        return None

    def declare(self, node: Node, value: Value | None, prefix: str = "") -> None:
        """The assignments of a declaration: of one name with its type, or of several that take a value apart."""
        decorators = self.annotations(node)
        for part in node.named_children:
            if part.kind_id not in _DECLARATION:
                continue
            several = part.type == "multi_variable_declaration"
            names = [self._declared(each) for each in (self.meant(part) if several else [part])]
            for place, (name, annotation) in enumerate(names):
                given = new_index(value, Literal(place)) if several and value is not None else value
                extent = self.extent(node)
                self.add_assignment(f"{prefix}{name}", given, extent, annotation=annotation, decorators=decorators)

    def _declared(self, node: Node) -> tuple[str, Value | None]:
        parts = self.meant(node)
        name = next((part for part in parts if part.kind_id == IDENTIFIER), None)
        written = next((part for part in parts if part.type in TYPES), None)
        return self.written(name) if name is not None else "", self.type_of(written) if written is not None else None

    def assignment(self, node: Node) -> None:
        value = self.expression(node.child_by_field_id(_RIGHT))
        left, written = node.child_by_field_id(_LEFT), node.child_by_field_id(_OPERATOR)
        operator = written.type.rstrip("=") if written is not None else ""
        if left is None:
            return
        if left.type == "index_expression":
            parts = self.meant(left)
            of = self.read(parts[0]) if parts else MISSING
            key = self.read(parts[1]) if len(parts) > 1 else MISSING
            target: str | Keyed | None = Keyed(f"{of.name}[]", key) if isinstance(of, Reference) else None
        else:
            of = self.read(left)
            target = of.name if isinstance(of, Reference) else None
        if isinstance(target, Keyed):
            self.add_assignment(target.name, value, self.extent(node), key=target.key, augmented=operator)
        elif target is not None:
            self.bare.add(len(self.assignments))
            self.add_assignment(target, value, self.extent(node), augmented=operator)

    def return_expression(self, node: Node) -> Value:
        """A return to a label leaves the lambda it stands in."""
        label = node.child_by_field_id(_LABEL)
        values = [self.expression(part) for part in self.meant(node) if part != label]
        self.add_exit("return", values[0] if values else None, node)
        return MISSING

    def throw_expression(self, node: Node) -> Value:
        values = [self.expression(part) for part in self.meant(node)]
        self.add_exit("raise", values[0] if values else None, node)
        return MISSING

    # blocks

    def if_expression(self, node: Node) -> Value:
        """A row of branches; where it gives a value, one of what they give."""
        first = -1
        values: list[Value] = []
        current: Node | None = node
        # A long row of `else if` nests in the tree, but is one choice.
        while current is not None and current.kind_id in _IF:
            condition = current.child_by_field_id(_CONDITION)
            then, otherwise = _ways(current)
            value = self.expression(condition)
            block = self.open_block()
            values.append(self.body(then))
            self.close_block(block, "branch", value, self.span(current, then or current), first)
            first = block if first < 0 else first
            current = otherwise
        if current is not None:
            block = self.open_block()
            values.append(self.body(current))
            self.close_block(block, "branch", None, self.extent(current), first)
        return combined.choice(*values) if len(values) > 1 else MISSING

    def when_expression(self, node: Node) -> Value:
        parts = self.meant(node)
        subject: Value = MISSING
        values: list[Value] = []
        first = -1
        for part in parts:
            if part.type == "when_subject":
                subject = self._subject(part)
            elif part.type == "when_entry":
                tests = part.children_by_field_id(_CONDITION)
                inner = [child for child in self.meant(part) if child not in tests]
                value = new_compute("match", (subject, *(self.expression(test) for test in tests))) if tests else None
                block = self.open_block()
                values.append(self.body(inner[-1] if inner else None))
                self.close_block(block, "branch", value, self.extent(part), first)
                first = block if first < 0 else first
        return combined.choice(*values) if len(values) > 1 else MISSING

    def _subject(self, node: Node) -> Value:
        """`when (val x = f())` names its subject too."""
        parts = self.meant(node)
        if len(parts) > 1 and parts[0].kind_id in _DECLARATION:
            value = self.expression(parts[-1])
            name, annotation = self._declared(parts[0])
            self.add_assignment(name, value, self.extent(node), annotation=annotation)
            return value
        return self.expression(parts[-1]) if parts else MISSING

    def for_statement(self, node: Node) -> None:
        parts = self.meant(node)
        names = [part for part in parts if part.kind_id in _DECLARATION]
        rest = [part for part in parts if part.kind_id not in _DECLARATION]
        over = self.expression(rest[0]) if rest else MISSING
        block = self.open_block()
        for part in names:
            several = part.type == "multi_variable_declaration"
            for place, each in enumerate(self.meant(part) if several else [part]):
                name, annotation = self._declared(each)
                value = new_index(new_element(over), Literal(place)) if several else new_element(over)
                self.add_assignment(name, value, self.extent(part), annotation=annotation)
        self.body(rest[-1] if len(rest) > 1 else None)
        self.close_block(block, "loop", over, self.extent(node))

    def while_statement(self, node: Node) -> None:
        condition = node.child_by_field_id(_CONDITION)
        block = self.open_block()
        value = self.expression(condition) if condition is not None else Literal(True)
        for part in self.meant(node):
            if part != condition:
                self.body(part)
        self.close_block(block, "while", value, self.extent(node))

    def try_expression(self, node: Node) -> Value:
        block = -1
        values: list[Value] = []
        for part in self.meant(node):
            if part.kind_id in _BLOCK:
                block = self.open_block()
                values.append(self.body(part))
                self.close_block(block, "try", None, self.extent(part))
            elif part.type == "catch_block":
                values.append(self._catch(part, block))
            elif part.type == "finally_block":
                last = self.open_block()
                self.body(self.meant(part)[-1] if self.meant(part) else None)
                self.close_block(last, "finally", None, self.extent(part), block)
        return combined.choice(*values) if len(values) > 1 else values[0] if values else MISSING

    def _catch(self, node: Node, of: int) -> Value:
        parts = self.meant(node)
        caught = next((self.type_of(part) for part in parts if part.type in TYPES), MISSING)
        block = self.open_block()
        if parts and parts[0].kind_id == IDENTIFIER:
            self.add_assignment(self.written(parts[0]), None, self.extent(parts[0]), annotation=caught)
        value = self.body(parts[-1] if parts and parts[-1].kind_id in _BLOCK else None)
        self.close_block(block, "except", caught, self.extent(node), of)
        return value


def _ways(node: Node) -> tuple[Node | None, Node | None]:
    """The two ways of an `if`: they have no names in the tree, and either may be missing."""
    then = otherwise = None
    closed = turned = False
    for child in node.children:
        if child.type == ")":
            closed = True
        elif child.type == "else":
            turned = True
        elif child.is_named and turned:
            otherwise = otherwise or child
        elif child.is_named and closed:
            then = then or child
    return then, otherwise


_NO_VALUE = frozenset({
    "assignment", "property_declaration", "for_statement", "while_statement", "do_while_statement", "return_expression",
    "throw_expression", "function_declaration", "class_declaration",
})  # fmt: skip
