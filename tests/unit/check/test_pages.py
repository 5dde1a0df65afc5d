"""The manners every rule has: a page, a name, documented options, and pages on disk that say the same."""

import importlib.util
import inspect
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType

import pytest

from commlint.check.rule import HEADINGS, Rule, all_rules
from commlint.store.packs import load_packs, pack_names

ROOT = Path(__file__).parents[3]
RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@RULES
def test_page_has_every_heading(rule: type[Rule]) -> None:
    """What it flags, why, an example, the cure, the options, the limits and the references, in that order."""
    assert tuple(rule.sections()) == HEADINGS
    assert all(text.strip() for text in rule.sections().values())


@RULES
def test_summary_is_one_sentence(rule: type[Rule]) -> None:
    """It is what a list of rules shows."""
    assert re.fullmatch(r"[A-Z][^.]+\.", rule.summary())


@RULES
def test_name_is_that_of_class_and_file(rule: type[Rule]) -> None:
    """Kebab-case, the name of the file, and good to read after "allow"."""
    file = Path(inspect.getfile(rule)).stem

    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.name.replace("-", "_") == file
    assert not rule.name.startswith(("not-", "use-", "require-", "add-", "set-", "prefer-"))


@RULES
def test_every_option_is_documented_and_has_a_default(rule: type[Rule]) -> None:
    """A line each, and no option without a sane default."""
    assert is_dataclass(rule)
    assert rule() == rule()
    assert all(entry.metadata.get("doc") for entry in fields(rule))


@RULES
def test_code_has_its_form(rule: type[Rule]) -> None:
    """CL and three digits; every reference is public documentation or literature."""
    assert re.fullmatch(r"CL\d{3}", rule.code)
    assert rule.sections()["References"].startswith("- ")


def test_codes_and_names_are_unique() -> None:
    """Both are accepted everywhere."""
    assert len({rule.code for rule in all_rules()}) == len({rule.name for rule in all_rules()}) == len(all_rules())


def test_packs_name_rules_that_exist() -> None:
    """Strict holds all that recommended does, and every rule there is."""
    packs = {pack.name: set(pack.rules) for pack in load_packs(pack_names())}

    assert packs["recommended"] <= packs["strict"] == {rule.code for rule in all_rules()}


def test_pages_on_disk_are_up_to_date() -> None:
    """`python docs/generate.py` writes them."""
    assert generator().differences() == []
