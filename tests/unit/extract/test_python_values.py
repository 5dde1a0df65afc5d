"""What Python's expressions are worth, one kind after the other."""

import pytest

from commlint.model.values import (
    Attribute,
    CallResult,
    Choice,
    Compute,
    Element,
    Index,
    Literal,
    Mapping,
    Reference,
    Sequence,
    Template,
    Unknown,
)

from .reading import A, B, C, read, value


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ('"text"', "text"),
        ("''", ""),
        ('"""two\nlines"""', "two\nlines"),
        ('"a" \'b\' "c"', "abc"),
        (r'r"\d"', r"\d"),
        (r'"tab\tnew\nquote\""', 'tab\tnew\nquote"'),
        (r'"\x41\u00e9\U0001F600\101\N{BULLET}"', "Aé\U0001f600A•"),
        (r'"kept \d"', r"kept \d"),
        ('b"bytes"', "bytes"),
        ('Rb"\\x"', "\\x"),
        ('"é → ü"', "é → ü"),
        ('"line \\\ncontinued"', "line continued"),
        ('f"no placeholder"', "no placeholder"),
        ('f"{{braces}}"', "{braces}"),
    ],
)
def test_texts(written: str, content: str) -> None:
    """A written text is the text it stands for."""
    assert value(written) == Literal(content)


def test_half_a_surrogate_pair_is_replaced() -> None:
    """A text can always be written as UTF-8."""
    assert value(r'"\ud800"') == Literal("�")


@pytest.mark.parametrize(
    ("written", "content"),
    [("30", 30), ("-5", -5), ("1_000", 1000), ("0x1F", 31), ("0o17", 15), ("0b11", 3), ("2.5", 2.5), ("1e3", 1000.0)],
)
def test_numbers(written: str, content: float) -> None:
    """A written number keeps its value and its type."""
    found = value(written)

    assert found == Literal(content)
    assert isinstance(found, Literal)
    assert type(found.value) is type(content)


@pytest.mark.parametrize("written", ["1j", "1e999", str(2**63), "1" * 5000])
def test_numbers_out_of_range_are_unknown(written: str) -> None:
    """A number that JSON could not carry is unknown."""
    assert isinstance(value(written), Unknown)


@pytest.mark.parametrize(("written", "content"), [("True", True), ("False", False), ("None", None)])
def test_constants(written: str, content: bool | None) -> None:
    """Truth values and None are literals."""
    assert value(written) == Literal(content)


def test_names() -> None:
    """A dotted name is one reference, however it is laid out."""
    assert value("a") == A
    assert value("self.client.get") == Reference("self.client.get")
    assert value("(\n    a\n    .b\n    .c\n)") == Reference("a.b.c")


def test_member_of_a_call() -> None:
    """A member of what is no plain name is an attribute."""
    assert value("f(1).session.get") == Attribute(Attribute(CallResult(0), "session"), "get")


def test_subscripts() -> None:
    """A subscript keeps its key; several keys are a sequence, a slice is unknown."""
    assert value('a["k"]') == Index(A, Literal("k"))
    assert value("a[b, 1]") == Index(A, Sequence((B, Literal(1))))
    assert value("a[1:b]") == Index(A, Unknown("slice"))


def test_f_string() -> None:
    """An f-string is a template; formats and conversions are dropped."""
    assert value('f"{a}/v1/{b.c!r:>10}"') == Template((A, Literal("/v1/"), Reference("b.c")))


def test_self_documenting_f_string() -> None:
    """`{name=}` writes the name too."""
    assert value('f"{a=}"') == Template((Literal("a="), A))


def test_f_string_of_literals_is_a_literal() -> None:
    """What is known in full is no template."""
    assert value("""f"{'a'}-{1}" """) == Literal("a-1")


def test_neighbouring_f_strings_join() -> None:
    """Texts that stand side by side are one template."""
    assert value('"http://" f"{a}" "/x"') == Template((Literal("http://"), A, Literal("/x")))


def test_text_joined_by_plus() -> None:
    """A sum with a text anywhere in it is a text as a whole."""
    assert value('"x" + a') == Template((Literal("x"), A))
    assert value('a + b + "/c"') == Template((A, B, Literal("/c")))
    assert value('a + ("/" + b)') == Template((A, Literal("/"), B))


def test_sum_without_text_is_arithmetic() -> None:
    """A sum of names may be anything."""
    assert value("a + b + 1") == Compute("+", (A, B, Literal(1)))


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ('"%s/%d" % (a, b)', (A, Literal("/"), B)),
        ('"%s/x" % a', (A, Literal("/x"))),
        ('"%s%%" % a', (A, Literal("%"))),
        ('"%(k)s!" % a', (Index(A, Literal("k")), Literal("!"))),
        ('"%(k)s!" % {"k": b}', (B, Literal("!"))),
        ('"%s-%s" % a', (Index(A, Literal(0)), Literal("-"), Index(A, Literal(1)))),
        ('"%5.2f s" % (a,)', (A, Literal(" s"))),
    ],
)
def test_percent_formatting(written: str, parts: tuple[object, ...]) -> None:
    """The placeholders of a literal are replaced in order or by name."""
    assert value(written) == Template(parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ['"%s" % (a, b)', '"%*d" % (a, b)', '"none" % a'])
