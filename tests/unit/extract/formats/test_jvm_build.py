from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.formats.jvm_build import JvmBuildReader
from commlint.model.deployments import NOTHING_ELSE, ServiceDeclaration

EUREKA = "spring-cloud-starter-netflix-eureka-client"


def read(text: str, path: str = "orders/pom.xml") -> tuple[ServiceDeclaration, ...]:
    declarations, notices = JvmBuildReader().read(path, text.encode())
    assert notices == ()
    return declarations.services


def pom(*artifacts: str, more: str = "") -> str:
    dependencies = "".join(f"<dependency><artifactId>{each}</artifactId></dependency>\n" for each in artifacts)
    return (
        f"<project>\n{more}\n<artifactId>orders</artifactId>\n"
        f"<dependencies>\n{dependencies}</dependencies>\n<build><artifactId>x</artifactId></build>\n</project>"
    )


def uses(text: str, path: str = "orders/pom.xml") -> tuple[str, ...]:
    (found,) = read(text, path)
    return found.uses


def test_project() -> None:
    """A project is evidence of a service in its folder, under the name on its line."""
    (found,) = read(pom())

    assert (found.name, found.source_root, found.origin, found.extent.start_line) == (
        "orders",
        "orders",
        "jvm-build",
        3,
    )


@pytest.mark.parametrize("more", ["<packaging>pom</packaging>", "<modules><module>a</module></modules>"])
def test_projects_that_gather_others_are_none(more: str) -> None:
    """A parent builds nothing itself."""
    assert read(pom(more=more)) == ()


def test_modules_of_the_same_build() -> None:
    """Maven tells them by the group they share, Gradle by their path; what only tests need is none."""
    text = """<project><parent><groupId>shop</groupId></parent><artifactId>orders</artifactId><dependencies>
        <dependency><groupId>shop</groupId><artifactId>orders-rest</artifactId></dependency>
        <dependency><groupId>${project.groupId}</groupId><artifactId>orders-domain</artifactId></dependency>
        <dependency><groupId>org.other</groupId><artifactId>orders-other</artifactId></dependency>
        <dependency><groupId>shop</groupId><artifactId>orders-fakes</artifactId><scope>test</scope></dependency>
        </dependencies></project>"""
    gradle = """
        implementation project(":orders:rest")
        api(project(path = ":orders:domain", configuration = "default"))
        testImplementation(project(":orders:fakes"))
        """

    assert read(text)[0].needs == ("orders-rest", "orders-domain")
    assert read(gradle, "orders/build.gradle.kts")[0].needs == (":orders:rest", ":orders:domain")


@pytest.mark.parametrize(
    ("artifacts", "expected"),
    [
        ((EUREKA, "spring-boot-starter-amqp"), ("registry", "amqp")),
        (("spring-cloud-starter-config", "spring-kafka"), ("config", "kafka")),
        (("mysql-connector-java", "spring-boot-starter-data-redis"), ("redis", "mysql")),
        (("spring-boot-starter-web",), ()),
    ],
)
def test_libraries_tell_infrastructure(artifacts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """What a program has a client for; all of it, when no parent of the tree adds to it."""
    assert uses(pom(*artifacts)) == (*expected, NOTHING_ELSE)


@pytest.mark.parametrize(
    ("artifact", "kind"),
    [
        ("spring-cloud-starter-netflix-eureka-server", "registry"),
        ("spring-cloud-config-server", "config"),
        ("spring-cloud-starter-gateway", "gateway"),
        ("spring-boot-admin-starter-server", "observability"),
        (EUREKA, ""),
    ],
)
def test_libraries_tell_what_a_program_is(artifact: str, kind: str) -> None:
    """Servers of the infrastructure are programs with one library."""
    assert [each.kind for each in read(pom(artifact))] == [kind]


@pytest.mark.parametrize(("path", "kind"), [("orders/pom.xml", ""), ("hystrix-dashboard/pom.xml", "observability")])
def test_pages_that_ordinary_programs_show_too(path: str, kind: str) -> None:
    """A dashboard is one only when it is called so."""
    assert [each.kind for each in read(pom("spring-cloud-starter-netflix-hystrix-dashboard"), path)] == [kind]


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ("<parent><artifactId>spring-boot-starter-parent</artifactId></parent>", (NOTHING_ELSE,)),
        ("<parent><artifactId>shop</artifactId></parent>", ()),
    ],
)
def test_parents_of_the_tree_may_add_libraries(parent: str, expected: tuple[str, ...]) -> None:
    """Then it is not known what else a program talks to."""
    assert uses(pom(more=parent)) == expected


