"""Which method reads which kind of expression of C#."""

from __future__ import annotations

from commlint.extract.csharp_expressions import Expressions
from commlint.extract.csharp_values import CSHARP
from commlint.extract.syntax import handlers
from commlint.extract.walker import Reader

EXPRESSIONS: dict[int, Reader] = handlers(
    CSHARP,
    {
        "alias_qualified_name": Expressions.alias_qualified_name,
        "anonymous_method_expression": Expressions.lambda_expression,
        "anonymous_object_creation_expression": Expressions.anonymous_object_creation_expression,
        "argument": Expressions.argument,
        "array_creation_expression": Expressions.array_creation,
        "array_type": Expressions.annotation,
        "as_expression": Expressions.as_expression,
        "assignment_expression": Expressions.assignment_expression,
        "await_expression": Expressions.await_expression,
        "binary_expression": Expressions.binary_expression,
        "boolean_literal": Expressions.boolean_literal,
        "cast_expression": Expressions.cast_expression,
        "character_literal": Expressions.string,
        "checked_expression": Expressions.read_first,
        "collection_expression": Expressions.collection_expression,
        "comment": Expressions.comment,
        "conditional_access_expression": Expressions.conditional_access_expression,
        "conditional_expression": Expressions.conditional_expression,
        "declaration_expression": Expressions.declaration_expression,
        "default_expression": Expressions.default_expression,
        "element_access_expression": Expressions.element_access_expression,
        "generic_name": Expressions.generic_name,
        "identifier": Expressions.identifier,
        "implicit_array_creation_expression": Expressions.array_creation,
        "implicit_object_creation_expression": Expressions.implicit_object_creation_expression,
        "initializer_expression": Expressions.initializer_expression,
        "integer_literal": Expressions.number,
        "interpolated_string_expression": Expressions.interpolated_string_expression,
        "invocation_expression": Expressions.invocation_expression,
        "is_expression": Expressions.is_expression,
        "is_pattern_expression": Expressions.is_pattern_expression,
        "lambda_expression": Expressions.lambda_expression,
        "member_access_expression": Expressions.member_access_expression,
        "null_literal": Expressions.null_literal,
        "nullable_type": Expressions.annotation,
        "object_creation_expression": Expressions.object_creation_expression,
        "parenthesized_expression": Expressions.parenthesized_expression,
        "postfix_unary_expression": Expressions.postfix_unary_expression,
        "predefined_type": Expressions.predefined_type,
        "prefix_unary_expression": Expressions.prefix_unary_expression,
        "qualified_name": Expressions.qualified_name,
        "query_expression": Expressions.query_expression,
        "raw_string_literal": Expressions.string,
        "real_literal": Expressions.number,
        "ref_expression": Expressions.read_first,
        "string_literal": Expressions.string,
        "switch_expression": Expressions.switch_expression,
        "throw_expression": Expressions.throw_expression,
        "tuple_expression": Expressions.tuple_expression,
        "typeof_expression": Expressions.typeof_expression,
        "verbatim_string_literal": Expressions.string,
        "with_expression": Expressions.with_expression,
        "with_initializer": Expressions.with_initializer,
    },
    Expressions.otherwise,
)
# `this` and `base` are words of the grammar, not named kinds.
EXPRESSIONS.update(
    (number, Expressions.this)
    for number in range(CSHARP.node_kind_count)
    if CSHARP.node_kind_for_id(number) in ("this", "base") and not CSHARP.node_kind_is_named(number)
)
