"""What handlers of messages do to databases in Java: repositories, statements and entity managers."""

from __future__ import annotations

from commlint.model.operations import Role
from tests.unit.recognize.test_java import operations


def effects(body: str, **files: str) -> list[tuple[str, str]]:
    """Protocol and effect of each client call in a class with this body."""
    service = f"class Service {{ {body} }}"
    imports = """
    import jakarta.persistence.EntityManager;
    import org.springframework.data.mongodb.core.MongoTemplate;
    import org.springframework.jdbc.core.JdbcTemplate;
    """
    found = operations(Role.CLIENT, Service=imports + service, **files)
    return [(each.protocol, each.effect) for each in found]


def test_a_repository_of_the_tree_does_what_its_library_does() -> None:
    orders = """
    import org.springframework.data.jpa.repository.JpaRepository;
    interface Orders extends JpaRepository<Order, Long> {}
    """
    body = """
    private final Orders orders;
    Service(Orders orders) { this.orders = orders; }
    void go(Order order) { orders.findById(1L); orders.save(order); orders.deleteById(1L); }
    """

    assert effects(body, Orders=orders) == [("sql", "read"), ("sql", "set"), ("sql", "delete")]


def test_a_repository_of_documents() -> None:
    orders = """
    import org.springframework.data.mongodb.repository.MongoRepository;
    interface Orders extends MongoRepository<Order, String> {}
    """
    body = """
    private final Orders orders;
    Service(Orders orders) { this.orders = orders; }
    void go(Order order) { orders.insert(order); orders.save(order); }
    """

    assert effects(body, Orders=orders) == [("mongodb", "insert"), ("mongodb", "set")]


def test_a_repository_that_does_not_tell_its_database_is_left_alone() -> None:
    orders = """
    import org.springframework.data.repository.CrudRepository;
    interface Orders extends CrudRepository<Order, Long> {}
    """
    body = """
    private final Orders orders;
    Service(Orders orders) { this.orders = orders; }
    void go(Order order) { orders.save(order); }
    """

    assert effects(body, Orders=orders) == []


def test_a_statement_tells_its_effect() -> None:
    body = """
    private final JdbcTemplate jdbc;
    Service(JdbcTemplate jdbc) { this.jdbc = jdbc; }
    void go() {
        jdbc.update("INSERT INTO orders VALUES (?)", 1);
        jdbc.update("INSERT INTO orders VALUES (?) ON CONFLICT DO NOTHING", 1);
        jdbc.update("UPDATE stock SET quantity = quantity - 1");
        jdbc.queryForList("SELECT * FROM orders");
    }
    """

    assert [effect for _, effect in effects(body)] == ["insert", "upsert", "increment", "read"]


def test_an_entity_manager() -> None:
    body = """
    private final EntityManager store;
    Service(EntityManager store) { this.store = store; }
    void go(Order order) { store.persist(order); store.merge(order); store.remove(order); }
    """

    assert effects(body) == [("sql", "insert"), ("sql", "set"), ("sql", "delete")]


def test_what_a_repository_stores() -> None:
    """A new object whose key the database gives is one more; what is given a key, or was there, is written over."""
    entity = """
    import jakarta.persistence.*;
    @Entity class Order { @Id %s private Long id; private String sku; Order(String sku) { this.sku = sku; } }
    """
    orders = """
    import org.springframework.data.jpa.repository.JpaRepository;
    interface Orders extends JpaRepository<Order, Long> { boolean existsBySku(String sku); }
    """
    body = """
    private final Orders orders;
    Service(Orders orders) { this.orders = orders; }
    void go(String sku) { orders.existsBySku(sku); orders.save(new Order(sku)); }
    """

    def told(key: str) -> list[str]:
        return [effect for _, effect in effects(body, Orders=orders, Order=entity % key)]

    assert told("@GeneratedValue") == ["read", "insert"]
    assert told("@GeneratedValue @Column(unique = true)") == ["read", "upsert"]
    assert told("") == ["read", "set"]
