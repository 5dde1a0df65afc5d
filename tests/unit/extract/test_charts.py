"""Charts: what their templates declare."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.charts import rendered
from commlint.extract.extract import extract
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.facts import FactSet, FileFacts
from commlint.model.traffic import TrafficPolicy
from commlint.model.values import Literal, Unknown

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
DEPLOYMENT = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "shop.name" . }}
    spec:
      template:
        spec:
          containers:
          - name: main
            image: "{{ .Values.image }}:{{ .Values.tag | default .Chart.AppVersion }}"
            env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            - name: SECRET
              value: {{ randAlphaNum 10 }}
    """
HELPERS = '{{- define "shop.name" -}}{{ default .Chart.Name .Values.nameOverride }}{{- end -}}\n'
VALUES = "image: x/orders\nenv:\n  STOCK_URL: http://stock:80\n"


def facts(**files: str) -> FactSet:
    """Files of a chart; `__` is a folder, `templates__a` is `shop/templates/a.yaml`."""
    found = []
    for name, text in files.items():
        path = f"shop/{name.replace('__', '/')}{'' if name.endswith('_tpl') else '.yaml'}".replace("_tpl", ".tpl")
        found.append(extract(path, dedent(text).encode()))
    return rendered(FactSet.of(found))


def file(given: FactSet, path: str) -> FileFacts:
    return next(each for each in given if each.path == path)


def services(given: FactSet) -> list[ServiceDeclaration]:
    return [item for each in given if each.declarations for item in each.declarations.services]


def bindings(given: FactSet) -> dict[str, Binding]:
    return {item.name: item for each in given if each.declarations for item in each.declarations.bindings}


def rules(given: FactSet) -> list[TrafficPolicy]:
    return [item for each in given if each.declarations for item in each.declarations.traffic]


def test_deployment_of_a_chart() -> None:
    """Values, helpers and loops become a workload with its environment, in the lines of the template."""
    found = facts(Chart=CHART, values=VALUES, templates___helpers_tpl=HELPERS, templates__app=DEPLOYMENT)
    (service,) = services(found)

    assert (service.name, service.image, service.extent.start_line) == ("shop", "x/orders", 4)
    assert bindings(found)["STOCK_URL"].value == Literal("http://stock:80")
    assert bindings(found)["STOCK_URL"].extent.start_line == 13


def test_what_is_not_understood_is_unknown() -> None:
    """A value worked out by a function that is not known is unknown, with a notice at its line."""
    found = facts(Chart=CHART, values=VALUES, templates___helpers_tpl=HELPERS, templates__app=DEPLOYMENT)
    (notice,) = file(found, "shop/templates/app.yaml").notices

    assert isinstance(bindings(found)["SECRET"].value, Unknown)
    assert (notice.line, "randAlphaNum" in notice.message) == (17, True)


def test_name_that_is_not_known_declares_nothing() -> None:
    """Rather no service than a wrong one."""
    assert services(facts(Chart=CHART, values=VALUES, templates__app=DEPLOYMENT)) == []


VIRTUAL = """\
    {{- if .Values.mesh.enabled }}
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: stock}
    spec:
      hosts: [stock]
      http:
      - route: [{destination: {host: stock}}]
        timeout: {{ .Values.mesh.timeout }}
        retries: {attempts: {{ .Values.mesh.attempts | default 2 }}, retryOn: {{ now }}}
    {{- end }}
    """


def test_routes_of_a_chart() -> None:
    """A rule has the values of the chart; what is off by default is not there."""
    found = facts(Chart=CHART, values="mesh: {enabled: true, timeout: 3s}\n", templates__mesh=VIRTUAL)
    (rule,) = rules(found)

    assert (rule.timeout, rule.retries, rule.retry_on) == ((Literal(3.0),), Literal(2), "")
    assert rule.extent.start_line == 8
    assert rules(facts(Chart=CHART, values="mesh: {enabled: false}\n", templates__mesh=VIRTUAL)) == []


def test_rule_that_is_open_is_unknown() -> None:
    """A timeout that nobody knows is no timeout of another length."""
    text = VIRTUAL.replace("{{ .Values.mesh.timeout }}", "{{ now }}")
    (rule,) = rules(facts(Chart=CHART, values="mesh: {enabled: true}\n", templates__mesh=text))

    assert isinstance(rule.timeout[0], Unknown)


