"""
Library models: what the functions, types and decorators of a library are, as data.

Written as YAML in `rules/models/<language>/<library>.yaml` and in the user's own repository; both are
decoded into these types and checked by the same schema. The engine holds no library's name.

A *locator* says where a value stands; alternatives are joined by `|`, the first that is there wins:

`arg:N`        positional argument, 0-based, receiver not counted; `arg:-1` is the last one
`kw:NAME`      keyword argument
`args:N`       all positional arguments from N on, as a sequence (`KafkaConsumer(*topics)`); `args:N/KEY` is what one of
               them has under KEY, as options given one by one do
`kws`          all keyword arguments, as a mapping
`arg:N/KEY`    entry KEY of the mapping written as that argument (also `kw:NAME/KEY`; keys may hold dots, `/KEY/KEY`
               goes deeper, in a written sequence it is the entry of each element); of an object given there,
               field KEY of the site that made it, as in `factory:KEY`
`member:NAME`  class attribute, or keyword of the class statement, of the class that derives, is decorated, or whose
               method is decorated; of a call, a member of the object of the tree that it is made on
`entry:NAME`   an entry of each declaration in the lists at `child` (role provide)
`owner:F`      field F of what decorates the class that a decorated method belongs to, its bases included
`beside:F`     field F of the other decorators on the same function
`method:F`     of an operation that a decorated class declares: part F of the address that its method declares
`factory:F`    field F (`base`, `host`, `timeout`, `channel`, `group`, `acknowledgement` …) of the site that made the
               receiver
`everywhere:F` field F of what is set up once for all uses of the type or module of the name that matched
`chain:M/arg:N` argument N (or `kw:NAME`) of a later call of method M on the result of this one, in the same
               expression; `chain:M` alone: that there is one
`returned:M/arg:N` the same at the calls of the function that gives the result of this one back
`receiver`     the object the method is called on
`result`       the object this call makes (a router that a call of its parent gives); `result:F` is field F of the
               `configure` sites that are called on it
`decorated`    the function or class that is decorated (form decorator), the class that derives (form subclass)
`enclosing`    the function the site stands in (poll and receive loops)
`handler-name` qualified name of the handler function, as task queues name tasks; `handler-name:bare` without module
`name`         last segment of the name that matched
`capture:C`    what `{C}` matched in the name
`owner-name:S` the name of that class, without the ending S
`base-name`    the name of the first type of the tree that the decorated class derives from
`owner-path`   the name of that class with its package or module
`decorated-name` the name of the function or class that is decorated
`decorated-result` the name of the type that a decorated function returns
`decorated-takes:0` the name of the type of the first parameter of the function that is decorated
`receiver-type:N` the type argument N of the call that made the receiver
`type:N`       the type argument N of the call, or of the library type that a class, or that of the receiver, derives
               from
`type-name:N`  its name without package
`half:L` the first half of the sequence that locator L points at, where names come before as many places to begin at;
`path-of:L`    the name, with its package, of the type that locator L points at or of the type of the object there; a
               text stays
`deriving:T`   the classes of the tree that derive from the library type T for the first type argument of the call
`object-type:L` the name of the type of the object that locator L points at
`const:TEXT`   TEXT itself; `{C}` inside is what that capture matched, `{member}` the method of a handler class
`config:KEY`   the configuration key KEY of the service; `{C}` and `{LOCATOR}` inside are filled in, and a key with
               one that is not known is passed over. Of a policy, keys count where nothing else is given, the first
               that some file gives; where none is, the default holds
`value`        the value assigned (form assign), iterated over (iterate) or the type arguments (field); `value/F` is
               field F of the site that made it

The site that made an object is its constructor, the call that returned it, or the decorator that turned a function
into it; a `configure` site on the same object counts as part of it. Where an address or a policy is looked for and
an object of a library is found (a queue object given as a queue, properties given to a publish), the same field of
the site that made that object is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from commlint.model.places import Region
from commlint.model.remedies import Remedy
from commlint.model.values import Scalar

ROLES = (
    # operations on the wire
    "client", "server", "producer", "consumer",
    # what operations are made from and reached through
    "factory", "mount", "declare", "bind", "configure", "value", "provide", "inject", "settings",
    # what decides how safe they are
    "acknowledge", "reject", "commit", "guard", "transaction", "sleep",
    "spawn", "offload", "deadline", "retry", "breaker", "instrument",
    # what runs inside of one program although nobody calls it by its name
    "dispatch", "take",
)  # fmt: skip

FORMS = (
    "call",
    "decorator",
    "held",
    "parameter",
    "subclass",
    "class",
    "field",
    "iterate",
    "with",
    "assign",
    "except",
    "member",
)


@dataclass(frozen=True, slots=True)
class Give:
    """
    The one edit that sets a policy that is unset, for `--fix`.

    `at`: `kw:NAME` (keyword argument, or field of a literal), `arg:N/NAME` (entry of the object that is argument N),
    `before:NAME` (a call of NAME on the receiver), `scope:N/NAME` (statements before the one of the call, which make
    NAME of argument N, `{given}`; NAME then takes its place), `around` (the call becomes the arguments of `value`) or
    `block` (of infrastructure code: `value` inside, `needs` beside it, see `fix/blocks.py`); after `maker/` it is an
    edit of the call that made the receiver.
    `value`: text with `{seconds}` or `{milliseconds}` for the bound. `needs`: what must be imported for it.
    `safe`: false where the program may do something else too.
    """

    at: str
    value: str
    needs: str = ""
    safe: bool = True

    def remedy(self, at: str = "", region: Region | None = None) -> Remedy:
        """The same for one site; `at` and `region` where they say more than the model does."""
        return Remedy(at or self.at, self.value, self.needs, region, self.safe)


@dataclass(frozen=True, slots=True)
class Option:
    """
    How one policy is given and what holds without it.

    `at`: locator; empty when the call has no way to take it.
    `default`: the value that holds when nothing is given; the words `unset` (known to be missing) and
    `unknown` are states. `none`: what an explicit null means: `unset` (waits for ever) or `default`.
    `values`: literal as text (lower case) → policy word, such as {"true": before, "false": manual}; a name of a
    library counts by its last segment (`AckPolicy.ACK_FIRST` as `ack_first`); the key `*` is anything else that is
    given, literal or not.
    `unit`: seconds or milliseconds. `detail`: one clause for the message.
    `plus`: added to a number that is given, not to the default (libraries that count retries, not attempts: 1).
    `whole`: a bound on all attempts together, not on each.
    `give`: how a fix gives it; where `at` begins with a keyword argument that takes a number, that needs no saying.
    """

    at: str = ""
    default: Scalar = "unknown"
    none: str = "unset"
    values: dict[str, str] = field(default_factory=dict)
    unit: str = "seconds"
    detail: str = ""
    plus: int = 0
    whole: bool = False
    give: Give | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """
    Which function runs when something arrives.

    `at`: locator of a function, a class or an instance; `enclosing` where the code fetches for itself.
    `members`: when it is a class, its methods that are entries: names, or `*` for all public ones;
    `{"list": "GET"}`-like mapping gives HTTP methods.
    `parameters`: types of the handler's positional parameters (self not counted), "" for unknown, `*` at the
    beginning for those before them; on a site that is no server and no consumer they type a callback.
    `own`: they are the object that this call, or the one that made its receiver, is about: what the callback sets on
    it is set for all that is made so.
    """

    at: str = "decorated"
    members: dict[str, str] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class AddressModel:
    """
    Locators of the parts of an address (see `model.operations.Address`); `base` is joined before `url`, `port` behind
    `host`.

    A sequence or mapping names several at once: its elements, its keys.
    """

    url: str = ""
    base: str = ""
    method: str = ""
    host: str = ""
    port: str = ""
    rpc: str = ""
    channel: str = ""
    exchange: str = ""
    routing_key: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class ValueModel:
    """
    What a call gives back when that is a value and no object of a type.

    `kind`: same (passes `of[0]` through), partial (the function `of[0]` with the remaining arguments given early),
    environment (`of`: name, default), config (`of`: key, default), lookup (`of`: mapping, key, default),
    result (calls the function `of[0]`), answer (what the method `of[1]` of the object `of[0]` gives, or `of[0]` itself
    when it has none), made (the same, or `of[0]` itself when it is no function),
    element (of `of[0]`), values (of the mapping `of[0]`), entries (of the mapping `of[0]`, as pairs),
    numbered (the items of `of[0]` in pairs with their numbers),
    text (joins `of`), lower (the text `of[0]` in lower case), upper (in upper case),
    text (joins `of`), cased (the words of `of[0]` in small letters with `of[1]` between),
    url-join (`of`: base, path), number (converts `of[0]`),
    longest (greatest of the given numbers; an explicit null makes it null), first (first that is there and not null,
    null when there is none), join (`of`: separator, then texts or sequences of texts),
    format (`of`: template with `{}` or `%s`, then all remaining arguments, or what the second locator gives),
    printf (the same with `%s` only), duration (a written one such as `1m30s` in seconds),
    placeholders (`of[0]` with its `${key:default}` read from the configuration),
    scaled (the number `of[0]` of the unit `of[1]`, in seconds),
    instance (an object of the class `of[0]`, made by this call),
    type (the class of the object `of[0]`), product (of the numbers `of`),
    bound (an object of the class `of[0]`, filled from the section `of[1]` of the configuration).
    A third locator of config names the section that the key lies in, a fourth what stands between them.
    """

    kind: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteModel:
    """
    What one or several names of a library are.

    `names`: canonical dotted names: functions, constructors (the type's name), methods (type + member);
    `{capture}` stands for part of one segment, as in `{module}_pb2_grpc.{service}Stub.{method}`; a name that begins
    with one also matches below any package. Calling or decorating with an object is `Type.__call__`, a subscript
    `Type.__getitem__`.
    `role`: one of ROLES. `form`: how the name is used, one of FORMS (except: the type is caught; member: it is asked
    for and not called; field: a class declares a field of that type; parameter: it decorates one of a function; held:
    it decorates a field, and calls of what the type of the field declares are this).
    `protocol`: http, grpc, amqp, kafka, sqs, sns, redis, nats, celery, sql, mongodb, smtp …
    `style`: blocking, awaitable, spawned, deferred (does nothing yet), scheduled (what a program sends that a clock of
    its task queue runs), or a locator of one of them (`factory:style`).
    `effect`: see `Operation.effect`; `sql:LOCATOR` reads it from SQL text or takes it from the site that made the
    statement object; `inserts:LOCATOR` is insert, or upsert when the object there is given a unique
    field; `sets:LOCATOR` is set, or increment when a value of the mapping there is computed from a stored one
    (`F("n") + 1`); `stores:LOCATOR` is insert when the object there was made here and the database gives its key,
    upsert when it keeps something else of it once, else set; `creates` is insert, or upsert when the class whose
    objects are made there (`Order` of `Order.objects.create`) has a unique field that is given; `save` is insert (as
    with `inserts:`) on an object its constructor made, else set;
    `changed` is increment where the function changed an object that the library gave it by what that held
    (`product.stock -= 1`), and nothing is done where none was.
    `returns`: type of the result, `{arg:0}` inside is replaced by that literal argument.
    `element`: type of one element when the result (or the receiver) is iterated.
    `policies`: policy name → Option; names: timeout, attempts, backoff, jitter, breaker, acknowledgement, failure,
    confirmation, dead_letter, redelivery_limit, ordering_key, message_id, trace_context, durable, ephemeral.
    `detail`: word for steps: `requeue`/`drop`/`dead-letter` (reject; on an acknowledge of form with: what an
    exception inside does), kind of guard (`lock`, `claim`, `dedup`, `unique`, `version`, `transaction`), kind of
    what is declared (`queue`, `topic`, `exchange`, `subscription`, `routes`), what is committed (`offsets`,
    `database`).
    `when`: locator → literal texts, as in `Option.values`; the site holds only if each locator's value is one of
    them (`unset` matches absence, `set` anything given but null, `unknown` what may be given or not, `!get` anything
    given but that).
    `target`: locator of the function that is run (spawn, offload, deadline, retry by call); `factory:target` is the
    one that the object of the call was made for.
    For provide, `target` is the type, function or object that is given to those who ask for the type at `parent`, an
    object of that type made by this call when there is none; for
    settings the class that the configuration below `prefix` fills.
    `child`, `prefix`: for mount: locators of the mounted router (or module name, or routes) and its prefix.
    `key`: the name that what is provided is known by (role provide), or that is asked for (role inject); the object
    that is handed to whoever takes its type (role dispatch), or that type (role take).
    `placeholders`: texts given to it hold `${key:default}` of the configuration.
    `parent`: for mount: `result` when the call makes the router it is mounted in, a locator when it is given one, else
    it is the receiver.
    `into`: locator of the argument that is given by its address and gets the `value`.
    `fills`: the type whose objects, in the same program, have the `value` as a member; `key` says by what name, marks
    left aside (`--stock-url` fills `stock_url`). Without `key`, all members of the `value`, a text being the name of a
    module or class; `prefix` says what stands before their names there, in capitals.
    `configures`: for configure: the module or type whose calls and objects it sets up wherever no call that made them
    says more (`axios.defaults.timeout = …`), in place of the receiver.
    `injects`: the library type that the objects of `target` get in their constructor, made by this call (role provide).
    `replaces`: word inside a part of the address, in lower case → locator of what the library puts in its place.
    `give`: for steps: how a fix mends it, as in `Option.give`: `kw:NAME` is set to `value`, for `call` the function
    `value` is called instead. For offload: how a fix takes a blocking call off the event loop.
    `taints`: policies of the receiver that are unknown after this call (a custom adapter was mounted).
    """

    names: tuple[str, ...]
    role: str
    form: str = "call"
    protocol: str = ""
    style: str = ""
    effect: str = ""
    address: AddressModel = AddressModel()
    handler: Handler | None = None
    returns: str = ""
    element: str = ""
    value: ValueModel | None = None
    policies: dict[str, Option] = field(default_factory=dict)
    detail: str = ""
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    target: str = ""
    child: str = ""
    prefix: str = ""
    parent: str = ""
    into: str = ""
    fills: str = ""
    configures: str = ""
    taints: tuple[str, ...] = ()
    give: Give | None = None
    key: str = ""
    placeholders: bool = False
    injects: str = ""
    replaces: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class TypeModel:
    """
    A type of a library.

    `bases`: its library bases. `attributes`: attribute → type. `enters`: type a `with` gives (default itself).
    `element`: type when iterated. `dispatch`: the one method its call methods go through; a project subclass
    that overrides it decides the policies of all of them.
    `settings`: `environment` when every annotated field of a project subclass is a read of the environment variable
    named prefix + field in upper case; `settings_prefix` says where the prefix is told, as `field.key` of the class
    (`model_config.env_prefix|Config.env_prefix`). `module:VARIABLE` when its members are the names of the module
    that this environment variable tells.
    `brings`: members a project subclass answers with although it does not write them (handlers of a model view set).
    `style`: style of its methods, over that of the sites it inherits (the asyncio twin of a blocking type).
    `fluent`: a method that no site describes gives back the object it is called on, as in builders.
    `keeps`: it holds what code gives it under names of its own, for whoever it is handed to (`app.state.bus = …`).
    `handed`: of an object that a framework hands to a handler, policy → `none` when it has no such bound, or `caller`
    when it has the one of whoever sends the request.
    """

    bases: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    enters: str = ""
    element: str = ""
    dispatch: str = ""
    settings: str = ""
    settings_prefix: str = ""
    brings: tuple[str, ...] = ()
    style: str = ""
    fluent: bool = False
    keeps: bool = False
    handed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagModel:
    """
    A tag of a field by which a library fills it.

    `kind`: environment, config for a key of a configuration, or flag for one of the command; what the tag says up to a
    comma is the name.
    `default`: the tag that says what it is otherwise, alternatives joined by `|`; `default=…` behind the comma says so
    too.
    """

    kind: str = "environment"
    default: str = ""


@dataclass(frozen=True, slots=True)
class ResourceModel:
    """
    What a resource of infrastructure code is: a channel, a part of one, or what starts a function.

    `types`: names of resource types; of modules of a registry their source after `module:`.
    Locators are paths of settings, `|` between alternatives: `redrive_policy/deadLetterTargetArn`. Upper case and
    underscores make no difference, blocks and lists stand for all their elements, JSON texts are looked into.

    `kind`: queue, topic, exchange, subscription, stream, function, mapping, rule, connector when it is a channel,
    else "". `broker`: sqs, sns, pubsub … `name`: its name. `each`: its channels are the elements there.
    `dead_letter`: where it is said that dead letters go somewhere. `without`: what holds when nothing is said: `unset`,
    `set` (the broker has a place of its own) or `unknown` (nothing is to be said).
    `dead`: when given, it is a place of dead letters itself.
    `gives`: locators whose value receives dead letters of something (destinations of failed deliveries).
    `redelivery_limit` in deliveries, `visibility` and `timeout` in seconds; `timeout_default` when nothing is given.
    `visibility_default`: when nothing is given. `watches`: names of channels that somebody is told of when they fill.
    `absent`: a setting that says, when false, that nothing is made.
    `part_of`: the channel whose settings these are. `when`: the model holds only if a setting is one of the texts.
    `source`: where messages come from; `function`: what they start; `asynchronous`: the platform holds the message
    and tries again by itself. `from_brokers`: only messages of these are meant,
    which they are for sure where a setting of `surely` is given.
    `started`: a channel only if something starts it asynchronously.
    `handler`, `code`, `image`, `environment`, `command`: of what runs: entry function, folder of its code, container
    image, environment variables, command. `runs`: it is a service of the system; its `source` is what starts it.
    `through`: what a resource stands for that is none of these: what an archive holds, what an integration calls.
    `path`, `method`: of the requests that start `function`; a path may be a resource that has a `segment` of it and
    stands `under` another. `operations`: where the paths of an OpenAPI document stand, whose operations start each the
    `function` in them.
    `give`: how a fix gives a block its dead letter, by type of resource.
    """

    types: tuple[str, ...]
    kind: str = ""
    broker: str = ""
    name: str = ""
    each: str = ""
    dead_letter: str = ""
    without: str = "unset"
    dead: str = ""
    gives: str = ""
    redelivery_limit: str = ""
    visibility: str = ""
    visibility_default: float | None = None
    watches: str = ""
    timeout: str = ""
    timeout_default: float | None = None
    absent: str = ""
    part_of: str = ""
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    function: str = ""
    asynchronous: bool = False
    from_brokers: tuple[str, ...] = ()
    surely: str = ""
    started: bool = False
    handler: str = ""
    code: str = ""
    image: str = ""
    environment: str = ""
    command: str = ""
    runs: bool = False
    path: str = ""
    method: str = ""
    segment: str = ""
    under: str = ""
    operations: str = ""
    through: str = ""
    give: dict[str, Give] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LibraryModel:
    """
    One library.

    `imports`: module prefixes whose import is a sign of communication (the file is worth parsing);
    empty for modules that only help to resolve values.
    `aliases`: name as imported elsewhere → canonical name; a prefix replaces all below it.
    `constants`: what names of the library are worth: `http.MethodGet` is a text, `time.Second` a number of seconds.
    `tags`: tag of a field of the tree → how the library fills the field from it.
    `reference`: public documentation. `checked`: version the facts were checked against.
    """

    library: str
    language: str
    imports: tuple[str, ...] = ()
    reference: str = ""
    checked: str = ""
    aliases: dict[str, str] = field(default_factory=dict)
    types: dict[str, TypeModel] = field(default_factory=dict)
    constants: dict[str, Scalar] = field(default_factory=dict)
    tags: dict[str, TagModel] = field(default_factory=dict)
    sites: tuple[SiteModel, ...] = ()
    resources: tuple[ResourceModel, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All library models in use; `digest` changes when any of them does."""

    models: tuple[LibraryModel, ...] = ()
    digest: str = ""
