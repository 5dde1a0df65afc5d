from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.nodes import ListNode, MapNode, Node, TextNode, as_map, as_text
from commlint.extract.yaml import DEPTH_LIMIT, EXPANSION_LIMIT, NOTICE_LIMIT, decode, has_top_key, read_documents
from commlint.model.places import Extent


def one(text: str) -> MapNode:
    documents, notices = read_documents("a.yaml", text.encode())
    assert notices == ()
    return as_map(documents[0])


def size(node: Node) -> int:
    """Nodes as a reader would meet them, shared ones as often as they are met."""
    total, pending = 0, [node]
    while pending:
        current = pending.pop()
        total += 1
        if isinstance(current, ListNode):
            pending.extend(current.items)
        elif isinstance(current, MapNode):
            pending.extend(child for entry in current.entries for child in entry)
    return total


def test_nodes_know_where_they_stand() -> None:
    """Keys and values carry 1-based lines and columns, the end column exclusive."""
    document = one("services:\n  web:\n    image: nginx\n")

    web = document.at("services").entries[0][0]
    assert web.extent == Extent(2, 3, 2, 6)
    assert document.at("services", "web").place("image") == Extent(3, 12, 3, 17)


def test_positions_go_on_after_a_broken_document() -> None:
    """A document after a broken one has the lines of the file, and the notice names the broken line and a cure."""
    documents, notices = read_documents("a.yaml", b"a: 1\n---\nb: [1, 2\nc: 3\n---\nd: 4\n")

    assert [as_map(document).entries[0][0].text for document in documents] == ["a", "d"]
    assert as_map(documents[1]).entries[0][0].extent.start_line == 6
    assert [notice.line for notice in notices] == [4]
    assert "check indentation, quotes and brackets" in notices[0].message


def test_unclosed_quote_costs_its_document_only() -> None:
    """A quote that never ends does not swallow the documents after it."""
    documents, notices = read_documents("a.yaml", b"a: 'open\n---\nb: 2\n")

    assert [as_map(document).text("b") for document in documents] == ["2"]
    assert len(notices) == 1


def test_tab_is_explained() -> None:
    """Indentation with a tab is told with the line it is on."""
    documents, notices = read_documents("a.yaml", b"a:\n\tb: 1\n")

    assert documents == ()
    assert notices[0].line == 2
    assert "indent with spaces" in notices[0].message


def test_merge_keys_fill_in_what_is_missing() -> None:
    """`<<` brings in entries of one mapping or several, own entries win, then earlier ones."""
    document = one("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: own\n")

    merged = document.at("c")
    assert {key.text: as_text(value) for key, value in merged.entries} == {"x": "own", "y": "1", "z": "2"}


def test_quoted_merge_key_is_a_key() -> None:
    """Only a plain `<<` merges."""
    document = one("a: &a {x: 1}\nb:\n  '<<': *a\n")

    assert document.at("b").at("<<").text("x") == "1"


def test_last_of_two_equal_keys_counts() -> None:
    """A key given twice keeps the last value, with a notice on its line."""
    documents, notices = read_documents("a.yaml", b"a: 1\nb: 2\na: 3\n")

    assert as_map(documents[0]).text("a") == "3"
    assert [(notice.line, notice.message) for notice in notices] == [(3, 'key "a" is given twice; the last one counts')]


def test_null_and_its_name_differ() -> None:
    """A plain null is empty text, a quoted one is the word."""
    document = one("a: null\nb: 'null'\nc: ~\nd:\n")

    assert [document.text(key) for key in "abcd"] == ["", "null", "", ""]


def test_tags_construct_nothing() -> None:
    """A tag changes nothing, and what it asks for is not made."""
    document = one("a: !!python/object/apply:os.system [echo]\nb: !reset null\nc: !!int 12\n")

    assert [as_text(item) for item in document.items("a")] == ["echo"]
    assert document.text("b") == ""
    assert document.text("c") == "12"