SERVICE = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Values.name }}}\n" \
    "spec: {template: {spec: {containers: [{name: a, image: {{ .Values.global.image }}}]}}}\n"  # fmt: skip


def test_charts_inside_a_chart() -> None:
    """A chart is given the values under its name and the global ones, unless its condition is off."""
    chart = CHART + "dependencies: [{name: stock, condition: stock.enabled}, {name: mail, condition: mail.enabled}]\n"
    found = facts(
        Chart=chart,
        values="global: {image: x/y}\nstock: {name: stocks}\nmail: {enabled: false, name: mails}\n",
        charts__stock__Chart="name: stock\n",
        charts__stock__values="name: other\n",
        charts__stock__templates__app=SERVICE,
        charts__mail__Chart="name: mail\n",
        charts__mail__templates__app=SERVICE,
    )

    assert [(each.name, each.image) for each in services(found)] == [("stocks", "x/y")]


def test_chart_taken_in_twice() -> None:
    """A chart for all services is installed under the names its dependents give it, and not by itself."""
    dependency = "{name: app, alias: %s, repository: 'file://../common'}"
    files = {
        "shop/Chart.yaml": f"{CHART}dependencies: [{dependency % 'a'}, {dependency % 'b'}]\n",
        "shop/values.yaml": "global: {image: x/y}\na: {name: orders}\nb: {name: stock}\n",
        "common/Chart.yaml": "name: app\n",
        "common/values.yaml": "name: none\n",
        "common/templates/app.yaml": SERVICE,
    }
    found = rendered(FactSet.of([extract(path, text.encode()) for path, text in files.items()]))

    assert sorted(each.name for each in services(found)) == ["orders", "stock"]


def test_chart_that_takes_itself_in() -> None:
    """It is given up, and told."""
    helpers = '{{- define "shop.name" -}}{{ include "shop.name" . }}{{- end -}}\n'
    found = facts(Chart=CHART, values=VALUES, templates___helpers_tpl=helpers, templates__app=DEPLOYMENT)

    assert services(found) == []
    assert "without end" in file(found, "shop/templates/app.yaml").notices[0].message


def test_broken_template_and_template_without_a_chart() -> None:
    """Both are told, and nothing else is lost."""
    found = facts(Chart=CHART, values=VALUES, templates___helpers_tpl=HELPERS, templates__app=DEPLOYMENT,
                  templates__broken="apiVersion: {{ if }}\n")  # fmt: skip

    assert len(services(found)) == 1
    assert "cannot be read" in file(found, "shop/templates/broken.yaml").notices[0].message
    assert file(facts(templates__app=DEPLOYMENT), "shop/templates/app.yaml").notices[0].minor


def test_facts_without_charts_stay_as_they_are() -> None:
    """Nothing is made anew."""
    given = FactSet.of([extract("k8s/a.yaml", b"apiVersion: v1\nkind: Service\nmetadata: {name: a}\n")])

    assert rendered(given) is given


def test_charts_that_take_in_each_other() -> None:
    """One of a ring is rendered, and the ring is told."""
    chart = "name: {}\ndependencies: [{{name: {}, repository: 'file://../{}'}}]\n"
    files = {
        "a/Chart.yaml": chart.format("a", "b", "b"),
        "b/Chart.yaml": chart.format("b", "a", "a"),
        "b/templates/app.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 1}]}",
    }
    found = rendered(FactSet.of([extract(path, text.encode()) for path, text in files.items()]))

    assert "take in each other" in file(found, "a/Chart.yaml").notices[0].message
    assert [each.name for each in services(found)] == ["x"]


def test_a_template_that_is_not_there_leaves_its_place_open() -> None:
    """`template` of a name that nothing defines prints what is not known, as `include` does."""
    deployment = DEPLOYMENT.replace('{{ include "shop.name" . }}', '{{ template "shop.other" . }}')
    found = facts(Chart=CHART, values=VALUES, templates__app=deployment)

    assert "shop" not in {each.name for each in services(found)}
    assert (
        'the template "shop.other", which is not in the tree'
        in file(found, "shop/templates/app.yaml").notices[0].message
    )
