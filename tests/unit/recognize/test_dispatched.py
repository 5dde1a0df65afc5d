"""Objects handed to a mediator of the program run whoever takes their type."""

from __future__ import annotations

from textwrap import dedent

from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of

HANDLER = """
    using System.Net.Http;
    using System.Threading;
    using System.Threading.Tasks;
    using MediatR;

    namespace Shop;

    public record PlaceOrder(string Sku) : IRequest;
    public record CancelOrder(string Sku) : IRequest;

    public class PlaceOrderHandler : IRequestHandler<PlaceOrder>
    {
        public async Task Handle(PlaceOrder command, CancellationToken token)
        {
            await new HttpClient().PostAsync("http://stock/reserve", null);
        }
    }

    public class CancelOrderHandler : IRequestHandler<CancelOrder>
    {
        public async Task Handle(CancelOrder command, CancellationToken token)
        {
            await new HttpClient().PostAsync("http://stock/release", null);
        }
    }
"""


def _calls(**files: str) -> set[tuple[str, str]]:
    """Who calls whom, by the functions' own names."""
    found = recognize(program_of({name.replace("__", "."): dedent(text) for name, text in files.items()})).calls
    return {(each.caller.partition("::")[2], each.callee.partition("::")[2]) for each in found}


def test_a_command_runs_the_handler_of_its_type() -> None:
    """Of two handlers the one that takes the command that is sent, and the sender waits for it."""
    caller = """
    using System.Threading.Tasks;
    using MediatR;

    namespace Shop;

    public class Orders
    {
        private readonly IMediator mediator;

        public Orders(IMediator mediator) { this.mediator = mediator; }

        public async Task Place(string sku) { await mediator.Send(new PlaceOrder(sku)); }
    }
    """

    assert _calls(handler__cs=HANDLER, orders__cs=caller) == {("Orders.Place", "PlaceOrderHandler.Handle")}


def test_a_wrapper_of_the_mediator_is_seen_through() -> None:
    """What is handed to a dispatcher of the tree's own is told by those who call it."""
    caller = """
    using System.Threading.Tasks;
    using MediatR;

    namespace Shop;

    public class Bus
    {
        private readonly ISender sender;

        public Bus(ISender sender) { this.sender = sender; }

        public async Task Run(IRequest command) { await sender.Send(command); }
    }

    public class Orders
    {
        private readonly Bus bus;

        public Orders(Bus bus) { this.bus = bus; }

        public async Task Cancel(string sku) { await bus.Run(new CancelOrder(sku)); }
    }
    """

    assert ("Orders.Cancel", "CancelOrderHandler.Handle") in _calls(handler__cs=HANDLER, orders__cs=caller)


def test_handlers_may_derive_by_an_interface_of_the_tree_with_namesakes() -> None:
    """`ICommandHandler<A>` and `ICommandHandler<A, B>` are two types, told apart by how many types are given."""
    base = """
    using MediatR;

    namespace Shop;

    public interface ICommandHandler<in TCommand> : ICommandHandler<TCommand, Unit> { }

    public interface ICommandHandler<in TCommand, TResult> : IRequestHandler<TCommand, TResult> { }
    """
    handler = """
    using System.Net.Http;
    using System.Threading;
    using System.Threading.Tasks;
    using MediatR;

    namespace Shop;

    public record PlaceOrder(string Sku);

    public class PlaceOrderHandler : ICommandHandler<PlaceOrder, int>
    {
        public async Task<int> Handle(PlaceOrder command, CancellationToken token)
        {
            await new HttpClient().PostAsync("http://stock/reserve", null);
            return 1;
        }
    }

    public class Orders
    {
        private readonly ISender sender;

        public Orders(ISender sender) { this.sender = sender; }

        public async Task Place(PlaceOrder command) { await sender.Send(command); }
    }
    """

    assert _calls(base__cs=base, handler__cs=handler) == {("Orders.Place", "PlaceOrderHandler.Handle")}


def test_a_bus_of_nest_runs_the_class_that_is_decorated_with_the_command() -> None:
    """Decorated classes take what the decorator names."""
    text = """
    import axios from "axios";
    import { CommandBus, CommandHandler, ICommandHandler } from "@nestjs/cqrs";

    export class PlaceOrder { constructor(readonly sku: string) {} }
    export class CancelOrder { constructor(readonly sku: string) {} }

    @CommandHandler(PlaceOrder)
    export class PlaceOrderHandler implements ICommandHandler<PlaceOrder> {
      async execute(command: PlaceOrder) { await axios.post("http://stock/reserve"); }
    }

    @CommandHandler(CancelOrder)
    export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
      async execute(command: CancelOrder) { await axios.post("http://stock/release"); }
    }

    export class Orders {
      constructor(private readonly bus: CommandBus) {}
      async place(sku: string) { await this.bus.execute(new PlaceOrder(sku)); }
    }
    """

    assert _calls(orders__ts=text) == {("Orders.place", "PlaceOrderHandler.execute")}
