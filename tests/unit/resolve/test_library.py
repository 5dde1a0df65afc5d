"""What the library models tell of names, and the cheap tests before they are asked."""

from __future__ import annotations

import pytest

from commlint.model.operations import Role
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from commlint.resolve.library import Library

from ..programs import catalogue, program_of

LANGUAGES = sorted({model.language for model in catalogue().models})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_the_models_tell_passes_the_cheap_test(language: str) -> None:
    """No site, type or alias is left out because the test says that nothing can be there."""
    library = Library(catalogue(), language)
    names = [name for model in library.models for site in model.sites for name in site.names if "{" not in name]
    names.extend((*library.types, *library.aliases))

    assert [name for name in names if "." in name and not library.may_hold(*_split(name))] == []


def test_a_generated_name_passes_the_cheap_test() -> None:
    """What a pattern of names tells may lie in any package."""
    library = Library(catalogue(), "csharp")
    name = "Shop.Contracts.Basket.BasketClient.GetBasketAsync"

    assert library.sites(name)
    assert library.may_hold(*_split(name))


def test_an_inherited_and_a_renamed_name_pass_the_cheap_test() -> None:
    """Bases and aliases of library types are followed, so their owners may hold anything."""
    library = Library(catalogue(), "python")
    derived = next(name for name, told in sorted(library.types.items()) if told.bases)
    alias = min(name for name in library.aliases if "." in name)

    assert library.may_hold(derived, "whatever_a_base_has")
    assert library.may_hold(alias, "whatever_it_stands_for_has")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_model_names_does_not_pass(language: str) -> None:
    """The test would be of no use if it let everything through."""
    assert not Library(catalogue(), language).may_hold("shop.orders", "place_an_order_now")


def test_a_property_called_like_its_type_is_either() -> None:
    """Nothing is known of the object, and what the library says of its type still is."""
    files = {
        "shop/Orders.cs": """
            using Microsoft.EntityFrameworkCore;
            namespace Shop;
            public class Orders<T>(Context context) where T : class
            {
                protected DbSet<T> DbSet { get; } = context.Set<T>();

                public async Task Add(T entity) { await DbSet.AddAsync(entity); }
            }
        """,
    }

    assert [each.protocol for each in recognize(program_of(files)).operations] == ["sql"]


@pytest.mark.parametrize(("parameter", "is_known"), [("int many", True), ("Address stock", False)])
def test_a_variable_goes_before_a_package_of_its_name(parameter: str, is_known: bool) -> None:
    """Java takes the variable where both may be meant, though the package would give an address."""
    files = {
        "src/stock/Urls.java": 'package stock; public class Urls { public static final String BASE = "http://stock"; }',
        "src/shop/Client.java": f"""
            package shop;
            import org.springframework.web.client.RestTemplate;
            public class Client {{
                public String ask({parameter}) {{
                    return new RestTemplate().getForObject(stock.Urls.BASE + "/api", String.class);
                }}
            }}
        """,
    }
    found = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]

    assert ["http://stock" in show(each.address.url) for each in found if each.address.url] == [is_known]


def _split(name: str) -> tuple[str, str]:
    owner, _, member = name.rpartition(".")
    return owner, member
