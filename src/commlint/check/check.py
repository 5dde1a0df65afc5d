"""Which rules are on, with which options, and what they find in a system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from commlint.check.rule import Rule, all_rules
from commlint.errors import ConfigurationError, nearest
from commlint.graph import SystemGraph
from commlint.guard import Guard
from commlint.model.config import Config, RuleConfig, RulePack
from commlint.model.facts import Notice
from commlint.model.findings import Finding, Level, RuleInfo
from commlint.model.system import System
from commlint.model.values import Scalar


@dataclass(frozen=True)
class ActiveRule:
    """A rule with its options set, and the level asked for (None keeps what the rule says)."""

    rule: Rule
    level: Level | None = None

    def info(self) -> RuleInfo:
        return self.rule.info(self.level)

    def at_level(self, finding: Finding) -> Finding:
        """
        The finding at the level asked for.

        A finding the rule itself holds for milder than usual is never raised above that.
        """
        if self.level is None or (finding.level.rank < self.rule.level.rank and finding.level.rank <= self.level.rank):
            return finding
        return replace(finding, level=self.level)


@dataclass(frozen=True)
class Checked:
    """What all rules together say: sorted findings, the rules that ran, and why others could not."""

    findings: tuple[Finding, ...] = ()
    rules: tuple[ActiveRule, ...] = ()
    notices: tuple[Notice, ...] = ()


def run_rules(system: System, config: Config, packs: Iterable[RulePack] = ()) -> Checked:
    """
    Ask every selected rule; `packs` are those the configuration extends, in that order.

    Raises:
        ConfigurationError: a rule or option that does not exist, or a value of the wrong type.
    """
    graph = SystemGraph(system)
    selected = select_rules(config, packs)
    able = tuple(active for active in selected if system.traced or not active.rule.needs_traces)
    unable = [active.rule for active in selected if active not in able]
    guards = {active.rule.code: Guard(f"rule {active.rule.code}") for active in able}
    findings = [
        active.at_level(finding)
        for active in able
        for finding in guards[active.rule.code].each(active.rule.check(graph))
    ]
    failed = (notice for guard in guards.values() for notice in guard.notices)
    named = {word.strip().lower() for word in (*config.select, *config.rules)}
    notices = tuple(
        Notice(
            "",
            0,
            f"{rule.code} {rule.name} needs traces; give some with --traces",
            minor=named.isdisjoint((rule.code.lower(), rule.name)),
        )
        for rule in unable
    )
    return Checked(tuple(sorted(findings, key=order)), able, (*notices, *failed))


def select_rules(config: Config, packs: Iterable[RulePack] = ()) -> tuple[ActiveRule, ...]:
    """
    The rules that are on, sorted by code: those of the packs and of `select`, without those of `ignore`.

    Raises:
        ConfigurationError: a rule or option that does not exist, or a value of the wrong type.
    """
    packs = tuple(packs)
    chosen: set[str] = set()
    settings: dict[str, list[tuple[str, RuleConfig]]] = {}
    for where, rules in [*((f"pack {pack.name}", pack.rules) for pack in packs), ("rules", config.rules)]:
        for key, setting in rules.items():
            rule = _one_rule(key, where)
            settings.setdefault(rule.code, []).append((where, setting))
    for pack in packs:
        chosen |= {_one_rule(key, f"pack {pack.name}").code for key in pack.rules}
    chosen |= {code for token in config.select for code in codes_of(token, "select")}
    chosen -= {code for token in config.ignore for code in codes_of(token, "ignore")}
    return tuple(_activate(rule, settings.get(rule.code, ())) for rule in all_rules() if rule.code in chosen)


def codes_of(token: str, where: str) -> frozenset[str]:
    """
    The codes that a code, a name or the beginning of a code means.

    Raises:
        ConfigurationError: it means no rule.
    """
    found = match_codes(token)
    if not found:
        known = [word for rule in all_rules() for word in (rule.code, rule.name)]
        raise ConfigurationError(where, f'there is no rule "{token}"{nearest(token, known)}')
    return found


def match_codes(token: str) -> frozenset[str]:
    """The codes that a code, a name or the beginning of a code means; none when it means no rule."""
    word = token.strip()
    upper = word.upper()
    return frozenset(
        rule.code
        for rule in all_rules()
        if rule.name == word.lower() or (upper.startswith("CL") and rule.code.startswith(upper))
    )


def order(finding: Finding) -> tuple[object, ...]:
    """Sort key of findings: place first, then code, then words."""
    return (finding.region, finding.code, finding.message, finding.subjects)


def _one_rule(key: str, where: str) -> type[Rule]:
    word = key.strip()
    for rule in all_rules():
        if rule.code == word.upper() or rule.name == word.lower():
            return rule
    known = [word for rule in all_rules() for word in (rule.code, rule.name)]
    raise ConfigurationError(where, f'there is no rule "{key}"{nearest(key, known)}')


def _activate(rule: type[Rule], settings: Iterable[tuple[str, RuleConfig]]) -> ActiveRule:
    level: Level | None = None
    values: dict[str, object] = {}
    for where, setting in settings:
        level = setting.level or level
        values |= _options(rule, setting.options, f"{where}: {rule.name}")
    return ActiveRule(rule(**values), level)


def _options(rule: type[Rule], given: Mapping[str, Scalar | tuple[Scalar, ...]], where: str) -> dict[str, object]:
    known = rule.options()
    values: dict[str, object] = {}
    for key, value in given.items():
        name = key.replace("_", "-")
        if name not in known:
            raise ConfigurationError(where, f'there is no option "{key}"{nearest(name, known)}')
        values[name.replace("-", "_")] = _fitting(value, known[name][0], f"{where}: {name}")
    return values


def _fitting(value: object, default: object, where: str) -> object:
    match default:
        case bool():
            fits, wanted = isinstance(value, bool), "true or false"
        case int():
            fits, wanted = isinstance(value, int) and not isinstance(value, bool), "a whole number"
        case float():
            fits, wanted = isinstance(value, int | float) and not isinstance(value, bool), "a number"
        case tuple():
            value = tuple(value) if isinstance(value, list | tuple) else value
            fits = isinstance(value, tuple) and all(isinstance(entry, str) for entry in value)
            wanted = "a list of texts"
        case _:
            fits, wanted = isinstance(value, str), "a text"
    if not fits:
        raise ConfigurationError(where, f"{value!r} is not {wanted}")
    return value
