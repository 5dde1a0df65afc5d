"""HOCON as a flat list of settings."""

from __future__ import annotations

import pytest

from commlint.extract.hocon import included, settings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a { b { c = "x y" } }', {"a.b.c": "x y"}),
        ("a.b : 1, c = plain words # said aside", {"a.b": "1", "c": "plain words"}),
        ("port = 80\nport = ${?PORT}", {"port": "${PORT:80}"}),
        ('url = ${base}"/stock"', {"url": "${base}/stock"}),
        ('a = "http://x" // aside\nb = """raw "text\""""', {"a": "http://x", "b": 'raw "text"'}),
        ('a = [ {b = 1}, {b = 2} ]', {"a[0].b": "1", "a[1].b": "2"}),
    ],
)  # fmt: skip
def test_settings(text: str, found: dict[str, str]) -> None:
    """Objects nest, substitutions become placeholders, and of a key that is given twice the last counts."""
    assert {each.key: each.text for each in settings(text)} == found


def test_a_list_of_texts_is_one_setting_too() -> None:
    """A list of texts can be asked for as a whole."""
    assert next(each.items for each in settings('a = ["x", "y"]') if each.key == "a") == ("x", "y")


def test_a_setting_stands_where_its_key_does() -> None:
    """The place of a setting is that of its key."""
    (found,) = settings("\n\n  a { \n    b = 1 }")

    assert (found.extent.start_line, found.extent.start_column) == (4, 5)


def test_included_files() -> None:
    """Files that are taken in are told by their names."""
    assert included('include "shared.conf"\ninclude file("other.conf")\na = "include"') == ("shared.conf", "other.conf")


@pytest.mark.parametrize("text", ["{" * 5000, "[" * 5000, "a=" * 5000, 'a="', "a=${", "}" * 100, '"""', "a" * 100_000])
def test_hostile_text(text: str) -> None:
    """What is no HOCON ends quietly."""
    assert len(settings(text)) <= 1