def test_aliases_do_not_explode() -> None:
    """Anchors nested to expand a billionfold are cut, with a notice, at the size a reader can walk."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    documents, notices = read_documents("a.yaml", "\n".join(lines).encode())

    assert size(documents[0]) <= EXPANSION_LIMIT + 1000
    assert any("too big to read" in notice.message for notice in notices)
    assert len(notices) <= NOTICE_LIMIT + 1


def test_alias_inside_its_own_anchor_is_null() -> None:
    """A cycle is cut where it would begin."""
    documents, notices = read_documents("a.yaml", b"a: &a\n  b: 1\n  c: *a\n")

    assert as_map(documents[0]).at("a").text("b") == "1"
    assert as_map(documents[0]).at("a").get("c") == TextNode("", Extent(3, 6, 3, 8))
    assert [(notice.line, "own anchor" in notice.message) for notice in notices] == [(3, True)]


def test_alias_without_anchor_is_null() -> None:
    """An alias nobody defined costs its value only."""
    documents, notices = read_documents("a.yaml", b"a: *nobody\nb: 2\n")

    assert as_map(documents[0]).text("b") == "2"
    assert "has no anchor before it" in notices[0].message


@pytest.mark.parametrize(
    "text", ["[" * 10_000 + "]" * 10_000, "[" * 1_000_000, "\n".join(" " * n + "a:" for n in range(999))]
)
def test_deep_nesting_costs_its_document_only(text: str) -> None:
    """A document nested beyond all measure is given up with a notice, the next one is read."""
    documents, notices = read_documents("a.yaml", f"{text}\n---\na: 1\n".encode())

    assert [as_map(document).text("a") for document in documents] == ["1"]
    assert ["nested deeper than" in notice.message for notice in notices] == [True]
    assert "split it up" in notices[0].message


def test_depth_up_to_the_limit_is_read() -> None:
    """As many levels as the limit allows are no trouble."""
    documents, notices = read_documents("a.yaml", ("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT).encode())

    assert notices == ()
    assert size(documents[0]) == DEPTH_LIMIT


def test_many_broken_documents_are_given_up() -> None:
    """A file of nothing but broken documents ends with one last notice instead of thousands."""
    _, notices = read_documents("a.yaml", b"---\na: [\n" * 500)

    assert len(notices) < 30
    assert "the rest was not read" in notices[-1].message


def test_other_encodings() -> None:
    """UTF-8 and UTF-16 with a mark are read; what is no text gives a notice and is read around."""
    assert decode("a", b"\xef\xbb\xbfa: 1") == ("a: 1", ())
    assert decode("a", "ä: 1".encode("utf-16")) == ("ä: 1", ())

    text, notices = decode("a", b"a: 1\nb: \xff\xfe")

    assert text.startswith("a: 1\nb: ")
    assert [notice.line for notice in notices] == [2]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"apiVersion: v1\n", True),
        (b"# comment\n---\napiVersion: v1\n", True),
        (b'--- \n"apiVersion": v1\n', True),
        (b'{"apiVersion": "v1"}', True),
        (b"a:\n  apiVersion: v1\n", False),
        (b"myapiVersion: v1\n", False),
    ],
)
def test_top_key_is_found_without_parsing(source: bytes, expected: bool) -> None:
    """Only a key at the top of a document counts."""
    assert has_top_key(source, "apiVersion") is expected


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_survived(source: bytes) -> None:
    """Whatever the bytes, there is an answer and every notice names the file."""
    _, notices = read_documents("a.yaml", source)

    assert all(notice.path == "a.yaml" for notice in notices)


@settings(deadline=None)
@given(st.text(alphabet="a:-[]{}&*<>'\"|#!%\n\t ", max_size=120))
def test_any_text_is_survived(text: str) -> None:
    """Whatever the punctuation, there is an answer, and no notice stands behind the end of the file."""
    _, notices = read_documents("a.yaml", text.encode())

    assert all(notice.line <= text.count("\n") + 2 for notice in notices)
