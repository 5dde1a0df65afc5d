from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.formats.kubernetes import KubernetesReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import Port
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch
from commlint.model.values import ConfigRead, EnvironmentRead, Literal, Template, Unknown, Value


def read(text: str, path: str = "k8s/orders.yaml") -> Declarations:
    declarations, notices = KubernetesReader().read(path, dedent(text).encode())
    assert notices == ()
    return declarations


def deployment(containers: str, kind: str = "Deployment", more: str = "") -> Declarations:
    return read(
        f"""
        apiVersion: apps/v1
        kind: {kind}
        metadata: {{name: orders, namespace: shop}}
        spec:
          template:
            metadata: {{labels: {{app: orders, tier: back}}}}
            spec: {{containers: {containers}{more}}}
        """
    )


def values(declarations: Declarations, scope: str = "service:orders") -> list[tuple[str, Value]]:
    return [(binding.name, binding.value) for binding in declarations.bindings if binding.scope == scope]


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("a.yaml", b"apiVersion: apps/v1\nkind: Deployment\n", True),
        ("a.yml", b"# x\n---\nkind: 'Service'\napiVersion: v1\n", True),
        ("a.yaml", b'{"apiVersion": "v1", "kind": "Service"}', True),
        ("a.yaml", b"apiVersion: v1\nkind: List\nitems: []\n", True),
        ("a.yaml", b"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n", False),
        ("a.yaml", b"x:\n  apiVersion: v1\n  kind: Service\n", False),
        ("a.json", b'{"apiVersion": "v1", "kind": "Service"}', False),
        (
            "kustomization.yaml",
            b"apiVersion: v1\npatches: [{target: {kind: Deployment}}]\n",
            False,
        ),
        ("chart/templates/a.yaml", b"apiVersion: v1\nkind: {{ .Values.kind }}\n", False),
        ("chart/templates/a.yaml", b"{{ include }}\n", False),
    ],
)
def test_claims(path: str, source: bytes, expected: bool) -> None:
    """A file counts when it is YAML with an API version at the top and a kind that is read."""
    assert KubernetesReader().claims(path, source) is expected


def test_deployment() -> None:
    """A workload is a service with its image, command, ports and labels, at its name."""
    found = deployment(
        "[{name: main, image: shop/orders:1, command: [python], args: [-m, orders],"
        " ports: [{containerPort: 8080, name: http}]}]"
    )

    service = found.services[0]
    assert (service.name, service.origin, service.namespace) == ("orders", "kubernetes", "shop")
    assert (service.image, service.command) == ("shop/orders:1", ("python", "-m", "orders"))
    assert service.ports == (Port(8080, None, "http"),)
    assert service.selects == (("app", "orders"), ("tier", "back"))
    assert service.extent == Extent(4, 18, 4, 24)


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "ReplicationController"])
def test_other_workloads(kind: str) -> None:
    """Every kind with a pod template is a service."""
    assert [service.name for service in deployment("[{image: a}]", kind).services] == ["orders"]


@pytest.mark.parametrize(
    "manifest",
    [
        "kind: Job\nmetadata: {name: orders}\nspec: {template: {spec: {containers: [{image: postgres}]}}}",
        "kind: Job\nmetadata: {generateName: orders-}\nspec: {template: {spec: {containers: [{image: a}]}}}",
        "kind: CronJob\nmetadata: {name: orders}\n"
        "spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: a}]}}}}}",
    ],
)
def test_jobs(manifest: str) -> None:
    """What runs to its end is a job, whatever its image."""
    found = read(f"apiVersion: batch/v1\n{manifest}\n")

    assert [(service.name, service.kind) for service in found.services] == [("orders", "job")]


def test_pod_and_knative_service() -> None:
    """A bare pod has its own labels; a Knative service is a workload, not a Service."""
    pod = read("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {x: y}}\nspec: {containers: [{image: b}]}\n")
    knative = read(
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n"
        "spec: {template: {spec: {containers: [{image: b}]}}}\n"
    )

    assert pod.services[0].selects == (("x", "y"),)
    assert (knative.services[0].origin, knative.services[0].image) == ("kubernetes", "b")


def test_kind_of_stock_image() -> None:
    """A workload that runs a stock image is infrastructure."""
    assert deployment("[{image: 'redis:7'}]").services[0].kind == "cache"


