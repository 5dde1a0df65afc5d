"""How the classes, interfaces and exports of JavaScript and TypeScript read; the whole walk stands here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from commlint.extract.javascript_grammar import (
    CLASSES,
    FUNCTIONS,
    JAVASCRIPT,
    TSX,
    TYPESCRIPT,
    Grammar,
    Statement,
    first_of,
    grammar,
    has,
    parts_of,
)
from commlint.extract.javascript_statements import Statements
from commlint.extract.quick import new_function, new_import, new_literal
from commlint.extract.walker import Reader
from commlint.model.code import TypeFacts
from commlint.model.values import Reference, Value

STATIC, PROPERTY = Reference("static"), Reference("property")
_MODIFIERS = frozenset({"accessibility_modifier", "override_modifier", "readonly"})
# What calls nothing, so that it may be read twice.
_WRITTEN = frozenset({"identifier", "member_expression", "number", "string"})


class Definitions(Statements):
    """A walk over a whole file."""

    def function_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.written(name) if name is not None else "default", self.extent(node))

    # classes

    def class_expression(self, node: Node) -> Value:
        name = node.child_by_field_name("name")
        extent = self.extent(node)
        nameless = f"<class@{extent.start_line}:{extent.start_column}>"
        return self.class_value(node, self.written(name) if name is not None else nameless)

    def class_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.class_value(node, self.written(name) if name is not None else "default")

    def class_value(self, node: Node, name: str, decorators: tuple[Value, ...] = ()) -> Value:
        decorators = (*decorators, *self.decorators(node))
        bases = self._bases(node)
        index, qualified = self.open_type(name)
        waiting: list[Value] = []
        body = node.child_by_field_name("body")
        for child in body.named_children if body is not None else ():
            if child.type == "decorator":
                waiting.append(self.expression(first_of(child)))
            elif child.type != "comment":
                self._member(child, tuple(waiting))
                waiting.clear()
        is_abstract = node.type == "abstract_class_declaration"
        self.close_type(index, TypeFacts(qualified, bases, decorators, (), self.extent(node), is_abstract))
        return self.references[qualified.rpartition(".")[2]]

    def _bases(self, node: Node) -> tuple[Value, ...]:
        """What a class extends and implements, or an interface extends."""
        found: list[Value] = []
        for heritage in node.named_children:
            if heritage.type == "class_heritage":
                for clause in heritage.named_children:
                    if clause.type == "extends_clause":
                        found.append(self.expression(clause.child_by_field_name("value")))
                    elif clause.type == "implements_clause":
                        found.extend(self.annotation(each) for each in parts_of(clause))
                    else:
                        found.append(self.expression(clause))
            elif heritage.type == "extends_type_clause":
                found.extend(self.annotation(each) for each in parts_of(heritage))
        return tuple(found)

    def _member(self, node: Node, decorators: tuple[Value, ...]) -> None:
        """One member of the body of a class or interface."""
        named = node.child_by_field_name("name") or node.child_by_field_name("property")
        name = self.written(named).strip("\"'`").lstrip("#") if named is not None else ""
        if node.type == "class_static_block":
            self.body(node.child_by_field_name("body"))
        elif not name.isidentifier() and not name.replace("$", "_").isidentifier():
            self.read_all(node)
        elif node.type == "method_definition":
            marks = [mark for word, mark in (("static", STATIC), ("get", PROPERTY)) if has(node, word)]
            self.define(node, name, self.extent(node), (*marks, *self.decorators(node), *decorators), owner=True)
        elif node.type in ("method_signature", "abstract_method_signature", "function_signature"):
            self._signature(node, name)
        else:
            self._field(node, name, (*self.decorators(node), *decorators))

    def _signature(self, node: Node, name: str) -> None:
        """A method without a body; that of an overload gives way to the body that follows."""
        following = node.next_named_sibling
        if node.type == "function_signature" or (following is not None and following.type == "method_definition"):
            same = following.child_by_field_name("name") if following is not None else None
            if same is not None and self.written(same) == name:
                return
        parameters, _ = self.parameters(node.child_by_field_name("parameters"))
        annotated = node.child_by_field_name("return_type")
        returns = self.annotation(annotated) if annotated is not None else None
        index, qualified, owner = self.open_function(name)
        extent = self.extent(node)
        self.close_function(
            index, new_function(qualified, owner, parameters, (), returns, False, False, extent, is_abstract=True)
        )

    def _field(self, node: Node, name: str, decorators: tuple[Value, ...]) -> None:
        value = node.child_by_field_name("value")
        annotated = node.child_by_field_name("type")
        annotation = self.annotation(annotated) if annotated is not None else None
        decorators = (STATIC, *decorators) if has(node, "static") else decorators
        if value is not None and value.type in FUNCTIONS:
            self.define(value, name, self.extent(node), decorators, owner=True)
            return
        worth = self.expression(value) if value is not None else None
        if worth is not None or annotation is not None:
            self.add_assignment(name, worth, self.extent(node), annotation=annotation, decorators=decorators)

    def prologue(self, node: Node, patterns: list[tuple[Node, Value]]) -> None:
        """Parameters of a constructor that are fields as well: `constructor(private readonly http: Http)`."""
        super().prologue(node, patterns)
        listed = node.child_by_field_name("parameters") if node.type == "method_definition" else None
        for child in listed.named_children if listed is not None else ():
            named = child.child_by_field_name("pattern")
            if named is not None and any(part.type in _MODIFIERS for part in child.children):
                text = self.written(named)
                annotated = child.child_by_field_name("type")
                annotation = self.annotation(annotated) if annotated is not None else None
                extent = self.extent(child)
                self.add_assignment(f"this.{text}", self.references[text], extent, annotation=annotation)

    def interface_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        bases = self._bases(node)
        index, qualified = self.open_type(self.written(name) if name is not None else "")
        body = node.child_by_field_name("body")
        for child in parts_of(body) if body is not None else ():
            if child.type in ("method_signature", "property_signature"):
                self._member(child, ())
        self.close_type(index, TypeFacts(qualified, bases, (), (), self.extent(node), True))

    def enum_declaration(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        index, qualified = self.open_type(self.written(name) if name is not None else "")
        body = node.child_by_field_name("body")
        for place, child in enumerate(parts_of(body) if body is not None else ()):
            named = child.child_by_field_name("name") if child.type == "enum_assignment" else child
            value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
            if named is not None:
                worth = self.expression(value) if value is not None else new_literal(place)
                self.add_assignment(self.written(named).strip("\"'"), worth, self.extent(child))
        self.close_type(index, TypeFacts(qualified, (), (), (), self.extent(node)))

    def namespace(self, node: Node) -> None:
        body, name = node.child_by_field_name("body"), node.child_by_field_name("name")
        self.body(body)
        constants = list(_constants(body)) if name is not None and body is not None else []
        if name is not None and constants:
            # Others ask for them by the name of the namespace, as they ask for members of an enum.
            index, qualified = self.open_type(self.written(name))
            for named, value in constants:
                self.add_assignment(self.written(named), self.expression(value), self.extent(named))
            self.close_type(index, TypeFacts(qualified, (), (), (), self.extent(node)))

    # exports

    def export_statement(self, node: Node) -> None:
        source = node.child_by_field_name("source")
        if source is not None:
            self._passed_on(node, str(getattr(self.read(source), "value", "")))
            return
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        if declaration is not None:
            if declaration.type in CLASSES:
                self._exported_class(declaration, self.decorators(node))
            else:
                self.statements[declaration.kind_id](self, declaration)
            named = declaration.child_by_field_name("name")
            if has(node, "default") and named is not None:
                self._export("default", self.references[self.written(named)], node)
        elif value is not None:
            self._default(value, node)
        elif has(node, "="):
            self._export("module.exports", self.expression(first_of(node)), node)
        for clause in node.named_children:
            if clause.type == "export_clause":
                for each in clause.named_children:
                    local, name = self.specifier(each) if each.type == "export_specifier" else ("", "")
                    if name and local != name:
                        self._export(local, self.references[name], each)

    def _exported_class(self, node: Node, decorators: tuple[Value, ...]) -> None:
        name = node.child_by_field_name("name")
        self.class_value(node, self.written(name) if name is not None else "default", decorators)

    def _default(self, value: Node, node: Node) -> None:
        if value.type in FUNCTIONS and value.child_by_field_name("name") is None:
            self.define(value, "default", self.extent(node))
        elif value.type in CLASSES and value.child_by_field_name("name") is None:
            self.class_value(value, "default")
        else:
            self._export("default", self.expression(value), node)

    def _export(self, name: str, value: Value, node: Node) -> None:
        self.add_assignment(name, value, self.extent(node))

    def _passed_on(self, node: Node, module: str) -> None:
        """`export … from "module"`."""
        extent = self.extent(node)
        names: list[tuple[str, str | None]] = []
        for child in node.named_children:
            if child.type == "export_clause":
                names.extend(self.specifier(each) for each in child.named_children if each.type == "export_specifier")
            elif child.type == "namespace_export":
                named = first_of(child)
                names.append((self.written(named) if named is not None else "", None))
        if not names and has(node, "*"):
            names.append(("*", "*"))
        self.imports.extend(new_import(local, module, name, 0, self.function, extent) for local, name in names)


def _constants(body: Node) -> Iterator[tuple[Node, Node]]:
    """Name and value of what a namespace gives others that is written out: texts, numbers, other names."""
    for exported in parts_of(body):
        declared = exported.child_by_field_name("declaration") if exported.type == "export_statement" else None
        for each in parts_of(declared) if declared is not None and declared.type == "lexical_declaration" else ():
            name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
            if name is not None and name.type == "identifier" and value is not None and value.type in _WRITTEN:
                yield name, value


READERS: Mapping[str, Reader] = {
    "abstract_class_declaration": Definitions.class_expression,
    "array": Definitions.array,
    "arrow_function": Definitions.arrow_function,
    "as_expression": Definitions.read_first,
    "assignment_expression": Definitions.assignment_expression,
    "augmented_assignment_expression": Definitions.augmented_assignment_expression,
    "await_expression": Definitions.await_expression,
    "binary_expression": Definitions.binary_expression,
    "call_expression": Definitions.call_expression,
    "class": Definitions.class_expression,
    "class_declaration": Definitions.class_expression,
    "comment": Definitions.nothing,
    "false": Definitions.false,
    "function_expression": Definitions.arrow_function,
    "generator_function": Definitions.arrow_function,
    "html_comment": Definitions.nothing,
    "identifier": Definitions.identifier,
    "instantiation_expression": Definitions.read_first,
    "jsx_text": Definitions.nothing,
    "member_expression": Definitions.member_expression,
    "new_expression": Definitions.new_expression,
    "non_null_expression": Definitions.read_first,
    "null": Definitions.null,
    "number": Definitions.number,
    "object": Definitions.object,
    "optional_chain": Definitions.nothing,
    "parenthesized_expression": Definitions.read_first,
    "private_property_identifier": Definitions.identifier,
    "property_identifier": Definitions.nothing,
    "regex": Definitions.regex,
    "satisfies_expression": Definitions.read_first,
    "sequence_expression": Definitions.sequence_expression,
    "shorthand_property_identifier": Definitions.identifier,
    "spread_element": Definitions.read_first,
    "string": Definitions.string,
    "subscript_expression": Definitions.subscript_expression,
    "super": Definitions.identifier,
    "template_string": Definitions.template_string,
    "ternary_expression": Definitions.ternary_expression,
    "this": Definitions.identifier,
    "true": Definitions.true,
    "type_annotation": Definitions.nothing,
    "type_arguments": Definitions.nothing,
    "type_assertion": Definitions.read_first,
    "type_parameters": Definitions.nothing,
    "unary_expression": Definitions.unary_expression,
    "undefined": Definitions.null,
    "update_expression": Definitions.otherwise,
    "yield_expression": Definitions.yield_expression,
}

STATEMENTS: Mapping[str, Statement] = {
    "ERROR": Definitions.body,
    "abstract_class_declaration": Definitions.class_declaration,
    "ambient_declaration": Definitions.skip,
    "break_statement": Definitions.break_statement,
    "class_declaration": Definitions.class_declaration,
    "comment": Definitions.skip,
    "continue_statement": Definitions.continue_statement,
    "debugger_statement": Definitions.skip,
    "do_statement": Definitions.while_statement,
    "empty_statement": Definitions.skip,
    "enum_declaration": Definitions.enum_declaration,
    "export_statement": Definitions.export_statement,
    "expression_statement": Definitions.expression_statement,
    "for_in_statement": Definitions.for_in_statement,
    "for_statement": Definitions.for_statement,
    "function_declaration": Definitions.function_declaration,
    "function_signature": Definitions.skip,
    "generator_function_declaration": Definitions.function_declaration,
    "hash_bang_line": Definitions.skip,
    "html_comment": Definitions.skip,
    "if_statement": Definitions.if_statement,
    "import_statement": Definitions.import_statement,
    "interface_declaration": Definitions.interface_declaration,
    "internal_module": Definitions.namespace,
    "labeled_statement": Definitions.labeled_statement,
    "lexical_declaration": Definitions.lexical_declaration,
    "module": Definitions.namespace,
    "return_statement": Definitions.return_statement,
    "statement_block": Definitions.body,
    "switch_statement": Definitions.switch_statement,
    "throw_statement": Definitions.throw_statement,
    "try_statement": Definitions.try_statement,
    "type_alias_declaration": Definitions.skip,
    "variable_declaration": Definitions.lexical_declaration,
    "while_statement": Definitions.while_statement,
    "with_statement": Definitions.namespace,
}

GRAMMARS: dict[str, Grammar] = {
    name: grammar(language, READERS, Definitions.otherwise, STATEMENTS, Definitions.loose)
    for name, language in (("javascript", JAVASCRIPT), ("typescript", TYPESCRIPT), ("tsx", TSX))
}
