"""HTTP clients of JavaScript: what their address and timeout are."""

from __future__ import annotations

import pytest

from commlint.model.operations import Operation, Role, State
from commlint.model.values import Literal, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url


def call(source: str) -> Operation:
    """The one call that a file makes."""
    tree = program_of({"app.ts": source})
    return only([each for each in recognize(tree).operations if each.role is Role.CLIENT])


def test_a_bound_in_milliseconds_with_a_word_for_none() -> None:
    """A number that stands for no word is a number of its unit; zero is no bound."""
    bounded = call("import axios from 'axios';\naxios.get('http://stock/a', { timeout: 2000 });")
    waiting = call("import axios from 'axios';\naxios.get('http://stock/a', { timeout: 0 });")

    assert url(bounded) == "http://stock/a"
    assert number(bounded.policies.timeout.value) == 2000
    assert bounded.policies.timeout.scale == 0.001
    assert waiting.policies.timeout.state is State.UNSET


def test_the_origin_of_a_page_is_no_host() -> None:
    """What follows it is a path, as if nothing stood before."""
    found = call("fetch(`${window.location.origin}/api/stock`);")

    assert url(found) == "/api/stock"


def test_functions_that_are_given_to_an_object_later() -> None:
    """`helpers.load = …` is what `helpers.load(…)` calls in another file; `util.format` fills a template."""
    tree = program_of(
        {
            "helpers.js": """
            var helpers = {};
            helpers.load = function (url) { return fetch(url); };
            module.exports = helpers;
            """,
            "app.js": """
            var util = require("util"), helpers = require("./helpers");
            helpers.load(util.format("http://stock%s/items", ""));
            """,
        }
    )

    assert url(only([each for each in recognize(tree).operations if each.role is Role.CLIENT])) == "http://stock/items"


def test_an_instance_with_a_base() -> None:
    """What an instance was made with holds for its calls."""
    found = call(
        "import axios from 'axios';\n"
        "const http = axios.create({ baseURL: process.env.STOCK_URL, timeout: 500 });\n"
        "export const left = async (sku: string) => (await http.get(`/stock/${sku}`)).data;\n"
    )

    assert url(found).startswith("{$STOCK_URL}/stock/") or url(found).startswith("$STOCK_URL/stock/")
    assert number(found.policies.timeout.value) == 0.5


def test_a_promise_gives_what_its_function_resolves_it_with() -> None:
    """A connection that comes out of `new Promise` is one, and the function inside runs for the caller around it."""
    tree = program_of(
        {
            "queues.ts": """
            import amqp from "amqplib";
            const connect = () => new Promise(async (resolve, reject) => {
                try {
                    resolve(await amqp.connect("amqp://broker"));
                } catch (error) {
                    reject(error);
                }
            });
            export const send = async (queue: string, body: string) => new Promise(async (resolve) => {
                const channel = await (await connect()).createChannel();
                channel.sendToQueue(queue, Buffer.from(body));
                resolve(body);
            });
        """,
            "orders.ts": """
            import { send } from "./queues";
            export const placed = () => send("orders.placed", "{}");
        """,
        }
    )

    sent = only([each for each in recognize(tree).operations if each.role is Role.PRODUCER])

    assert sent.address.routing_key == Literal("orders.placed")
    assert sent.decided == "orders.ts"


def test_what_a_promise_is_given_later_is_not_known() -> None:
    """A value that a callback inside hands over is none of those written around it."""
    found = call(
        "import axios from 'axios';\n"
        "const base = () => new Promise((resolve) => { read((_, text) => resolve(text)); return 'http://wrong'; });\n"
        "export const get = async () => axios.get(await base());\n"
    )

    assert "wrong" not in url(found)


def test_the_file_that_decides_a_call_in_a_callback() -> None:
    """What a callback inside a wrapper sends belongs to the code that asked for it."""
    tree = program_of(
        {
            "shared/publish.ts": """
            import amqp from "amqplib";
            export async function publish(queue: string) {
                const channel = await (await amqp.connect("amqp://broker")).createChannel();
                onReady(() => { channel.sendToQueue(queue, Buffer.from("{}")); });
            }
        """,
            "orders/app.ts": "import { publish } from '../shared/publish';\npublish('orders');\n",
            "stock/app.ts": "import { publish } from '../shared/publish';\npublish('stock');\n",
        }
    )

    sent = [each for each in recognize(tree).operations if each.role is Role.PRODUCER]

    assert sorted((show(each.address.routing_key or Literal("")), each.decided) for each in sent) == [
        ("orders", "orders/app.ts"),
        ("stock", "stock/app.ts"),
    ]


