"""Project files of .NET: which of them are programs, and what they are built with."""

from commlint.extract.formats.dotnet_build import DotnetBuildReader
from commlint.model.declarations import BuildPart, FolderImport
from commlint.model.deployments import ServiceDeclaration

PATH = "src/Ordering/Ordering.API/Ordering.API.csproj"


def services(text: str, path: str = PATH) -> tuple[ServiceDeclaration, ...]:
    reader = DotnetBuildReader()
    assert reader.claims(path, text.encode())
    return reader.read(path, text.encode())[0].services


def test_a_web_project_is_a_program_with_the_projects_it_refers_to() -> None:
    """Folders from the root of the tree; what lies outside of it is left out."""
    (found,) = services(
        """<Project Sdk="Microsoft.NET.Sdk.Web">
        <ItemGroup>
          <ProjectReference Include="..\\Ordering.Application\\Ordering.Application.csproj" />
          <ProjectReference Include="../../Shared/Messaging/Messaging.csproj" />
          <ProjectReference Include="..\\..\\..\\..\\Elsewhere\\Elsewhere.csproj" />
          <!-- <ProjectReference Include="..\\Old\\Old.csproj" /> -->
        </ItemGroup></Project>"""
    )

    assert (found.name, found.origin, found.source_root) == (
        "Ordering.API",
        "dotnet-application",
        "src/Ordering/Ordering.API",
    )
    assert found.copies == ("src/Ordering/Ordering.Application", "src/Shared/Messaging")


def test_an_executable_is_a_program_by_its_assembly_name() -> None:
    """Workers and plain executables too."""
    (found,) = services(
        '<Project Sdk="Microsoft.NET.Sdk"><OutputType>Exe</OutputType><AssemblyName>mailer</AssemblyName></Project>'
    )

    assert found.name == "mailer"
    assert services('<Project Sdk="Microsoft.NET.Sdk.Worker"></Project>')


def test_libraries_and_tests_are_no_programs() -> None:
    """Nor the host that starts everything on the machine of a developer."""
    assert services('<Project Sdk="Microsoft.NET.Sdk"></Project>') == ()
    assert services('<Project Sdk="Microsoft.NET.Sdk.Web"><IsTestProject>true</IsTestProject></Project>') == ()
    assert (
        services(
            '<Project Sdk="Microsoft.NET.Sdk"><OutputType>Exe</OutputType><IsAspireHost>true</IsAspireHost></Project>'
        )
        == ()
    )


def test_broken_text_says_what_it_still_says() -> None:
    """No error on bytes that are no XML."""
    assert services('<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup \x00 <<<') != ()


def test_what_a_project_brings_into_all_its_sources() -> None:
    """`Using` of a project, or of a file that projects import, holds for its folder; comments say nothing."""
    text = """<Project>
      <!-- <Using Include="Gone" /> -->
      <ItemGroup>
        <Using Include="Dapr.Client" />
        <Using Include="Shop.Guids" Static="true" />
        <Using Include="Shop.Money" Alias="Money" />
      </ItemGroup>
    </Project>"""

    declarations, _ = DotnetBuildReader().read("src/GlobalUsings.props", text.encode())

    assert declarations.imports == (
        FolderImport("csharp", "src", "Dapr.Client", 4),
        FolderImport("csharp", "src", "Shop.Guids", 5, of_type=True),
        FolderImport("csharp", "src", "Shop.Money", 6, local="Money"),
    )
    assert not declarations.parts


def test_a_library_is_a_part_of_what_refers_to_it() -> None:
    """Its folder with the projects and packages it is built with; sources from elsewhere make it open."""
    text = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
      <ProjectReference Include="..\\Core\\Core.csproj" /><PackageReference Include="Shop.Common" Version="1" />
    </ItemGroup></Project>"""
    path = "src/Orders.Domain/Orders.Domain.csproj"

    declarations, _ = DotnetBuildReader().read(path, text.encode())
    linked = text.replace("<ItemGroup>", '<ItemGroup><Compile Include="..\\..\\shared\\Clock.cs" Link="Clock.cs" />')

    assert declarations.services == ()
    assert declarations.parts == (BuildPart("Orders.Domain", "src/Orders.Domain", ("src/Core",), ("Shop.Common",)),)
    assert DotnetBuildReader().read(path, linked.encode())[0].parts[0].whole
