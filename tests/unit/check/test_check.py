"""Which rules are on, at which level, with which options."""

import pytest

from commlint.check.check import run_rules, select_rules
from commlint.check.rule import all_rules
from commlint.check.rules.call_without_timeout import CallWithoutTimeout
from commlint.errors import ConfigurationError
from commlint.model.config import Config, RuleConfig, RulePack
from commlint.model.findings import Level
from commlint.model.operations import Policies
from commlint.model.system import System

from .builders import UNSET, Builder

PACK = RulePack("mine", rules={"CL101": RuleConfig(), "unused-ignore": RuleConfig(level=Level.WARNING)})


def codes(config: Config, *packs: RulePack) -> list[str]:
    return [active.rule.code for active in select_rules(config, packs)]


def test_pack_turns_rules_on_by_code_or_name() -> None:
    """A pack may list a rule either way."""
    assert codes(Config(), PACK) == ["CL101", "CL901"]


def test_select_adds_and_ignore_takes_away() -> None:
    """Codes, names and beginnings of codes are accepted; ignore has the last word."""
    config = Config(select=("call-without-timeout", "CL9"), ignore=("CL101",))

    assert "CL101" not in codes(config)
    assert "CL901" in codes(config)


def test_unknown_rule_is_an_error_with_the_nearest() -> None:
    """A misspelt rule names the one that was meant."""
    with pytest.raises(
        ConfigurationError, match='select: there is no rule "call-without-timeouts"; did you mean "call-w'
    ):
        codes(Config(select=("call-without-timeouts",)))


def test_unknown_option_is_an_error_with_the_nearest() -> None:
    """A misspelt option names the one that was meant."""
    config = Config(select=("CL101",), rules={"CL101": RuleConfig(options={"protocol": ("http",)})})

    with pytest.raises(ConfigurationError, match='did you mean "protocols"'):
        codes(config)


def test_option_of_wrong_type_is_an_error() -> None:
    """The error says which value is wanted."""
    config = Config(select=("CL101",), rules={"CL101": RuleConfig(options={"protocols": 3})})

    with pytest.raises(ConfigurationError, match="3 is not a list of texts"):
        codes(config)


def test_configuration_beats_the_pack() -> None:
    """Options and level of the configuration come after those of the packs."""
    pack = RulePack("mine", rules={"CL101": RuleConfig(Level.NOTE, {"protocols": ("grpc",)})})
    config = Config(rules={"call-without-timeout": RuleConfig(Level.WARNING, {"protocols": ("http",)})})

    (active,) = select_rules(config, (pack,))

    assert active.level is Level.WARNING
    assert active.rule == CallWithoutTimeout(protocols=("http",))


def test_findings_carry_the_configured_level() -> None:
    """A level set for the rule is that of its findings."""
    builder = Builder()
    builder.call("orders", 7, policies=Policies(timeout=UNSET))
    config = Config(select=("CL101",), rules={"CL101": RuleConfig(level=Level.NOTE)})

    checked = run_rules(builder.system(), config)

    assert [finding.level for finding in checked.findings] == [Level.NOTE]


def test_rules_that_need_traces_are_skipped_with_a_notice() -> None:
    """Without traces such a rule says that it could not run."""
    needing = [rule for rule in all_rules() if rule.needs_traces]
    config = Config(select=tuple(rule.code for rule in needing))

    checked = run_rules(System(), config)

    assert [notice.message.split()[0] for notice in checked.notices] == [rule.code for rule in needing]
    assert not any(notice.minor for notice in checked.notices)
    assert checked.rules == ()


def test_rules_without_traces_matter_only_when_asked_for_by_name() -> None:
    """A rule that came with a group needs no action when it could not run; one chosen by name or set up does."""
    asked = [
        Config(select=("CL5",)),
        Config(select=("CL5", "undeclared-edge")),
        Config(select=("CL5",), rules={"CL501": RuleConfig(level=Level.NOTE)}),
    ]

    told = [run_rules(System(), config).notices for config in asked]
    minor = [[notice.minor for notice in notices if "CL501" in notice.message] for notices in told]

    assert minor == [[True], [False], [False]]
