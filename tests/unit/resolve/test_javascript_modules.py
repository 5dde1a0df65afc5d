"""How JavaScript and TypeScript find the files they bring in by names that build files give."""

from __future__ import annotations

from commlint.extract.extract import extract
from commlint.model.operations import Role
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from commlint.resolve.reading import Imports
from tests.unit.programs import catalogue, program_of

TREE = {
    "tsconfig.base.json": '{"compilerOptions": {"paths": {"@acme/places": ["libs/urls/src/index.ts"]}}}',
    "libs/urls/src/index.ts": "export * from './orders';",
    "libs/urls/src/orders.ts": "export const ORDERS = 'http://orders';",
    "packages/toolbox/package.json": '{"name": "@acme/kit", "exports": {"./http": "./dist/http/client.js"}}',
    "packages/toolbox/src/http/client.ts": "export const STOCK = 'http://stock';",
    "apps/shop/package.json": '{"name": "shop", "imports": {"#urls": "./src/own.js"}}',
    "apps/shop/src/own.ts": "export const MAIL = 'http://mail';",
    "apps/shop/src/main.ts": """
        import axios from 'axios';
        import { ORDERS } from '@acme/places';
        import { STOCK } from '@acme/kit/http';
        import { MAIL } from '#urls';
        axios.get(ORDERS);
        axios.get(STOCK);
        axios.get(MAIL);
        """,
}


def test_names_of_tsconfig_packages_and_imports_lead_to_files() -> None:
    """A barrel behind `paths`, an export of a package of the workspace, an own name of the package."""
    operations = recognize(program_of(TREE)).operations

    called = [show(each.address.url) for each in operations if each.role is Role.CLIENT and each.address.url]
    assert called == ["http://orders", "http://stock", "http://mail"]


def test_files_behind_such_names_are_read() -> None:
    """What is brought in by a name of a build file may hold the address, so it is worth parsing."""
    program = program_of(TREE)
    imports = {path: {each.module for each in program.file(path).code.imports} for path in program.files}
    named = extract("tsconfig.base.json", TREE["tsconfig.base.json"].encode()).declarations

    assert named is not None
    assert "libs/urls/src/index.ts" in Imports(imports, catalogue(), None, named.modules).wanted()
    assert "libs/urls/src/index.ts" not in Imports(imports, catalogue()).wanted()


def test_a_field_of_the_class_is_told_from_one_of_its_objects() -> None:
    """`Event.type` is the static one, though each object has a field of that name too."""
    files = {
        "mail/events.ts": """
            export enum Subjects { Created = 'order:created' }
            export class OrderCreated {
              static readonly type = Subjects.Created as const;
              type = OrderCreated.type;
            }
            """,
        "mail/main.ts": """
            import axios from 'axios';
            import { OrderCreated } from './events';
            axios.post(`http://orders/${OrderCreated.type}`);
            """,
    }

    (call,) = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]
    assert call.address.url is not None
    assert show(call.address.url) == "http://orders/order:created"


def test_functions_in_a_table_run_on_the_table_they_stand_in() -> None:
    """`configuration.services.stock.address()` puts its address together from entries beside it."""
    files = {
        "orders/configuration.ts": """
            export const configuration = {
              services: {
                stock: {
                  host: process.env.STOCK_HOST || 'http://stock',
                  port: 8080,
                  address: function (): string { return `${this.host}:${this.port}`; },
                },
              },
            };
            """,
        "orders/main.ts": """
            import axios from 'axios';
            import { configuration } from './configuration';
            axios.get(configuration.services.stock.address());
            """,
    }

    (call,) = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]
    assert call.address.url is not None
    assert show(call.address.url) == "{$STOCK_HOST}:8080"


def test_a_gateway_of_subgraphs_calls_each_of_them() -> None:
    """Listed in the gateway itself, or for what puts the supergraph together."""
    files = {
        "gw/main.ts": """
            import { ApolloGateway, IntrospectAndCompose } from '@apollo/gateway';
            new ApolloGateway({ serviceList: [{ name: 'users', url: 'http://users' }] });
            new ApolloGateway({
              supergraphSdl: new IntrospectAndCompose({
                subgraphs: [{ name: 'stock', url: 'http://stock' }, { name: 'mail', url: 'http://mail' }],
              }),
            });
            """
    }

    calls = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]
    assert sorted(show(each.address.url) for each in calls if each.address.url) == [
        "http://stock | http://mail",
        "http://users",
    ]


