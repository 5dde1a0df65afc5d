"""How Java's classes, interfaces, records, enums and their members read, and with them whole files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract.java_calls import CONSTRUCTOR, MODIFIERS
from commlint.extract.java_statements import Statements
from commlint.extract.java_values import COMMENTS, JAVA, field
from commlint.extract.quick import new_function, new_import
from commlint.extract.syntax import handlers, kinds
from commlint.extract.walker import MAX_BLOCK_DEPTH, Reader
from commlint.model.code import ParameterFacts, TypeFacts
from commlint.model.places import Extent
from commlint.model.values import Reference, Value

_INTERFACE = kinds(JAVA, "interface_declaration", "annotation_type_declaration")
_ARGUMENTS = field("arguments")
_BODY = field("body")
_DECLARATOR = field("declarator")
_INTERFACES = field("interfaces")
_NAME = field("name")
_PARAMETERS = field("parameters")
_SUPERCLASS = field("superclass")
_TYPE = field("type")
_VALUE = field("value")


class Definitions(Statements):
    """A walk over a whole Java file."""

    def __init__(self, path: str, source: bytes) -> None:
        super().__init__(path, source, EXPRESSIONS, STATEMENTS)
        self.package = ""
        self._components: tuple[ParameterFacts, ...] = ()

    # files

    def package_declaration(self, node: Node) -> None:
        name = node.named_child(node.named_child_count - 1)
        self.package = "".join(self.written(name).split()) if name is not None else ""

    def import_declaration(self, node: Node) -> None:
        """`import static a.B.c` brings in the member `c` of `a.B`, a star all there is."""
        parts = [child for child in node.named_children if child.kind_id not in COMMENTS]
        written = "".join(self.written(parts[0]).split()) if parts else ""
        module, _, name = written.rpartition(".")
        if parts and parts[-1].type == "asterisk":
            module, name = written, "*"
        if name:
            self.imports.append(new_import(name, module, name, 0, self.function, self.extent(node)))

    # types

    def type_declaration(self, node: Node) -> None:
        """A class, interface, enum, record or annotation type."""
        decorators = self.annotations(node)
        name, body = node.child_by_field_id(_NAME), node.child_by_field_id(_BODY)
        bases = self._bases(node)
        is_abstract = node.type in ("interface_declaration", "annotation_type_declaration") or self._is(
            node, "abstract"
        )
        components = self.parameters(node.child_by_field_id(_PARAMETERS)) if node.type == "record_declaration" else None
        index, qualified = self.open_type(self.written(name) if name is not None else "")
        extent = self._extent(node)
        if components is not None:
            self._record(components, body, extent)
        if body is not None:
            self.members(body)
        self.close_type(index, TypeFacts(qualified, bases, decorators, (), extent, is_abstract))

    def _bases(self, node: Node) -> tuple[Value, ...]:
        """The class and the interfaces that a type derives from, in the order written."""
        found: list[Value] = []
        for clause in node.named_children:
            if clause.type == "superclass":
                found.extend(self.type_of(child) for child in clause.named_children[:1])
            elif clause.type in ("super_interfaces", "extends_interfaces"):
                found.extend(self.type_of(child) for listed in clause.named_children for child in listed.named_children)
        return tuple(found)

    def members(self, body: Node) -> None:
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(body, "classes nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        statements = self.statements
        for child in body.named_children:
            statements[child.kind_id](self, child)
        self.depth -= 1

    def _record(self, components: tuple[ParameterFacts, ...], body: Node | None, extent: Extent) -> None:
        """The fields of a record, and the constructor that gives them their values unless one is written."""
        for each in components:
            self.add_assignment(each.name, None, extent, annotation=each.annotation, decorators=each.decorators)
        written = body.named_children if body is not None else []
        compact = next((child for child in written if child.type == "compact_constructor_declaration"), None)
        if compact is None and any(child.type == "constructor_declaration" for child in written):
            return
        index, qualified, owner = self.open_function(CONSTRUCTOR)
        if compact is not None:
            self.body(compact.child_by_field_id(_BODY))
        for each in components:
            self.add_assignment(f"this.{each.name}", Reference(each.name), extent)
        facts = new_function(qualified, owner, components, (), None, False, False, extent)
        self.close_function(index, facts)

    def enum_constant(self, node: Node) -> None:
        """`NAME(…)` is an object of the enum, with a body one of a class of its own."""
        name = node.child_by_field_id(_NAME)
        arguments = self.arguments(node.child_by_field_id(_ARGUMENTS))
        body = node.child_by_field_id(_BODY)
        of = Reference(self.prefix)
        made = of if body is None else Reference(self.nameless_type(node, body, of))
        value = self.add_call(made, arguments, node)
        if name is not None:
            self.add_assignment(self.written(name), value, self.extent(node), annotation=of)

    # members

    def field_declaration(self, node: Node) -> None:
        decorators = self.annotations(node)
        annotation = self.declared(node.child_by_field_id(_TYPE))
        for child in node.children_by_field_id(_DECLARATOR):
            name, value = child.child_by_field_id(_NAME), child.child_by_field_id(_VALUE)
            if name is not None:
                worth = self.expression(value) if value is not None else None
                self.add_assignment(
                    self.written(name), worth, self._extent(node), annotation=annotation, decorators=decorators
                )

    def method_declaration(self, node: Node) -> None:
        name = node.child_by_field_id(_NAME)
        self._function(node, self.written(name) if name is not None else "", node.child_by_field_id(_TYPE))

    def constructor_declaration(self, node: Node) -> None:
        self._function(node, CONSTRUCTOR, None)

    def _function(self, node: Node, name: str, returned: Node | None) -> None:
        decorators = self.annotations(node)
        parameters = self.parameters(node.child_by_field_id(_PARAMETERS))
        returns = self.declared(returned)
        index, qualified, owner = self.open_function(name)
        body = node.child_by_field_id(_BODY)
        self.body(body)
        extent = self._extent(node)
        facts = new_function(
            qualified, owner, parameters, decorators, returns, False, False, extent, is_abstract=body is None
        )
        self.close_function(index, facts)

    def _is(self, node: Node, word: str) -> bool:
        first = node.named_child(0)
        return first is not None and first.kind_id in MODIFIERS and any(each.type == word for each in first.children)

    def _extent(self, node: Node) -> Extent:
        """Where a definition stands, without its annotations."""
        parts = [child for child in node.children if child.kind_id not in MODIFIERS and child.kind_id not in COMMENTS]
        return self.span(parts[0] if parts else node, node)


EXPRESSIONS: dict[int, Reader] = handlers(
    JAVA,
    {
        "annotation": Definitions.annotation,
        "array_access": Definitions.array_access,
        "array_creation_expression": Definitions.array_creation_expression,
        "array_initializer": Definitions.array_initializer,
        "assignment_expression": Definitions.assignment_expression,
        "binary_expression": Definitions.binary_expression,
        "binary_integer_literal": Definitions.number,
        "block_comment": Definitions.comment,
        "cast_expression": Definitions.cast_expression,
        "character_literal": Definitions.string,
        "class_literal": Definitions.class_literal,
        "decimal_floating_point_literal": Definitions.number,
        "decimal_integer_literal": Definitions.number,
        "element_value_array_initializer": Definitions.array_initializer,
        "explicit_constructor_invocation": Definitions.explicit_constructor_invocation,
        "false": Definitions.false,
        "field_access": Definitions.field_access,
        "hex_floating_point_literal": Definitions.number,
        "hex_integer_literal": Definitions.number,
        "identifier": Definitions.identifier,
        "instanceof_expression": Definitions.instanceof_expression,
        "lambda_expression": Definitions.lambda_expression,
        "line_comment": Definitions.comment,
        "marker_annotation": Definitions.annotation,
        "method_invocation": Definitions.method_invocation,
        "method_reference": Definitions.method_reference,
        "null_literal": Definitions.null_literal,
        "object_creation_expression": Definitions.object_creation_expression,
        "octal_integer_literal": Definitions.number,
        "parenthesized_expression": Definitions.read_first,
        "string_literal": Definitions.string,
        "super": Definitions.identifier,
        "switch_expression": Definitions.switch_expression,
        "ternary_expression": Definitions.ternary_expression,
        "this": Definitions.identifier,
        "true": Definitions.true,
        "unary_expression": Definitions.unary_expression,
        "update_expression": Definitions.update_expression,
    },
    Definitions.otherwise,
)


STATEMENTS: dict[int, Callable[[Any, Node], None]] = handlers(
    JAVA,
    {
        "ERROR": Definitions.nested,
        "annotation_type_declaration": Definitions.type_declaration,
        "assert_statement": Definitions.parts,
        "block": Definitions.nested,
        "block_comment": Definitions.skip,
        "break_statement": Definitions.break_statement,
        "class_declaration": Definitions.type_declaration,
        "constant_declaration": Definitions.field_declaration,
        "constructor_declaration": Definitions.constructor_declaration,
        "continue_statement": Definitions.continue_statement,
        "do_statement": Definitions.while_statement,
        "enhanced_for_statement": Definitions.enhanced_for_statement,
        "enum_body_declarations": Definitions.members,
        "enum_constant": Definitions.enum_constant,
        "enum_declaration": Definitions.type_declaration,
        "expression_statement": Definitions.expression_statement,
        "field_declaration": Definitions.field_declaration,
        "for_statement": Definitions.for_statement,
        "if_statement": Definitions.if_statement,
        "import_declaration": Definitions.import_declaration,
        "interface_declaration": Definitions.type_declaration,
        "labeled_statement": Definitions.nested,
        "line_comment": Definitions.skip,
        "local_variable_declaration": Definitions.local_variable_declaration,
        "method_declaration": Definitions.method_declaration,
        "package_declaration": Definitions.package_declaration,
        "record_declaration": Definitions.type_declaration,
        "return_statement": Definitions.return_statement,
        "static_initializer": Definitions.nested,
        "switch_expression": Definitions.loose,
        "synchronized_statement": Definitions.synchronized_statement,
        "throw_statement": Definitions.throw_statement,
        "try_statement": Definitions.try_statement,
        "try_with_resources_statement": Definitions.try_statement,
        "while_statement": Definitions.while_statement,
        "yield_statement": Definitions.yield_statement,
        "compact_constructor_declaration": Definitions.skip,
        "module_declaration": Definitions.skip,
        "annotation_type_element_declaration": Definitions.skip,
        ";": Definitions.skip,
    },
    Definitions.loose,
)
