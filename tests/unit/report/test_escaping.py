"""Text of an analysed tree made safe to show."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.report.escaping import shorten, to_json, visible

ANYTHING = st.text(st.characters(codec=None))


def test_terminal_sequences_and_bidi_controls_are_written_out() -> None:
    """What a terminal would obey is shown instead."""
    assert visible("a\x1b[31mb\u202ec\nd") == r"a\x1b[31mb\u202ec\nd"


def test_letters_of_any_script_stay_as_they_are() -> None:
    """Only what cannot be seen is written out."""
    assert visible("注文 é 😀\u00a0!") == "注文 é 😀\u00a0!"


@settings(deadline=None)
@given(ANYTHING)
def test_nothing_hidden_is_left(text: str) -> None:
    """No control, format, surrogate or line-breaking character survives, so it is always one encodable line."""
    shown = visible(text)

    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(f"{shown}x".splitlines()) == 1
    shown.encode("utf-8")


def test_of_a_long_text_both_ends_stay() -> None:
    """The result is never longer than asked for."""
    assert shorten("abcdefghij", 8) == "ab...hij"
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdef", 2) == ".."


@settings(deadline=None)
@given(st.dictionaries(ANYTHING, ANYTHING))
def test_json_is_valid_utf8_that_reads_back_the_same_but_for_surrogates(document: dict[str, str]) -> None:
    """Lone surrogates become the replacement character, everything else survives."""
    replaced = {ord(character): "\ufffd" for character in map(chr, range(0xD800, 0xE000))}

    restored = json.loads(to_json(document).encode("utf-8"))
    assert restored == {key.translate(replaced): text.translate(replaced) for key, text in document.items()}
