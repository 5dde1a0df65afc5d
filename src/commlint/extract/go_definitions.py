"""How Go's functions, methods and types read, and with them whole files."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract import go_globals, go_text
from commlint.extract.go_calls import STRUCT
from commlint.extract.go_imports import local_names
from commlint.extract.go_statements import Statement, Statements
from commlint.extract.go_values import GO, field, parts_of
from commlint.extract.quick import new_function, new_import
from commlint.extract.syntax import handlers, kind, kinds
from commlint.extract.walker import Reader
from commlint.model.code import ParameterFacts, TypeFacts
from commlint.model.values import Index, Literal, Mapping, Reference, Value

_BODY = field("body")
_NAME = field("name")
_PARAMETERS = field("parameters")
_PATH = field("path")
_RECEIVER = field("receiver")
_TAG = field("tag")
_TYPE = field("type")
_FIELD = kind(GO, "field_declaration")
_IMPORT = kind(GO, "import_spec")
_LISTS = kinds(GO, "import_spec_list")
_METHODS = kinds(GO, "method_elem", "method_spec")


class Definitions(Statements):
    """A walk over a whole Go file."""

    def __init__(self, path: str, source: bytes) -> None:
        super().__init__(path, source, EXPRESSIONS, STATEMENTS)

    def file(self, root: Node) -> None:
        """Read a whole file."""
        self.body(root)
        self._name_imports()
        functions = [facts for facts in self.functions if facts is not None]
        self.assignments = list(go_globals.in_their_scope(self.assignments, self.plain, functions))

    # imports

    def _name_imports(self) -> None:
        """Packages that are imported without a name are called as the file calls them."""
        bound = {parameter.name for facts in self.functions if facts is not None for parameter in facts.parameters}
        # A field of a type is never called by its plain name, so it hides no package.
        bound.update(entry.target for entry in self.assignments if not entry.owner)
        bound.update(entry.local for entry in self.imports)
        heads = {name.partition(".")[0] for name in self.references if "." in name}
        open_places = [place for place, entry in enumerate(self.imports) if not entry.local]
        names = local_names([self.imports[place].module for place in open_places], heads, bound)
        for place, local in zip(open_places, names, strict=True):
            entry = self.imports[place]
            self.imports[place] = new_import(local, entry.module, None, 0, "", entry.extent)

    def import_declaration(self, node: Node) -> None:
        for child in node.named_children:
            for spec in child.named_children if child.kind_id in _LISTS else (child,):
                if spec.kind_id == _IMPORT:
                    self._import(spec)

    def _import(self, node: Node) -> None:
        written, name = node.child_by_field_id(_PATH), node.child_by_field_id(_NAME)
        module = self.read(written)
        if not isinstance(module, Literal) or not isinstance(module.value, str) or not module.value:
            return
        # `.` in front brings in all names; without a name the package tells its own.
        local = "*" if name is not None and name.type == "dot" else self.written(name) if name is not None else ""
        member = "*" if local == "*" else None
        self.imports.append(new_import(local, module.value, member, 0, "", self.extent(node)))

    # functions

    def function_declaration(self, node: Node) -> None:
        self._function(node, self._name(node), "", ())

    def method_declaration(self, node: Node) -> None:
        receiver = self.parameters(node.child_by_field_id(_RECEIVER))[:1]
        owner = _type_name(receiver[0].annotation) if receiver else ""
        self._function(node, self._name(node), owner, receiver)

    def _name(self, node: Node) -> str:
        name = node.child_by_field_id(_NAME)
        return self.written(name) if name is not None else ""

    def _function(self, node: Node, name: str, owner: str, receiver: tuple[ParameterFacts, ...]) -> str:
        """A function with its body; a method stands in its type wherever that is written."""
        parameters = (*receiver, *self.parameters(node.child_by_field_id(_PARAMETERS)))
        returns, named = self.results(node)
        outer = (self.owner, self.prefix)
        if owner:
            self.owner = self.prefix = owner
        index, qualified, of = self.open_function(name)
        self.results_of.append(tuple(result for result, _ in named))
        for result, annotation in named:
            self.add_assignment(result, None, self.extent(node), annotation=annotation)
        self.body(node.child_by_field_id(_BODY))
        self.results_of.pop()
        facts = new_function(qualified, of if owner else "", parameters, (), returns, False, False, self.extent(node))
        self.close_function(index, facts)
        self.owner, self.prefix = outer
        return qualified

    def func_literal(self, node: Node) -> Value:
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        self._function(node, name, "", ())
        return Reference(name)

    # types

    def type_declaration(self, node: Node) -> None:
        for spec in parts_of(node):
            written = spec.child_by_field_id(_TYPE)
            if written is None or spec.child_by_field_id(_NAME) is None:
                continue
            if spec.type == "type_spec" and written.type == "struct_type":
                self.struct(self._name(spec), spec, written)
            elif spec.type == "type_spec" and written.type == "interface_type":
                self._interface(spec, written)
            elif spec.type == "type_spec":
                index, qualified = self.open_type(self._name(spec))
                base = self.type(written)
                bases = (base,) if isinstance(base, Reference | Index) else ()
                self.close_type(index, TypeFacts(qualified, bases, (), (), self.extent(spec)))
            else:
                self.add_assignment(self._name(spec), self.type(written), self.extent(spec))

    def struct(self, name: str, node: Node, written: Node) -> str:
        """A struct, under the name by which it is known here; what it is called in full."""
        index, qualified = self.open_type(name)
        bases: list[Value] = []
        for listed in parts_of(written):
            for child in listed.named_children:
                if child.kind_id == _FIELD:
                    bases.extend(self._fields(child))
        self.close_type(index, TypeFacts(qualified, tuple(bases), (), (), self.extent(node)))
        return qualified

    def _fields(self, node: Node) -> tuple[Value, ...]:
        """The fields of one line; of one without a name the type is embedded."""
        written = node.child_by_field_id(_TYPE)
        names = [self.written(name) for name in node.children_by_field_id(_NAME)]
        if written is not None and written.kind_id == STRUCT and names:
            annotation: Value = Reference(self.struct(names[0], node, written))
        else:
            annotation = self.type(written)
        embedded = () if names else (annotation,)
        for name in names or [_type_name(annotation)]:
            if name != "_":
                told = self._tags(node.child_by_field_id(_TAG))
                self.add_assignment(name, None, self.extent(node), annotation=annotation, decorators=told)
        return embedded

    def _tags(self, node: Node | None) -> tuple[Value, ...]:
        """The tags of a field as one mapping."""
        told = go_text.tags(self.written(node)) if node is not None else ()
        return (Mapping(tuple((Literal(key), Literal(value)) for key, value in told)),) if told else ()

    def _interface(self, node: Node, written: Node) -> None:
        index, qualified = self.open_type(self._name(node))
        bases: list[Value] = []
        for child in parts_of(written):
            if child.kind_id in _METHODS:
                self._abstract(child)
            elif child.type in ("type_elem", "constraint_elem"):
                embedded = parts_of(child)
                bases.extend(self.type(each) for each in embedded if len(embedded) == 1)
        self.close_type(index, TypeFacts(qualified, tuple(bases), (), (), self.extent(node), True))

    def _abstract(self, node: Node) -> None:
        parameters = self.parameters(node.child_by_field_id(_PARAMETERS))
        returns, _ = self.results(node)
        index, qualified, owner = self.open_function(self._name(node))
        extent = self.extent(node)
        facts = new_function(qualified, owner, parameters, (), returns, False, False, extent, True)
        self.close_function(index, facts)


def _type_name(annotation: Value | None) -> str:
    """The last name of a written type."""
    of = annotation.of if isinstance(annotation, Index) else annotation
    return of.name.rpartition(".")[2] if isinstance(of, Reference) else ""


EXPRESSIONS: dict[int, Reader] = handlers(
    GO,
    {
        "binary_expression": Definitions.binary_expression,
        "call_expression": Definitions.call_expression,
        "comment": Definitions.comment,
        "composite_literal": Definitions.composite_literal,
        "expression_list": Definitions.expression_list,
        "false": Definitions.false,
        "field_identifier": Definitions.identifier,
        "float_literal": Definitions.number,
        "func_literal": Definitions.func_literal,
        "identifier": Definitions.identifier,
        "imaginary_literal": Definitions.number,
        "index_expression": Definitions.index_expression,
        "int_literal": Definitions.number,
        "interpreted_string_literal": Definitions.text,
        "iota": Definitions.iota,
        "literal_element": Definitions.read_first,
        "nil": Definitions.nil,
        "package_identifier": Definitions.identifier,
        "parenthesized_expression": Definitions.read_first,
        "raw_string_literal": Definitions.text,
        "rune_literal": Definitions.text,
        "selector_expression": Definitions.selector_expression,
        "slice_expression": Definitions.slice_expression,
        "true": Definitions.true,
        "type_assertion_expression": Definitions.type_assertion_expression,
        "type_conversion_expression": Definitions.type_conversion_expression,
        "type_identifier": Definitions.identifier,
        "type_instantiation_expression": Definitions.read_first,
        "unary_expression": Definitions.unary_expression,
        "variadic_argument": Definitions.read_first,
    },
    Definitions.otherwise,
)

STATEMENTS: dict[int, Statement] = handlers(
    GO,
    {
        "ERROR": Definitions.body,
        "assignment_statement": Definitions.assignment,
        "block": Definitions.body,
        "break_statement": Definitions.break_statement,
        "comment": Definitions.skip,
        "const_declaration": Definitions.declaration,
        "continue_statement": Definitions.continue_statement,
        "dec_statement": Definitions.parts,
        "defer_statement": Definitions.defer_statement,
        "empty_statement": Definitions.skip,
        "expression_statement": Definitions.expression_statement,
        "expression_switch_statement": Definitions.expression_switch_statement,
        "fallthrough_statement": Definitions.skip,
        "for_statement": Definitions.for_statement,
        "function_declaration": Definitions.function_declaration,
        "go_statement": Definitions.go_statement,
        "goto_statement": Definitions.skip,
        "if_statement": Definitions.if_statement,
        "import_declaration": Definitions.import_declaration,
        "inc_statement": Definitions.parts,
        "labeled_statement": Definitions.labeled_statement,
        "method_declaration": Definitions.method_declaration,
        "package_clause": Definitions.skip,
        "return_statement": Definitions.return_statement,
        "select_statement": Definitions.select_statement,
        "send_statement": Definitions.send_statement,
        "short_var_declaration": Definitions.assignment,
        "statement_list": Definitions.body,
        "type_declaration": Definitions.type_declaration,
        "type_switch_statement": Definitions.type_switch_statement,
        "var_declaration": Definitions.declaration,
    },
    Definitions.loose,
)
