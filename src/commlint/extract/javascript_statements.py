"""How the statements of JavaScript and TypeScript read: names given values, what runs under which condition."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract.javascript_functions import Functions
from commlint.extract.javascript_grammar import CLASSES, EXTRAS, FUNCTIONS, first_of, parts_of
from commlint.extract.quick import new_compute, new_element, new_import
from commlint.extract.walker import MAX_BLOCK_DEPTH
from commlint.model.values import Attribute, CallResult, Compute, Reference, Value


class Statements(Functions):
    """A walk over a whole file. A method whose name is that of a kind of node reads such a statement."""

    def body(self, node: Node | None) -> None:
        if node is None:
            return
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(node, "blocks nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        if node.type in ("statement_block", "program", "class_static_block", "ERROR"):
            statements = self.statements
            for child in node.named_children:
                statements[child.kind_id](self, child)
        else:
            self.statements[node.kind_id](self, node)
        self.depth -= 1

    def skip(self, node: Node) -> None:
        """A statement that says nothing."""

    def loose(self, node: Node) -> None:
        """An expression where a statement is expected, as after a syntax error."""
        self.expression(node)

    def expression_statement(self, node: Node) -> None:
        for child in node.named_children:
            if child.type in EXTRAS or child.type == "string":
                continue
            value = self.expression(child)
            if value.__class__ is CallResult:
                self.calls[value.call].used = False
                if child.type == "call_expression":
                    self._drop(value.call)

    def _drop(self, number: int) -> None:
        """A call that stands alone: neither what it promises is waited for, nor what `then` makes of that."""
        while number >= 0:
            self.calls[number].dropped = True
            number = self.promised.get(number, -1)

    # names given values

    def lexical_declaration(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "variable_declarator":
                self._declarator(child)

    def _declarator(self, node: Node) -> None:
        parts = node.children
        name, value, annotated = parts[0], parts[-1] if len(parts) > 2 else None, None
        if len(parts) != 3:
            value, annotated = node.child_by_field_name("value"), node.child_by_field_name("type")
        annotation = self.annotation(annotated) if annotated is not None else None
        if name.type == "identifier":
            self.declare(self.written(name))
        if value is None:
            if name.type == "identifier" and annotation is not None:
                self.add_assignment(self.written(name), None, self.extent(node), annotation=annotation)
            return
        if name.type == "identifier":
            text = self.written(name)
            if value.type in FUNCTIONS:
                self.define(value, text, self.extent(node))
            elif value.type in CLASSES:
                self.class_value(value, text)
            elif not self._asked_for(name, value):
                worth = self.expression(value)
                self.add_assignment(text, worth, self.span(node, node), annotation=annotation)
        elif not self._asked_for(name, value):
            self.take_apart(name, self.expression(value), self.extent(node), declares=True)

    def _asked_for(self, name: Node, value: Node) -> bool:
        """Whether this is `const a = require("m")` or `const {a, b: c} = require("m")`, which bring in names."""
        raw = self.raw[value.start_byte : value.end_byte]
        if "require" not in raw and "import" not in raw:
            return False
        while value.type in ("await_expression", "parenthesized_expression") and value.named_child_count == 1:
            value = first_of(value) or value
        part = None
        if value.type == "member_expression" and name.type == "identifier":
            named = value.child_by_field_name("property")
            part = self.written(named) if named is not None else None
            value = value.child_by_field_name("object") or value
        if value.type != "call_expression":
            return False
        function = value.child_by_field_name("function")
        if function is None or self.written(function) not in ("require", "import"):
            return False
        module = self.module_of(value.child_by_field_name("arguments"))
        brought = self._brought(name, part) if module else None
        if brought is None:
            return False
        extent = self.extent(value)
        for local, original in brought:
            self.imports.append(new_import(local, module, original, 0, self.function, extent))
        return True

    def _brought(self, name: Node, part: str | None) -> list[tuple[str, str | None]] | None:
        """(name here, name there) of what a pattern takes from a module; None when it is no plain pattern."""
        if name.type == "identifier":
            return [(self.written(name), part)]
        found: list[tuple[str, str | None]] = []
        for child in parts_of(name) if name.type == "object_pattern" else ():
            key, local = child.child_by_field_name("key"), child.child_by_field_name("value")
            if child.type == "shorthand_property_identifier_pattern":
                found.append((self.written(child), self.written(child)))
            elif key is not None and local is not None and local.type == "identifier":
                found.append((self.written(local), self.written(key)))
            else:
                return None
        return found or None

    # ways out

    def return_statement(self, node: Node) -> None:
        self._exit("return", node)

    def throw_statement(self, node: Node) -> None:
        self._exit("raise", node)

    def break_statement(self, node: Node) -> None:
        self.add_exit("break", None, node)

    def continue_statement(self, node: Node) -> None:
        self.add_exit("continue", None, node)

    def _exit(self, kind: str, node: Node) -> None:
        first = first_of(node)
        self.add_exit(kind, self.expression(first) if first is not None else None, node)

    # blocks

    def if_statement(self, node: Node) -> None:
        first = -1
        current: Node | None = node
        while current is not None:
            condition = current.child_by_field_name("condition") if current.type == "if_statement" else None
            value = self.expression(condition) if condition is not None else None
            chosen = current.child_by_field_name("consequence") if condition is not None else current
            block = self.open_block()
            self.body(chosen)
            self.close_block(block, "branch", value, self.span(current, chosen or current), first)
            first = block if first < 0 else first
            otherwise = current.child_by_field_name("alternative") if condition is not None else None
            current = first_of(otherwise) if otherwise is not None else None

    def switch_statement(self, node: Node) -> None:
        subject = self.expression(node.child_by_field_name("value"))
        body = node.child_by_field_name("body")
        first = -1
        for case in body.named_children if body is not None else ():
            if case.type not in ("switch_case", "switch_default"):
                continue
            tested = case.child_by_field_name("value")
            value: Value | None = new_compute("match", (subject, self.expression(tested))) if tested else None
            block = self.open_block()
            for child in case.children_by_field_name("body"):
                if child.is_named:
                    self.body(child)
            self.close_block(block, "branch", value, self.extent(case), first)
            first = block if first < 0 else first

    def for_in_statement(self, node: Node) -> None:
        left = node.child_by_field_name("left")
        value = self.expression(node.child_by_field_name("right"))
        body = node.child_by_field_name("body")
        block = self.open_block()
        self.take_apart(left, new_element(value), declares=True)
        self.body(body)
        self.close_block(block, "loop", value, self.span(node, body or node))

    def for_statement(self, node: Node) -> None:
        """A loop that counts: over the elements of what it asks the length of, else like a while loop."""
        first = node.child_by_field_name("initializer")
        if first is not None:
            self.body(first)
        block = self.open_block()
        condition = node.child_by_field_name("condition")
        value = self.expression(condition) if condition is not None else None
        step = node.child_by_field_name("increment")
        if step is not None:
            self.expression(step)
        body = node.child_by_field_name("body")
        self.body(body)
        counted = _counted(value)
        kind = "while" if counted is None else "loop"
        self.close_block(block, kind, value if counted is None else counted, self.span(node, body or node))

    def while_statement(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        block = self.open_block()
        value = self.expression(node.child_by_field_name("condition"))
        self.body(body)
        self.close_block(block, "while", value, self.span(node, body or node))

    def try_statement(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        block = self.open_block()
        self.body(body)
        self.close_block(block, "try", None, self.span(node, body or node))
        for name, kind in (("handler", "except"), ("finalizer", "finally")):
            clause = node.child_by_field_name(name)
            if clause is not None:
                inside = self.open_block()
                self.body(clause.child_by_field_name("body"))
                self.close_block(inside, kind, None, self.extent(clause), block)

    def labeled_statement(self, node: Node) -> None:
        self.body(node.child_by_field_name("body"))

    # imports

    def import_statement(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        clause = next((child for child in node.named_children if child.type.startswith("import_")), None)
        if source is None and clause is not None:
            source = clause.child_by_field_name("source")
        module = self.read(source)
        text = str(getattr(module, "value", ""))
        if not text:
            return
        extent = self.extent(node)
        names = list(self._imported(clause)) if clause is not None else [("", None)]
        for local, name in names:
            self.imports.append(new_import(local, text, name, 0, self.function, extent))

    def _imported(self, clause: Node) -> list[tuple[str, str | None]]:
        """(name here, name there) of an import clause; no name there is the module itself."""
        if clause.type == "import_require_clause":
            return [(self.written(clause.named_children[0]), None)]
        found: list[tuple[str, str | None]] = []
        for child in clause.named_children:
            if child.type == "identifier":
                found.append((self.written(child), "default"))
            elif child.type == "namespace_import":
                named = first_of(child)
                found.append((self.written(named) if named is not None else "", None))
            elif child.type == "named_imports":
                found.extend(self.specifier(each) for each in child.named_children if each.type == "import_specifier")
        return found

    def specifier(self, node: Node) -> tuple[str, str]:
        """(name here, name there) of one name in the braces of an import or export."""
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        there = self.written(name).strip("\"'") if name is not None else ""
        return (self.written(alias).strip("\"'") if alias is not None else there), there


def _counted(value: Value | None) -> Value | None:
    """What a loop goes through whose test compares with the length of something."""
    last = value.operands[-1] if isinstance(value, Compute) and value.operator in ("<", "<=", "!=") else None
    if isinstance(last, Reference) and last.name.endswith(".length"):
        return Reference(last.name.removesuffix(".length"))
    return last.of if isinstance(last, Attribute) and last.name == "length" else None
