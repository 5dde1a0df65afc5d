"""How Kotlin's classes, objects, functions and properties read, and with them whole files."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract.kotlin_calls import CONSTRUCTOR
from commlint.extract.kotlin_statements import Statements
from commlint.extract.kotlin_values import IDENTIFIER, KOTLIN, TYPES, field
from commlint.extract.quick import new_function, new_import
from commlint.extract.syntax import handlers
from commlint.extract.walker import MAX_BLOCK_DEPTH, Reader
from commlint.model.code import Argument, ParameterFacts, TypeFacts
from commlint.model.places import Extent
from commlint.model.values import Reference, Value

_NAME = field("name")
_PROPERTY = (Reference("property"),)


class Definitions(Statements):
    """A walk over a whole Kotlin file."""

    def __init__(self, path: str, source: bytes) -> None:
        super().__init__(path, source, READERS)
        self.package = ""

    def file(self, root: Node) -> None:
        """Read the declarations and, in a script, the statements of a file."""
        self.statements(self.meant(root))

    def package_header(self, node: Node) -> None:
        self.package = "".join(self.written(part) for part in self.meant(node)).replace("`", "").replace(" ", "")

    def import_(self, node: Node) -> None:
        """`import a.b.C as D`, `import a.b.*`."""
        parts = self.meant(node)
        written = "".join(self.written(parts[0]).split()).replace("`", "") if parts else ""
        alias = self.written(parts[1]) if len(parts) > 1 else ""
        module, _, name = written.rpartition(".")
        if any(child.type == "*" for child in node.children):
            module, name = written, "*"
        if name:
            self.imports.append(new_import(alias or name, module, name, 0, self.function, self.extent(node)))

    # types

    def class_declaration(self, node: Node) -> None:
        """A class or interface, with its primary constructor."""
        name = node.child_by_field_id(_NAME)
        parts = {part.type: part for part in self.meant(node)}
        decorators = self.annotations(node)
        bases, given = self.bases(parts.get("delegation_specifiers"))
        is_interface = any(child.type == "interface" for child in node.children)
        is_abstract = is_interface or self.says(node, "abstract") or self.says(node, "sealed")
        index, qualified = self.open_type(self.written(name) if name is not None else "")
        body = parts.get("class_body") or parts.get("enum_class_body")
        self._class_body(parts.get("primary_constructor"), body, given, node, is_interface)
        facts = TypeFacts(qualified, bases, decorators, (), self._extent(node), is_abstract)
        self.close_type(index, facts)

    def object_declaration(self, node: Node) -> None:
        self.class_declaration(node)

    def companion_object(self, node: Node) -> None:
        """What a companion holds is found by the name of the class around it."""
        self.members(next((part for part in self.meant(node) if part.type == "class_body"), None))

    def _class_body(
        self,
        constructor: Node | None,
        body: Node | None,
        given: tuple[tuple[Argument, ...], ...],
        node: Node,
        is_interface: bool,
    ) -> None:
        """Fields and initializers run in the primary constructor and see its parameters."""
        members = self.meant(body) if body is not None else []
        properties = [part for part in members if part.type == "property_declaration"]
        starting = [part for part in members if part.type == "anonymous_initializer"]
        parameters, kept = self._primary(constructor)
        for each in kept:
            self.add_assignment(
                each.name, None, self.extent(node), annotation=each.annotation, decorators=each.decorators
            )
        if is_interface or not (constructor is not None or starting or given):
            for part in properties:
                self.property_member(part)
            self.members(body, without=frozenset({"property_declaration"}))
            return
        for part in properties:
            self.declare(part, None)
        index, qualified, owner = self.open_function(CONSTRUCTOR)
        for arguments in given:
            self.add_call(Reference(f"super.{CONSTRUCTOR}"), arguments, node)
        for each in kept:
            self.add_assignment(f"this.{each.name}", Reference(each.name), self.extent(node))
        for part in sorted((*properties, *starting), key=lambda part: part.start_byte):
            self._starts(part)
        facts = new_function(qualified, owner, parameters, self._injected(constructor), None, False, False,
                             self.extent(constructor or node))  # fmt: skip
        self.close_function(index, facts)
        for part in properties:
            self._accessors(part)
        self.members(body, without=frozenset({"property_declaration", "anonymous_initializer"}))

    def _injected(self, constructor: Node | None) -> tuple[Value, ...]:
        return self.annotations(constructor) if constructor is not None else ()

    def _starts(self, node: Node) -> None:
        """A field or an `init` block as the constructor runs it."""
        if node.type == "anonymous_initializer":
            for part in self.meant(node):
                self.body(part)
            return
        value = self.assigned(node)
        if value is not None:
            self.declare(node, value, "this.")

    def _primary(self, node: Node | None) -> tuple[tuple[ParameterFacts, ...], tuple[ParameterFacts, ...]]:
        """The parameters of a primary constructor, and those of them that are fields too."""
        listed = next((part for part in self.meant(node) if part.type == "class_parameters"), None) if node else None
        parameters: list[ParameterFacts] = []
        kept: list[ParameterFacts] = []
        for part in self.meant(listed) if listed is not None else ():
            if part.type != "class_parameter":
                continue
            found = self.parameter(part, (), "variadic" if self.says(part, "vararg") else "positional")
            parameters.append(found)
            if any(child.type in ("val", "var") for child in part.children):
                kept.append(found)
        return tuple(parameters), tuple(kept)

    def members(self, node: Node | None, without: frozenset[str] = frozenset()) -> None:
        if node is None:
            return
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(node, "classes nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        for part in self.meant(node):
            if part.type in without:
                continue
            if part.type == "property_declaration":
                self.property_member(part)
            else:
                self.readers[part.kind_id](self, part)
        self.depth -= 1

    def property_member(self, node: Node) -> None:
        """A field of a class; one with a getter is what that gives."""
        self.declare(node, self.assigned(node))
        self._accessors(node)

    def _accessors(self, node: Node) -> None:
        """The getter of a property as a function without parameters."""
        getter = next((part for part in self.meant(node) if part.type == "getter"), None)
        declared = next((part for part in self.meant(node) if part.type == "variable_declaration"), None)
        body = next((part for part in self.meant(getter) if part.type == "function_body"), None) if getter else None
        if body is None or declared is None:
            return
        name, annotation = self._declared(declared)
        index, qualified, owner = self.open_function(name)
        self.function_body(body)
        extent = self.extent(node)
        self.close_function(index, new_function(qualified, owner, (), _PROPERTY, annotation, False, False, extent))

    def enum_entry(self, node: Node) -> None:
        """`NAME(…)` is an object of the enum."""
        parts = self.meant(node)
        name = next((part for part in parts if part.kind_id == IDENTIFIER), None)
        arguments = next((part for part in parts if part.type == "value_arguments"), None)
        of = Reference(self.prefix)
        value = self.add_call(of, self.arguments(arguments), node)
        if name is not None:
            self.add_assignment(self.written(name), value, self.extent(node), annotation=of)

    # functions

    def function_declaration(self, node: Node) -> None:
        name = node.child_by_field_id(_NAME)
        self._function(node, self.written(name).replace("`", "") if name is not None else "")

    def secondary_constructor(self, node: Node) -> None:
        self._function(node, CONSTRUCTOR)

    def _function(self, node: Node, name: str) -> None:
        decorators = self.annotations(node)
        listed = body = returns = delegated = None
        for part in self.meant(node):
            if part.type == "function_value_parameters":
                listed = part
            elif part.type in ("function_body", "block"):
                body = part
            elif part.type == "constructor_delegation_call":
                delegated = part
            elif listed is not None and part.type in TYPES:
                returns = part
        parameters = self.parameters(listed)
        annotation = self.type_of(returns) if returns is not None else None
        index, qualified, owner = self.open_function(name)
        if delegated is not None:
            self._delegated(delegated)
        if body is not None and body.type == "block":
            self.statements(self.meant(body))
        else:
            self.function_body(body)
        is_async = self.says(node, "suspend")
        facts = new_function(
            qualified, owner, parameters, decorators, annotation, is_async, False, self._extent(node),
            is_abstract=body is None and name != CONSTRUCTOR,
        )  # fmt: skip
        self.close_function(index, facts)

    def _delegated(self, node: Node) -> None:
        """`: this(…)` and `: super(…)` of a secondary constructor."""
        word = "super" if any(child.type == "super" for child in node.children) else "this"
        listed = next((part for part in self.meant(node) if part.type == "value_arguments"), None)
        self.add_call(Reference(f"{word}.{CONSTRUCTOR}"), self.arguments(listed), node)

    def skip(self, node: Node) -> None:
        """What says nothing of how services communicate."""

    def _extent(self, node: Node) -> Extent:
        """Where a definition stands, without its annotations."""
        parts = [child for child in node.children if child.type not in ("modifiers", "line_comment", "block_comment")]
        return self.span(parts[0] if parts else node, node)


READERS: dict[int, Reader] = handlers(
    KOTLIN,
    {
        "ERROR": Definitions.otherwise,
        "annotated_lambda": Definitions.annotated_lambda,
        "anonymous_function": Definitions.anonymous_function,
        "as_expression": Definitions.as_expression,
        "assignment": Definitions.assignment,
        "binary_expression": Definitions.binary_expression,
        "block": Definitions.loose_block,
        "block_comment": Definitions.comment,
        "call_expression": Definitions.call_expression,
        "callable_reference": Definitions.callable_reference,
        "character_literal": Definitions.character,
        "class_declaration": Definitions.class_declaration,
        "collection_literal": Definitions.collection_literal,
        "companion_object": Definitions.companion_object,
        "do_while_statement": Definitions.while_statement,
        "enum_entry": Definitions.enum_entry,
        "file_annotation": Definitions.skip,
        "float_literal": Definitions.number,
        "for_statement": Definitions.for_statement,
        "function_declaration": Definitions.function_declaration,
        "identifier": Definitions.identifier,
        "if_expression": Definitions.if_expression,
        "import": Definitions.import_,
        "index_expression": Definitions.index_expression,
        "infix_expression": Definitions.infix_expression,
        "is_expression": Definitions.is_expression,
        "labeled_expression": Definitions.read_first,
        "lambda_literal": Definitions.lambda_literal,
        "line_comment": Definitions.comment,
        "multiline_string_literal": Definitions.string,
        "navigation_expression": Definitions.navigation_expression,
        "number_literal": Definitions.number,
        "object_declaration": Definitions.object_declaration,
        "object_literal": Definitions.object_literal,
        "package_header": Definitions.package_header,
        "parenthesized_expression": Definitions.read_first,
        "property_declaration": Definitions.property_declaration,
        "return_expression": Definitions.return_expression,
        "secondary_constructor": Definitions.secondary_constructor,
        "string_literal": Definitions.string,
        "super_expression": Definitions.super_expression,
        "this_expression": Definitions.this_expression,
        "throw_expression": Definitions.throw_expression,
        "try_expression": Definitions.try_expression,
        "type_alias": Definitions.skip,
        "type_test": Definitions.type_test,
        "unary_expression": Definitions.unary_expression,
        "when_expression": Definitions.when_expression,
        "while_statement": Definitions.while_statement,
    },
    Definitions.otherwise,
)