def test_what_is_awaited_in_brackets_is_what_it_gives() -> None:
    """`await (await f()).g()` is no call of something named `await`."""
    tree = program_of(
        {
            "app.js": """
            const amqp = require("amqplib");
            const send = async () => {
                const channel = await (await amqp.connect("amqp://broker")).createChannel();
                await (channel).sendToQueue("orders", Buffer.from("{}"));
            };
        """
        }
    )

    sent = only([each for each in recognize(tree).operations if each.role is Role.PRODUCER])

    assert sent.address.routing_key == Literal("orders")


def test_proxies_of_a_gateway_are_calls_to_what_stands_behind() -> None:
    """Whatever name the library is brought in under; one by one, in a loop over a table, with options of a function."""
    program = program_of(
        {
            "gw/index.js": """
                const express = require('express');
                const { createProxyMiddleware } = require('http-proxy-middleware');
                const forward = require('express-http-proxy');
                const app = express();
                const services = { '/b': process.env.B_URL || 'http://localhost:2', '/c': 'http://c' };

                const options = (target) => ({ target, changeOrigin: true });

                app.use('/a', forward('http://a'));
                Object.entries(services).forEach(([path, url]) => {
                  app.use(path, createProxyMiddleware(options(url)));
                });
                """
        }
    )

    calls = [each for each in recognize(program).operations if each.role is Role.CLIENT]
    assert [show(each.address.url) for each in calls if each.address.url] == ["http://a", "$B_URL | http://c"]
    assert {each.policies.timeout.state for each in calls} == {State.UNKNOWN}


@pytest.mark.parametrize(
    ("arguments", "state"),
    [
        ("{ id }, metadata", State.UNSET),
        ("{ id }, metadata, (error, left) => left", State.UNSET),
        ("{ id }, metadata, { deadline: Date.now() + 500 }", State.SET),
        ("{ id }, { deadline: Date.now() + 500 }", State.SET),
    ],
)
def test_metadata_is_no_deadline(arguments: str, state: State) -> None:
    """A gRPC call with metadata of its own still waits for ever."""
    found = call(
        f"""
        import * as grpc from "@grpc/grpc-js";
        const stock = new (grpc.loadPackageDefinition(load()).shop.Stock)("stock:50051", secure());
        export const left = (id: string) => {{
            const metadata = new grpc.Metadata();
            metadata.add("user", id);
            return stock.get({arguments});
        }};
        """
    )

    assert found.policies.timeout.state is state


def test_routes_of_a_nest_controller_stand_below_its_prefix() -> None:
    """A prefix may be a text, one of several, or a field of options; a controller may have none."""
    tree = program_of(
        {
            "app.ts": """
            import { Controller, Get } from "@nestjs/common";
            @Controller("orders") class A { @Get(":id") one() {} @Get() all() {} }
            @Controller({ path: "stock", version: "1" }) class B { @Get(["left", "all/:id"]) one() {} }
            @Controller() class C { @Get("health") one() {} }
        """
        }
    )

    served = [each for each in recognize(tree).operations if each.role is Role.SERVER]

    assert sorted(f"{each.address.method} {url(each)}" for each in served) == [
        "GET health",
        "GET orders",
        "GET orders/:id",
        "GET stock/all/:id",
        "GET stock/left",
    ]


def test_a_decorator_of_the_tree_applies_those_of_a_library() -> None:
    """Generated code names the methods of a controller in a list; methods the class does not have answer nothing."""
    tree = program_of(
        {
            "stock.ts": """
            import { GrpcMethod } from "@nestjs/microservices";
            export function StockControllerMethods() {
                return function (constructor: Function) {
                    const grpcMethods: string[] = ["find", "left", "gone"];
                    for (const method of grpcMethods) {
                        const descriptor: any = Reflect.getOwnPropertyDescriptor(constructor.prototype, method);
                        GrpcMethod("Stock", method)(constructor.prototype[method], method, descriptor);
                    }
                };
            }
        """,
            "app.ts": """
            import { StockControllerMethods } from "./stock";
            @StockControllerMethods()
            export class StockController {
                find(request: object) { return {}; }
                left(request: object) { return 3; }
                other() {}
            }
        """,
        }
    )

    served = recognize(tree).operations

    assert sorted((each.address.rpc, each.function) for each in served) == [
        ("Stock/find", "app.ts::StockController.find"),
        ("Stock/left", "app.ts::StockController.left"),
    ]


