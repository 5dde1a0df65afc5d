from __future__ import annotations

import pytest

from commlint.check.check import select_rules
from commlint.check.rule import all_rules
from commlint.errors import ConfigurationError
from commlint.model.config import Config, RuleConfig
from commlint.store.packs import load_packs, pack_names, with_options_apart


@pytest.mark.parametrize("name", pack_names())
def test_shipped_packs_name_known_rules(name: str) -> None:
    """Every pack that is shipped loads, is called like its file, and turns on rules and options there are."""
    packs = load_packs([name])

    assert [pack.name for pack in packs] == [name]
    assert packs[0].description
    assert select_rules(Config(), packs)


def test_strict_has_every_rule() -> None:
    """Whoever asks for everything gets everything."""
    on = [active.rule.code for active in select_rules(Config(), load_packs(["strict"]))]

    assert on == [rule.code for rule in all_rules()]


def test_unknown_pack_is_an_error_with_the_nearest() -> None:
    """A pack that does not exist is told with the one that was meant."""
    with pytest.raises(ConfigurationError, match='there is no rule pack "recomended"; did you mean "recommended"'):
        load_packs(["recomended"])


def test_options_stand_beside_the_level() -> None:
    """People write options and level side by side; data of another shape is left for the reader to refuse."""
    written = {"select": ["CL1"], "rules": {"CL102": {"level": "note", "max-seconds": 5}, "CL103": 3}}

    assert with_options_apart(written) == {
        "select": ["CL1"],
        "rules": {"CL102": {"level": "note", "options": {"max-seconds": 5}}, "CL103": 3},
    }
    assert with_options_apart({"rules": 3}) == {"rules": 3}
    assert with_options_apart("text") == "text"


def test_pack_is_a_choice_of_rules() -> None:
    """Being listed turns a rule on, with its own settings if there are none."""
    recommended = load_packs(["recommended"])[0]

    assert recommended.rules["CL101"] == RuleConfig()
