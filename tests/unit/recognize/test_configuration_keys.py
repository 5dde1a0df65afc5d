"""Policies and addresses that library models look for under configuration keys."""

from __future__ import annotations

import pytest

from commlint.model.libraries import AddressModel, LibraryModel, Option, SiteModel
from commlint.model.operations import Operation, Policy, State
from commlint.model.values import ConfigRead, Literal, Unknown, Value
from commlint.recognize.recognize import recognize
from tests.unit.programs import only, program_of

KEYS = "kw:timeout|config:client.{kw:name|kw:called}.timeout|config:client.timeout"


def operation(call: str, **option: object) -> Operation:
    """The operation a call of `far.ask` is, whose timeout stands under configuration keys."""
    timeout = Option(at=KEYS, unit="milliseconds", detail="far waits", **option)  # type: ignore[arg-type]
    site = SiteModel(
        ("far.ask",),
        "client",
        protocol="http",
        style="blocking",
        address=AddressModel(url="arg:0", host="config:far.host"),
        policies={"timeout": timeout},
    )
    model = LibraryModel("far", "python", imports=("far",), sites=(site,))
    program = program_of({"app.py": f"import far\n{call}\n"}, model)
    return only([each for each in recognize(program).operations if each.library == "far"])


@pytest.mark.parametrize(
    ("default", "state", "last"),
    [
        ("unset", State.UNSET, Literal(None)),
        ("unknown", State.UNKNOWN, Unknown("far waits")),
        (60, State.SET, Literal(60)),
    ],
)
def test_keys_of_a_policy(default: str | int, state: State, last: Value) -> None:
    """The keys are asked in turn, then the default holds; literals of the call fill them in."""
    found = operation('far.ask("/x", name="stock")', default=default).policies.timeout
    keys = ConfigRead("client.stock.timeout", ConfigRead("client.timeout", last))

    assert (found.state, found.value, found.configured, found.scale) == (state, keys, True, 0.001)


def test_key_with_an_open_part_is_passed_over() -> None:
    """A name nobody knows makes no key."""
    found = operation('far.ask("/x")', default="unset").policies.timeout

    assert found.value == ConfigRead("client.timeout", Literal(None))


def test_argument_goes_before_keys() -> None:
    """What the call says counts."""
    found = operation('far.ask("/x", name="stock", timeout=5)', default="unset").policies.timeout

    assert (found.value, found.configured, found.source) == (Literal(5), False, "argument")


def test_words_are_kept_for_what_a_key_says() -> None:
    """A key may hold a word of the library."""
    found = operation('far.ask("/x")', default="unset", values={"none": "unset"}).policies.timeout

    assert isinstance(found, Policy)
    assert found.words == (("none", "unset"),)


def test_key_as_an_address() -> None:
    """An address may stand under a key."""
    assert operation('far.ask("/x")').address.host == ConfigRead("far.host")
