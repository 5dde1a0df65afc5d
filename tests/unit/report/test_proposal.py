"""The configuration that is proposed."""

from __future__ import annotations

import tomllib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from commlint.codec import convert
from commlint.model.config import Config
from commlint.model.places import Region
from commlint.model.system import Service, System, UnresolvedCall
from commlint.report.proposal import proposal
from tests.unit.report.builders import shop


def test_it_can_be_used_as_it_is_and_changes_nothing() -> None:
    """All of its settings are the defaults."""
    config = convert(tomllib.loads(proposal(shop())), Config, "commlint.toml")

    assert config == Config()


def test_what_would_bind_a_call_is_proposed_in_a_comment() -> None:
    """Only the lines that name a host; taking one in is deleting its mark."""
    call = UnresolvedCall(
        "op",
        "orders",
        Region("a.py"),
        "GET ?",
        "why",
        '[hosts] "$PAY_URL" = "payments"',
    )
    other = replace(call, hint="give the address in a setting")
    text = proposal(replace(shop(), unresolved=(call, other)))

    assert '# "$PAY_URL" = "payments"' in text.splitlines()
    assert "give the address" not in text
    taken = tomllib.loads(text.replace('# "$PAY_URL"', '"$PAY_URL"'))
    assert taken["hosts"] == {"$PAY_URL": "payments"}


def test_where_no_service_is_found_one_is_shown_by_hand() -> None:
    """The way to tell one."""
    assert "[services.example]" in proposal(System())


@given(st.text(st.characters(codec=None)))
def test_no_name_of_a_tree_becomes_a_setting(name: str) -> None:
    """Line ends in names do not end the comment."""
    call = UnresolvedCall("op", name, Region("a.py"), "GET ?", "why", f'[hosts] "{name}" = "x"')

    read = tomllib.loads(proposal(System(services=(Service(name),), unresolved=(call,))))
    assert set(read) == {"extends", "fail-on", "exclude", "hosts"}
    assert read["hosts"] == {}