def test_sidecars_and_init_containers_are_no_service() -> None:
    """The first container that is no proxy or agent is the service; the others only lend ports and variables."""
    found = deployment(
        "[{name: istio-proxy, image: istio/proxyv2, env: [{name: P, value: '0'}]},"
        " {name: main, image: shop/orders, env: [{name: A, value: '1'}], ports: [{containerPort: 80}]},"
        " {name: admin, image: shop/admin, env: [{name: A, value: '2'}, {name: B, value: '3'}],"
        " ports: [{containerPort: 81}]}]",
        more=", initContainers: [{image: shop/migrate, env: [{name: I, value: '4'}]}]",
    )

    assert [service.image for service in found.services] == ["shop/orders"]
    assert found.services[0].ports == (Port(80), Port(81))
    assert values(found) == [("A", Literal("1")), ("B", Literal("3"))]


def test_lone_proxy_is_the_service() -> None:
    """A workload of nothing but a proxy is that proxy."""
    assert deployment("[{name: envoy, image: envoyproxy/envoy}]").services[0].kind == "gateway"


def test_environment() -> None:
    """Text, references to other variables, to ConfigMaps and Secrets, and what only the pod knows."""
    found = deployment(
        """[{image: a, env: [
              {name: HOST, value: stock},
              {name: URL, value: "http://$(HOST):80"},
              {name: NOTHING},
              {name: LEVEL, valueFrom: {configMapKeyRef: {name: common, key: level}}},
              {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: token}}},
              {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]}]"""
    )

    assert values(found) == [
        ("HOST", Literal("stock")),
        ("URL", Template((Literal("http://"), EnvironmentRead("HOST"), Literal(":80")))),
        ("NOTHING", Literal("")),
        ("LEVEL", ConfigRead("configmap:common/level")),
        ("TOKEN", ConfigRead("secret:keys/token")),
        ("IP", Unknown("known to the running pod only: status.podIP")),
    ]


def test_whole_maps_come_before_single_variables() -> None:
    """`envFrom` is taken over first, with its prefix, so that `env`, which comes later, wins."""
    found = deployment(
        "[{image: a, env: [{name: A, value: b}],"
        " envFrom: [{configMapRef: {name: common}}, {prefix: S_, secretRef: {name: keys}}]}]"
    )

    assert values(found) == [
        ("*", ConfigRead("configmap:common")),
        ("S_*", ConfigRead("secret:keys")),
        ("A", Literal("b")),
    ]


def test_service() -> None:
    """A Service has the ports callers dial, where they lead, and the labels it selects."""
    found = read(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: orders, namespace: shop}
        spec:
          selector: {tier: back, app: orders}
          ports:
            - {port: 80, targetPort: http, name: web, nodePort: 30080}
            - {port: 9090}
        """
    )

    service = found.services[0]
    assert (service.name, service.origin, service.namespace) == ("orders", "kubernetes-service", "shop")
    assert service.ports == (Port(80, 30080, "web", "http"), Port(9090, None, "", "9090"))
    assert service.selects == (("app", "orders"), ("tier", "back"))


def test_external_name() -> None:
    """A Service that stands for a host elsewhere has that host as its alias."""
    found = read("apiVersion: v1\nkind: Service\nmetadata: {name: pay}\nspec: {externalName: pay.example.com}\n")

    assert found.services[0].aliases == ("pay.example.com",)


def test_config_map_and_secret() -> None:
    """Values of a ConfigMap are text, also whole files; of a Secret only the names are kept."""
    found = read(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: common}
        data:
          level: debug
          app.ini: |
            [a]
            b=c
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: keys}
        data: {token: c2VjcmV0}
        stringData: {plain: hidden}
        """
    )

    assert values(found, "configmap:common") == [("level", Literal("debug")), ("app.ini", Literal("[a]\nb=c\n"))]
    assert values(found, "secret:keys") == [("token", Unknown("secret")), ("plain", Unknown("secret"))]
    assert "hidden" not in repr(found)
    assert "c2VjcmV0" not in repr(found)


