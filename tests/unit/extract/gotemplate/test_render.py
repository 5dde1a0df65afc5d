"""Templates rendered as Helm renders them."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.gotemplate.parser import Broken, parse
from commlint.extract.gotemplate.render import Rendering, TooMuch
from commlint.extract.gotemplate.values import MARK

VALUES: dict[str, Any] = {
    "name": "orders", "port": 80, "ratio": 0.5, "on": True, "off": False, "none": None, "list": ["a", "b"],
    "map": {"x": 1, "y": {"z": "deep"}}, "text": "it is {{ .Values.name }}", "empty": {},
}  # fmt: skip


def render(text: str, values: dict[str, Any] | None = None) -> tuple[str, list[int], list[tuple[int, str]]]:
    parsed = parse(text)
    rendering = Rendering(parsed.defines)
    root = {"Values": VALUES if values is None else values, "Release": {"Name": "shop"}, "Files": None}
    shown, lines = rendering.render(parsed, root)
    return shown, lines, rendering.unclear


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{{ .Values.name }}b", "aordersb"),
        ("{{ .Values.port }} {{ .Values.ratio }} {{ .Values.on }} {{ .Values.none }}", "80 0.5 true "),
        ("{{ .Values.missing }}|{{ .Values.missing.deeper }}", "|"),
        ("{{ .Values.map.y.z | upper | quote }}", '"DEEP"'),
        ("a  {{- .Values.name -}}  b", "aordersb"),
        ("{{/* why */}}a", "a"),
        ('{{ default "x" .Values.missing }}{{ .Values.name | default "x" }}', "xorders"),
        ('{{ printf "%s-%d-%q" .Values.name 3 "q" }}', 'orders-3-"q"'),
        ("{{ if .Values.on }}yes{{ else }}no{{ end }}", "yes"),
        ("{{ if .Values.off }}a{{ else if .Values.on }}b{{ else }}c{{ end }}", "b"),
        ("{{ if and .Values.on (not .Values.off) }}yes{{ end }}", "yes"),
        ('{{ if eq .Values.name "orders" }}yes{{ end }}{{ if ne .Values.port 80 }}no{{ end }}', "yes"),
        ("{{ with .Values.map }}{{ .x }}{{ else }}none{{ end }}", "1"),
        ("{{ with .Values.empty }}x{{ else }}none{{ end }}", "none"),
        ("{{ range .Values.list }}[{{ . }}]{{ end }}", "[a][b]"),
        ("{{ range $i, $v := .Values.list }}{{ $i }}={{ $v }};{{ end }}", "0=a;1=b;"),
        ("{{ range $k, $v := .Values.map }}{{ $k }} {{ end }}", "x y "),
        ("{{ range .Values.missing }}x{{ else }}none{{ end }}", "none"),
        ("{{ range .Values.list }}{{ $.Values.name }}{{ break }}{{ end }}", "orders"),
        ('{{ $x := .Values.name }}{{ if true }}{{ $x = "new" }}{{ end }}{{ $x }}', "new"),
        ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"),
        (
            '{{ define "t" }}<{{ .name }}>{{ end }}{{ include "t" .Values }}{{ template "t" .Values }}',
            "<orders><orders>",
        ),
        ("{{ tpl .Values.text $ }}", "it is orders"),
        ("{{ toYaml .Values.map | nindent 2 }}", "\n  x: 1\n  y:\n    z: deep"),
        ('{{ (index .Values.list 1) }}{{ (dict "a" 1).a }}', "b1"),
        ('{{ .Values.name | trunc 3 | trimSuffix "d" }}', "or"),
        ('{{ ternary "a" "b" .Values.on }}{{ coalesce .Values.none "c" }}', "ac"),
        ('{{ if semverCompare ">=1.19-0" "v1.30.0" }}new{{ end }}', "new"),
        ('{{ required "it is needed" .Values.name }}', "orders"),
        ('{{ if hasKey .Values "port" }}has{{ end }}{{ if contains "rd" .Values.name }}in{{ end }}', "hasin"),
        ('{{ join "," .Values.list }} {{ len .Values.list }} {{ add 1 2 }} {{ first .Values.list }}', "a,b 2 3 a"),
        ('{{ if .Capabilities.APIVersions.Has "x/v1" }}yes{{ end }}', "yes"),
    ],
)
def test_actions(text: str, expected: str) -> None:
    """Values, pipelines, conditions, loops, variables, named templates and the common functions."""
    shown, _, unclear = render(text)

    assert (shown, unclear) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ randAlphaNum 5 }}", f"a {MARK}"),
        ('a {{ include "nowhere" . }} b', f"a {MARK} b"),
        ("{{ if genCA }}yes{{ else }}no{{ end }}z", "z"),
        ("{{ now | quote }}", f'"{MARK}"'),
        ("{{ if eq (now) 1 }}yes{{ end }}", ""),
        ('{{ default "x" (now) }}', MARK),
    ],
)
def test_what_is_not_understood_is_marked_and_never_guessed(text: str, expected: str) -> None:
    """Neither branch of a condition that is not known is taken, and it is told."""
    shown, _, unclear = render(text)

    assert shown == expected
    assert unclear[0][0] == 1


def test_lines() -> None:
    """Each line of the text knows the line of the template it comes from."""
    text = "a: 1\n{{- if .Values.on }}\nb:\n  {{- toYaml .Values.map | nindent 2 }}\n{{- end }}\nc: 3\n"
    shown, lines, _ = render(text)

    assert list(zip(shown.split("\n"), lines, strict=True)) == [
        ("a: 1", 1),
        ("b:", 3),
        ("  x: 1", 4),
        ("  y:", 4),
        ("    z: deep", 4),
        ("c: 3", 6),
        ("", 7),
    ]


@pytest.mark.parametrize("text", ["{{ if .x }}", "{{ end }}", "{{ .x | }}", "{{ ( }}", '{{ define "a" }}', "{{ ^ }}"])
def test_broken_templates(text: str) -> None:
    """What cannot be read is told with its line."""
    with pytest.raises(Broken) as told:
        parse(f"a\n{text}")

    assert told.value.line == 2


@pytest.mark.parametrize(
    "text",
    [
        '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
        '{{ define "a" }}{{ range until 1000 }}{{ include "b" . }}{{ end }}{{ end }}'
        '{{ define "b" }}{{ range until 1000 }}x{{ end }}{{ end }}{{ include "a" . }}',
    ],
)
def test_templates_without_end(text: str) -> None:
    """A template that takes itself in, and one that does too much, are given up."""
    with pytest.raises(TooMuch):
        render(text)


@given(st.text(alphabet=st.sampled_from('{}- .|()$"`:=abdefinrwh\n'), max_size=200))
def test_total(text: str) -> None:
    """A text is a template or it is told why it is none."""
    with contextlib.suppress(Broken, TooMuch):
        render(text)


@pytest.mark.parametrize(
    "text",
    [
        '{{ $x := "a" }}{{ range until 60 }}{{ $x = printf "%s%s" $x $x }}{{ end }}',
        '{{ $x := list "a" }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}',
        '{{ $x := dict }}{{ range until 60 }}{{ $x = dict "a" $x "b" $x }}{{ end }}{{ toYaml $x }}',
        '{{ $x := dict }}{{ range until 500 }}{{ $x = dict "a" $x }}{{ end }}{{ $x }}',
        '{{ $x := dict }}{{ $y := dict "x" $x }}{{ $_ := set $x "y" $y }}{{ $x }}',
        "{{ $x := 2 }}{{ range until 900 }}{{ $x = add $x $x }}{{ end }}{{ $x }}",
        '{{ regexReplaceAll "(a*)*b" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" "x" }}',
        "{{ include }}", "{{ tpl }}", "{{ required }}",
    ],
)  # fmt: skip
def test_values_that_grow_without_end_are_not_known(text: str) -> None:
    """What doubles, holds itself, has no bound or no arguments is unknown, and told."""
    shown, _, unclear = render(text)

    assert MARK in shown or len(shown) < 200_000
    assert [line for line, _ in unclear[:1]] == [1]


def test_yaml_in_templates() -> None:
    """A text read as YAML gives values; its aliases are bounded as those of files are."""
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\\n" + "".join(
        f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\\n"
        for before, after in zip("abcdefg", "bcdefgh", strict=True)
    )

    assert render('{{ (fromYaml "a: {b: 1}").a.b }}{{ (fromJson "{\\"c\\": 2}").c }}')[0] == "12"
    assert len(render(f'{{{{ toYaml (fromYaml "{bomb}") }}}}')[0]) < 300_000
