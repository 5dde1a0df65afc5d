"""Which parts of a tree a program is made of."""

from commlint.link.parts import Parts, left_out
from commlint.model.declarations import BuildPart

PARTS = (
    BuildPart("Orders.Api", "orders/Orders.Api", ("orders/Orders.Core",)),
    BuildPart("Orders.Core", "orders/Orders.Core", packages=("Shop.Common",)),
    BuildPart("Stock.Core", "stock/Stock.Core"),
    BuildPart("Shop.Common", "common"),
)


def test_a_program_is_made_of_what_its_parts_refer_to() -> None:
    """Through any number of references, and through a package that is made of another part of the tree."""
    assert Parts(PARTS).taken({"orders/Orders.Api"}) == {"orders/Orders.Api", "orders/Orders.Core", "common"}


def test_the_parts_below_the_folder_of_a_program_are_its_own() -> None:
    """An image that is built in the folder around takes them all in."""
    assert Parts(PARTS).taken({"orders"}) == {"orders/Orders.Api", "orders/Orders.Core", "common"}


def test_what_a_program_does_not_refer_to_is_no_part_of_it() -> None:
    """Files of other parts are left out; files of no part may be anybody's."""
    parts = Parts(PARTS)
    taken = parts.taken({"orders/Orders.Api"})
    apart = parts.apart(taken)

    assert left_out("stock/Stock.Core/Item.cs", taken, apart)
    assert not left_out("common/Clock.cs", taken, apart)
    assert not left_out("tools/seed.cs", taken, apart)


def test_a_build_that_may_take_in_more_leaves_nothing_out() -> None:
    """Sources linked from elsewhere cannot be told from here."""
    parts = Parts((*PARTS[:1], BuildPart("Orders.Core", "orders/Orders.Core", whole=True), *PARTS[2:]))

    assert parts.apart(parts.taken({"orders/Orders.Api"})) == frozenset()


def test_a_folder_without_a_build_file_tells_nothing() -> None:
    """A service whose folder no part stands in may run anything it reaches."""
    parts = Parts(PARTS)

    assert parts.apart(parts.taken({"web"})) == frozenset()