def test_percent_formatting_that_does_not_fit(written: str) -> None:
    """Where placeholders and values do not match, nothing is guessed."""
    assert isinstance(value(written), Compute)


def test_modulo_of_names_is_arithmetic() -> None:
    """Without a literal in front, `%` may be a division."""
    assert value("a % b") == Compute("%", (A, B))


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ('"{}/{}".format(a, b)', (A, Literal("/"), B)),
        ('"{1}/{0}".format(a, b)', (B, Literal("/"), A)),
        ('"{k}:{0.port}".format(a, k=b)', (B, Literal(":"), Reference("a.port"))),
        ('"{0[x]}{{}}".format(a)', (Index(A, Literal("x")), Literal("{}"))),
        ('"{:>5}!".format(a)', (A, Literal("!"))),
    ],
)
def test_format_method(written: str, parts: tuple[object, ...]) -> None:
    """`format` of a literal is a template."""
    assert value(written) == Template(parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written", ['"{}".format(*a)', '"{}{}".format(a)', '"{k}".format(a)', '"{".format(a)', "a.format(b)"]
)
def test_format_method_that_does_not_fit(written: str) -> None:
    """Where a placeholder has no value, the call is all that is known."""
    assert value(written) == CallResult(0)


def test_format_is_a_call_as_well() -> None:
    """The call of `format` is not lost."""
    assert read('"{}".format(a)').calls[0].callee == Attribute(Literal("{}"), "format")


def test_choices() -> None:
    """`or` and a conditional expression are choices, without nesting."""
    assert value("a or b or c") == Choice((A, B, C))
    assert value("a if b else c") == Choice((A, C))
    assert value("a or (b if x else c)") == Choice((A, B, C))


@pytest.mark.parametrize(
    ("written", "operator", "operands"),
    [
        ("not a", "not", (A,)),
        ("a and b", "and", (A, B)),
        ("a == b", "==", (A, B)),
        ("a not in b", "not in", (A, B)),
        ("a is not None", "is not", (A, Literal(None))),
        ("a < b <= c", "< <=", (A, B, C)),
        ("60 * 5", "*", (Literal(60), Literal(5))),
        ("-a", "-", (A,)),
        ("a | b", "|", (A, B)),
    ],
)
def test_computations(written: str, operator: str, operands: tuple[object, ...]) -> None:
    """Other operators keep their sign and their operands."""
    assert value(written) == Compute(operator, operands)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["[a, 1]", "(a, 1)", "{a, 1}", "a, 1", "[a, # why\n 1,]"])
def test_sequences(written: str) -> None:
    """Lists, tuples and sets are sequences."""
    assert value(written) == Sequence((A, Literal(1)))


def test_open_sequence() -> None:
    """What is spread into a sequence leaves it open and stands as an element of its source."""
    assert value("[*a, b]") == Sequence((Element(A), B), open=True)


def test_mapping() -> None:
    """A dictionary keeps its entries in order."""
    assert value('{"k": a, b: 1}') == Mapping(((Literal("k"), A), (B, Literal(1))))


def test_open_mapping() -> None:
    """What is spread into a mapping leaves it open and stands under an unknown key."""
    assert value('{**a, "k": b}') == Mapping(((Unknown("spread"), A), (Literal("k"), B)), open=True)


def test_dict_call_stays_a_call() -> None:
    """What `dict` is, only the resolver knows."""
    assert value("dict(k=a)") == CallResult(0)


def test_comprehensions() -> None:
    """A comprehension is an open collection of its element."""
    assert value("[a for b in c]") == Sequence((A,), open=True)
    assert value("{a: b for c in x}") == Mapping(((A, B),), open=True)
    assert value("[a[0:1] for b in c]") == Sequence((Index(A, Unknown("slice")),), open=True)
    assert value("[(yield) for b in c]") == Unknown("comprehension")


def test_await_is_worth_what_it_waits_for() -> None:
    """`await` gives the value of its operand."""
    assert value("await f(1)") == CallResult(0)


def test_lambda_is_a_reference_to_its_function() -> None:
    """A lambda is named after its place."""
    assert value("lambda: a") == Reference("<lambda@1:6>")


def test_walrus_gives_value_and_assignment() -> None:
    """A named expression is worth its value and assigns it."""
    facts = read("it = (n := f(1))")

    assert [(entry.target, entry.value) for entry in facts.assignments] == [("n", CallResult(0)), ("it", CallResult(0))]


@pytest.mark.parametrize(
    ("written", "why"), [("(yield a)", "yield"), ("...", "ellipsis"), ("`a`", "Python 2 representation")]
)
def test_unknown_values(written: str, why: str) -> None:
    """What cannot be told here says why."""
    assert value(written) == Unknown(why)


def test_comments_inside_expressions_do_not_count() -> None:
    """A comment between operands changes nothing."""
    assert value("(a  # first\n + # second\n 'x')") == Template((A, Literal("x")))