@pytest.mark.parametrize(
    "more",
    [
        f"<dependencyManagement><dependency><artifactId>{EUREKA}</artifactId></dependency></dependencyManagement>",
        f"<!-- <dependency><artifactId>{EUREKA}</artifactId></dependency> -->",
        f"<dependency><artifactId>{EUREKA}</artifactId><scope>test</scope></dependency>",
        f"<profiles><dependency><artifactId>{EUREKA}</artifactId></dependency></profiles>",
    ],
)
def test_what_is_no_library_of_the_program(more: str) -> None:
    """Versions that are only managed, comments, tests and profiles."""
    assert uses(pom(more=more)) == (NOTHING_ELSE,)


def test_gradle() -> None:
    """All notations of dependencies, comments and tests left aside."""
    text = f"""
    // implementation 'x:spring-kafka:1'
    dependencies {{
        implementation 'org.springframework.cloud:{EUREKA}'
        implementation("org.springframework.boot:spring-boot-starter-amqp:3.0")
        runtimeOnly group: 'mysql', name: 'mysql-connector-java', version: '8'
        testImplementation 'org.springframework.boot:spring-boot-starter-data-redis'
    }}
    """

    assert uses(text, "orders/build.gradle.kts") == ("registry", "amqp", "mysql")
    assert read("subprojects {\n implementation 'x:spring-kafka:1'\n}\n", "build.gradle") == ()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('applicationName = "cellar-server"', ("cellar-server", 2)),
        ("applicationName.set('cellar-server')", ("cellar-server", 2)),
        ('applicationName = "$prefix-server"', ("application", 1)),
        ('// applicationName = "old"', ("application", 1)),
    ],
)
def test_a_gradle_program_may_have_a_name_of_its_own(told: str, expected: tuple[str, int]) -> None:
    """Images and archives are called like the program, whatever its folder is called."""
    (found,) = read(f"application {{\n{told}\n}}", "cellar/application/build.gradle.kts")

    assert (found.name, found.extent.start_line) == expected


def plugin(name: str, more: str = "") -> str:
    return f"<build><plugins><plugin><artifactId>{name}</artifactId>{more}</plugin></plugins></build>"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (pom(more=plugin("spring-boot-maven-plugin")), "pom.xml", True),
        (pom(more=plugin("quarkus-maven-plugin")), "pom.xml", True),
        (pom(more=plugin("maven-compiler-plugin")), "pom.xml", False),
        (
            pom(more=plugin("spring-boot-maven-plugin", "<configuration><skip>true</skip></configuration>")),
            "pom.xml",
            False,
        ),
        (pom(more=f"<pluginManagement>{plugin('spring-boot-maven-plugin')}</pluginManagement>"), "pom.xml", False),
        ("plugins { id 'org.springframework.boot' version '3' }", "build.gradle", True),
        ('plugins {\n  id("org.springframework.boot") version "3" apply false\n}', "build.gradle.kts", False),
        ("apply plugin: 'application'", "build.gradle", True),
        ("plugins {\n    application\n}", "build.gradle.kts", True),
        ("plugins { id 'org.springframework.boot' }\nbootJar { enabled = false }", "build.gradle", False),
        ("plugins { id 'java-library' }", "build.gradle", False),
    ],
)
def test_builds_of_programs(text: str, path: str, expected: bool) -> None:
    """A plug-in that makes something to start says so, unless it is only named or switched off."""
    (found,) = read(text, path)

    assert (found.origin == "jvm-program-build") is expected


@given(st.text(alphabet=st.sampled_from("<>/!-adeilmnopst'\":\n "), max_size=300))
def test_total(text: str) -> None:
    """Whatever a file holds, something is answered."""
    for path in ("pom.xml", "build.gradle"):
        declarations, _ = JvmBuildReader().read(path, text.encode())
        assert declarations.format == "jvm-build"
