"""Modules of Go as evidence of services."""

from commlint.extract.formats.go_build import GoBuildReader


def test_a_module_in_a_folder_is_evidence_of_a_service() -> None:
    """It is called like the last part of its path that is no version."""
    found, notices = GoBuildReader().read("orders/go.mod", b"// x\nmodule example.com/shop/orders/v2\n\ngo 1.22\n")

    (service,) = found.services
    assert (service.name, service.source_root, service.extent.start_line) == ("orders", "orders", 2)
    assert notices == ()


def test_a_module_of_the_whole_tree_is_none() -> None:
    """Its programs are told by their start modules."""
    assert GoBuildReader().read("go.mod", b"module example.com/shop\n")[0].services == ()
    assert GoBuildReader().read("a/go.mod", b"go 1.22\n")[0].services == ()
