"""Findings for a person at a terminal."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Finding, Level, Related, Report, Summary
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.report.port import RenderOptions
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

ANYTHING = st.text(st.characters(codec=None), max_size=40)
NUMBERS = st.integers(1, 300)


def test_findings_stand_by_file_with_code_hops_and_help_and_a_line_sums_up() -> None:
    """The whole of what a person sees."""
    further = finding(
        "CL303",
        "blocking-call-in-async",
        Level.NOTE,
        "requests.get blocks the event loop",
        Region("a.py", 3, 1, 3, 4),
        services=("a", "b"),
        related=(Related(Region("b.py", 7), "the async function"),),
    )
    call = finding(region=Region("gateway/app.py", 12, 13, 12, 31))

    assert render(report(chain(), call, further), "text") == (
        """\
a.py
  note[CL303] blocking-call-in-async: requests.get blocks the event loop
    --> a.py:3:1 (a, b)
    also b.py:7  the async function
    help: give it a timeout

gateway/app.py
  warning[CL104] deep-sync-chain (likely): gateway waits for 3 services in a row
    --> gateway/app.py:12:5 (gateway)
    12 | order = requests.post(url)
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^
    1. gateway/app.py:12  gateway: POST /orders
    2. orders/app.py:22   orders: shop.Stock/Reserve

  error[CL101] call-without-timeout: POST /orders waits for ever
    --> gateway/app.py:12:13 (gateway)
    12 | order = requests.post(url)
       |         ^^^^^^^^^^^^^^^^^^
    help: give it a timeout

1 error, 1 warning and 1 note in 12 files: 5 services, 3 endpoints, 2 channels, 7 edges, 1 unresolved, 2 suppressed
"""
    )


def test_a_clean_run_says_so_in_one_line() -> None:
    """Nothing found is good news and short."""
    clean = Report("0.1.0", summary=Summary(files=1, services=1))

    assert render(clean, "text", RenderOptions(width=40)) == (
        "No findings in 1 file: 1 service, 0 endpoints, 0 channels, 0 edges, 0 unresolved, 0 suppressed\n"
    )


def test_time_is_shown_only_when_given() -> None:
    """Otherwise the text depends on the report alone."""
    assert render(report(), "text", RenderOptions(elapsed=1.234)).endswith(" 2 suppressed (1.23 s)\n")


def test_on_a_narrow_screen_lines_are_wrapped_below_their_beginning() -> None:
    """Everything but the closing line fits."""
    text = render(report(chain()), "text", RenderOptions(width=40))

    assert text.splitlines()[1:4] == [
        "  warning[CL104] deep-sync-chain",
        "    (likely): gateway waits for 3",
        "    services in a row",
    ]
    assert max(len(line) for line in text.splitlines()[:-1]) <= 40


def test_colour_changes_nothing_but_colour() -> None:
    """Without the sequences it is the same text."""
    plain = render(report(chain(), finding()), "text")
    colored = render(report(chain(), finding()), "text", RenderOptions(color=True))

    assert colored != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_a_long_chain_is_cut_unless_asked_for() -> None:
    """Ten hops tell the story."""
    hops = tuple(Related(Region("a.py", line), f"hop {line}") for line in range(1, 15))
    long = report(finding(related=hops))

    assert "    ... and 4 more\n" in render(long, "text")
    assert "14. a.py:14  hop 14\n" in render(long, "text", RenderOptions(verbose=True))


def test_markup_and_terminal_sequences_of_a_tree_are_shown_and_not_obeyed() -> None:
    """A repository cannot colour, move or hide what is said of it."""
    evil = finding(message="[bold red]x[/] \x1b[2J \u202e", region=Region("[link=x]\n.py"), service="[b]")
    text = render(Report("1", (evil,)), "text", RenderOptions(color=True))

    assert r"[bold red]x[/] \x1b[2J \u202e" in text
    assert r"[link=x]\n.py" in text
    assert not {part for part in re.findall(r"\x1b\[[^m]*.", text) if not re.fullmatch(r"\x1b\[[0-9;]*m", part)}


@settings(deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING, st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), st.integers(0, 120), st.booleans())
def test_whatever_a_tree_holds_is_shown(
    path: str, text: str, source: str, extent: tuple[int, int, int, int], width: int, color: bool
) -> None:
    """No name, path, message or line of code makes the writer fail or leaves a control character behind."""
    region = Region(path, *extent)
    fault = Finding(
        text, text, Level.ERROR, Confidence.POSSIBLE, text, region, (), text, (Related(region, text),), text
    )
    shown = render(
        Report("1", (fault,), sources=((path, extent[0], source),)), "text", RenderOptions(width=width, color=color)
    )

    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown) if color else shown
    hidden = {unicodedata.category(character) for character in plain.replace("\n", "")}
    assert not hidden & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    shown.encode("utf-8")