def test_a_breaker_bounds_a_function_that_only_it_calls() -> None:
    """What somebody else calls too may wait for ever."""
    found = program_of(
        {
            "rates.js": """
            import axios from 'axios';
            export async function convert(from) { return await axios.get('http://rates/convert'); }
            export async function list() { return await axios.get('http://rates/all'); }
            export async function isReady() { return Boolean(await list()); }
            """,
            "routes.js": """
            import CircuitBreaker from 'opossum';
            import { convert, list } from './rates';
            const converting = new CircuitBreaker(convert, { timeout: 5000 });
            const listing = new CircuitBreaker(list, { timeout: 5000 });
            export const rate = (from) => converting.fire(from);
            export const all = () => listing.fire();
            """,
        }
    )

    calls = {show(each.address.url): each.policies.timeout.state for each in recognize(found).operations}

    assert calls == {"http://rates/convert": State.SET, "http://rates/all": State.UNSET}


def test_what_a_breaker_is_fired_with_reaches_the_function_it_runs() -> None:
    """The address is given where the breaker is fired, the function where it was made."""
    found = call("""
        import axios from 'axios';
        import Opossum from 'opossum';
        const ask = (endpoint) => new Promise((resolve) => { axios.get(endpoint).then(resolve); });
        const circuit = new Opossum(ask, { timeout: 3000 });
        export function greet() { return circuit.fire('http://names/api/name'); }
        """)

    assert url(found) == "http://names/api/name"
    assert number(found.policies.timeout.value) == 3


@pytest.mark.parametrize(
    ("source", "address", "bound"),
    [
        ("import { request } from 'graphql-request'; request('http://a/graphql', '{b}');", "http://a/graphql", 300),
        (
            "import { GraphQLClient } from 'graphql-request'; const c = new GraphQLClient('http://a/q'); c.request();",
            "http://a/q",
            300,
        ),
        (
            "import { ApolloClient, HttpLink } from '@apollo/client/core';"
            " const c = new ApolloClient({ link: new HttpLink({ uri: 'http://a/q' }) }); c.query({});",
            "http://a/q",
            300,
        ),
        ("import { ofetch } from 'ofetch'; ofetch('/b', { baseURL: 'http://a', timeout: 2000 });", "http://a/b", 2),
        ("const needle = require('needle'); needle.post('http://a', {}, { response_timeout: 500 });", "http://a", 0.5),
        ("const needle = require('needle'); needle('put', 'http://a', {});", "http://a", None),
        ("import { io } from 'socket.io-client'; io('http://a');", "http://a", None),
        (
            "const server = require('fastify')();"
            " server.register(require('@fastify/http-proxy'), { upstream: 'http://a', prefix: '/b' });",
            "http://a",
            None,
        ),
    ],
)
def test_further_clients(source: str, address: str, bound: float | None) -> None:
    """GraphQL over fetch, fetch in other clothes, a client without a bound, a socket that stays open."""
    found = call(source)
    timeout = found.policies.timeout

    assert url(found) == address
    assert (float(str(number(timeout.value))) * timeout.scale if timeout.state is State.SET else None) == bound


@pytest.mark.parametrize(
    "source",
    [
        "import { cleanEnv, url } from 'envalid'; const env = cleanEnv(process.env, { HOME: url() }); go(env.HOME);",
        "import { z } from 'zod'; const env = z.object({ HOME: z.string() }).parse(process.env); go(env.HOME);",
        "import * as env from 'env-var'; go(env.get('HOME').required().asString());",
        "import nconf from 'nconf'; nconf.env(); go(nconf.get('HOME'));",
    ],
)
def test_variables_that_a_library_checks_are_those_of_the_environment(source: str) -> None:
    """envalid and zod give back what they were given; env-var and nconf are asked by name."""
    assert url(call(source.replace("go(", "fetch('http://' + "))) == "http://{$HOME}"


def test_methods_called_by_a_computed_name_are_those_that_callers_name() -> None:
    """One function calls all methods of a client; who calls it says which."""
    found = recognize(
        program_of(
            {
                "app.js": """
                import axios from 'axios';
                const stock = axios.create({ baseURL: 'http://stock', timeout: 1000 });
                function ask(method, path) { return new Promise((done) => { stock[method](path).then(done); }); }
                export const read = () => ask('get', '/items');
                export const write = () => ask('post', '/orders');
                """
            }
        )
    ).operations

    assert sorted((each.address.method, url(each)) for each in found) == [
        ("GET", "http://stock/items"),
        ("POST", "http://stock/orders"),
    ]