def test_ingress() -> None:
    """Rules of an Ingress are routes with host, prefix, target and port; the default backend has no host."""
    found = read(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop}
        spec:
          defaultBackend: {service: {name: web, port: {name: http}}}
          rules:
            - host: shop.example.com
              http:
                paths:
                  - path: /orders
                    backend: {service: {name: orders, port: {number: 80}}}
            - http: {paths: [{backend: {service: {name: stock, port: {number: 81}}}}]}
        """
    )

    assert [(route.host, route.path, route.target, route.port, route.rewrite) for route in found.routes] == [
        ("", "/", "web", "http", None),
        ("shop.example.com", "/orders", "orders", "80", None),
        ("", "/", "stock", "81", None),
    ]
    assert found.routes[1].extent.start_line == 11


@pytest.mark.parametrize(
    ("path", "target", "prefix", "rewrite"),
    [
        ("/orders", "/", "/orders", "/"),
        ("/orders(/|$)(.*)", "/$2", "/orders", "/"),
        ("/orders/(.*)", "/v1/$1", "/orders", "/v1/"),
        ("/orders/?(.*)", "/$1", "/orders", "/"),
        ("/(.*)", "/$1", "/", "/"),
    ],
)
def test_ingress_rewrite(path: str, target: str, prefix: str, rewrite: str) -> None:
    """Prefix and rewrite are read as far as they are plain, before groups and what they caught."""
    found = read(
        f"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {{name: shop, annotations: {{nginx.ingress.kubernetes.io/rewrite-target: '{target}'}}}}
        spec: {{rules: [{{http: {{paths: [{{path: '{path}', backend: {{service: {{name: a}}}}}}]}}}}]}}
        """
    )

    assert [(route.path, route.rewrite) for route in found.routes] == [(prefix, rewrite)]


def test_older_ingress() -> None:
    """The beta form names service and port side by side."""
    found = read(
        """
        apiVersion: extensions/v1beta1
        kind: Ingress
        metadata: {name: shop}
        spec:
          rules: [{http: {paths: [{path: /a, backend: {serviceName: orders, servicePort: 80}}]}}]
        """
    )

    extent, match = found.routes[0].extent, RouteMatch("/a", "prefix")
    assert found.routes == (GatewayRoute("shop", "", "/a", "orders", "80", None, extent, match=match),)


def test_lists() -> None:
    """A List holds manifests, also of a kind of its own."""
    found = read(
        """
        apiVersion: v1
        kind: List
        items:
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: "1"}}
          - {apiVersion: v1, kind: ServiceList, items: [
              {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 1}]}}]}
        """
    )

    assert values(found, "configmap:a") == [("x", Literal("1"))]
    assert [service.name for service in found.services] == ["b"]


@pytest.mark.parametrize(
    "manifest",
    [
        "kind: Deployment\nmetadata: {name: orders}\nspec: {replicas: 3}",
        "kind: Deployment\nmetadata: {name: orders}\n$patch: delete",
        "kind: Service\nmetadata: {name: orders}\nspec: {type: NodePort}",
        "kind: Deployment\nspec: {template: {spec: {containers: [{image: a}]}}}",
    ],
)
def test_patches_that_state_nothing(manifest: str) -> None:
    """A patch that only scales, changes the type or deletes declares no service, nor does one without a name."""
    assert read(f"apiVersion: v1\n{manifest}\n").services == ()


def test_patch_adds_what_it_has() -> None:
    """A patch with variables for a container states no image, and the variables."""
    found = deployment("[{name: main, env: [{name: A, value: b}]}]")

    assert found.services[0].image == ""
    assert values(found) == [("A", Literal("b"))]


def test_documents_around_a_broken_one() -> None:
    """A broken document is told with its line, those before and after it are read."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {{name: {0}}}\nspec: {{ports: [{{port: 1}}]}}\n"
    source = f"{service.format('a')}---\nkind: [\n---\n{service.format('b')}"

    declarations, notices = KubernetesReader().read("a.yaml", source.encode())

    assert [(each.name, each.extent.start_line) for each in declarations.services] == [("a", 3), ("b", 10)]
    assert [notice.line for notice in notices] == [7]


@settings(deadline=None)
@given(st.text(alphabet="kind: DeploymentServc\nspetalrn[]{}'\",-&*<", max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever the file holds, there is an answer."""
    declarations, _ = KubernetesReader().read("a.yaml", f"apiVersion: v1\n{text}".encode())

    assert declarations.format == "kubernetes"