def test_who_takes_a_name_from_a_file_that_only_hands_on_takes_the_file_it_stands_in() -> None:
    """Through two barrels, renamed on the way; a barrel that does something itself is taken in as it stands."""
    files = {
        "libs/index.ts": "export * from './web'; export { Log as Journal } from './log';",
        "libs/web/index.ts": "export * from './guard'; export * from './page';",
        "libs/web/guard.ts": "export class Guard {}",
        "libs/web/page.ts": "export const PAGE = 'x';",
        "libs/log.ts": "export function Log() {}",
        "kit/index.ts": "import { Log } from '../libs/log'; Log(); export * from '../libs/web/guard';",
        "apps/a.ts": "import { Guard } from '../libs';",
        "apps/b.ts": "import { PAGE, Journal } from '../libs';",
        "apps/c.ts": "import { Guard } from '../kit';",
        "apps/d.ts": "import * as all from '../libs';",
        "apps/e.ts": "import { Nobody } from '../libs';",
    }

    taken = {each.path: each.imports for each in recognize(program_of(files)).modules if each.path.startswith("apps/")}

    assert taken == {
        "apps/a.ts": ("libs/web/guard.ts",),
        "apps/b.ts": ("libs/log.ts", "libs/web/page.ts"),
        "apps/c.ts": ("kit/index.ts",),
        "apps/d.ts": ("libs/index.ts",),
        "apps/e.ts": ("libs/index.ts",),
    }


def test_a_file_that_listens_when_it_is_loaded_is_a_program() -> None:
    """At its top, in a callback there, in a function it calls; what others have to call is none, nor is a listener."""
    files = {
        "a.js": "const app = make(); app.listen(3000);",
        "b.js": "connect().then(() => { app.listen(3000); });",
        "c.ts": "async function bootstrap() { const app = await make(); await app.listen(3000); } bootstrap();",
        "d.js": "export function start(app) { app.listen(3000); }",
        "e.js": "new OrderListener(client).listen();",
    }

    started = [each.path for each in recognize(program_of(files)).modules if each.is_main]

    assert started == ["a.js", "b.js", "c.ts"]


def test_a_name_from_a_file_inside_a_package_is_one_of_the_package() -> None:
    """Editors import from where a name stands; a part of a package that models know by itself stays that."""
    found = program_of(
        {
            "app.ts": """
            import { ClientProxy } from '@nestjs/microservices/client/client-proxy';
            import { connect } from 'amqplib/callback_api';
            export class Orders { constructor(private client: ClientProxy) {} go() { this.client.emit('placed', 1); } }
            """,
        }
    )

    assert [show(each.address.channel) for each in recognize(found).operations if each.address.channel] == ["placed"]


def test_constants_of_a_namespace_are_asked_for_by_its_name() -> None:
    """Contracts keep the topic beside the types of a message, each under its own name."""
    files = {
        "contracts.ts": """
            export namespace AccountLogin { export const topic = 'account.login'; export class Request {} }
            export namespace AccountCreate { export const topic = 'account.create'; }
            """,
        "send.ts": """
            import { RMQService } from 'nestjs-rmq';
            import { AccountLogin, AccountCreate } from './contracts';
            export class Sender {
                constructor(private readonly rmq: RMQService) {}
                login() { return this.rmq.send<AccountLogin.Request, number>(AccountLogin.topic, {}); }
                create() { return this.rmq.notify(AccountCreate.topic, {}); }
            }
            """,
        "take.ts": """
            import { RMQRoute } from 'nestjs-rmq';
            import { AccountLogin } from './contracts';
            export class Taker { @RMQRoute(AccountLogin.topic) login() {} }
            """,
    }

    found = recognize(program_of(files)).operations

    assert [(each.role, show(each.address.channel)) for each in found if each.address.channel] == [
        (Role.PRODUCER, "account.create"),
        (Role.PRODUCER, "account.login"),
        (Role.CONSUMER, "account.login"),
    ]
