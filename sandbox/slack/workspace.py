"""A Slack workspace in memory: its people, channels and messages, the judge of every call, and the app it serves."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.clock import Clock, wire_now
from sandbox.observing import Observer, Observers
from sandbox.slack.app_link import AppLink
from sandbox.slack.events import Events
from sandbox.slack.faults import FaultPlan
from sandbox.slack.judge.rates import RateLimits
from sandbox.slack.judge.tokens import Tokens
from sandbox.slack.messages import Messages
from sandbox.slack.model import Call, Channel, File, Group, Json, Message, MessageEvent, MessageKind, Reply
from sandbox.slack.people import Person
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.scheduled import Scheduled
from sandbox.slack.socket_mode import Sockets
from sandbox.slack.uploads import Uploads
from sandbox.slack.views import Views

CALLS_KEPT = 10_000
PROBLEMS_KEPT = 1_000
BOT_TOKEN = "xoxb-sandbox-0000000000"  # noqa: S105  # opens nothing but this sandbox
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105  # signs nothing but this sandbox's requests
APP_TOKEN = "xapp-1-A0SANDBOX-sandbox"  # noqa: S105  # opens nothing but this sandbox


class Workspace:
    """The state and the judge; works without a server, which only adds the wire.

    `clock` is lesson time (message timestamps, rate limits, retries), `wire` the machine's (signatures, the three
    seconds of acknowledgements and triggers). `manifest` is the app's manifest as parsed YAML: scopes, commands,
    events and Home tab are judged by it. At most `CALLS_KEPT` calls and `PROBLEMS_KEPT` problems are kept.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        manifest: Mapping[str, Any],
        bot_token: str = BOT_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        app_token: str = APP_TOKEN,
        rate_limits: bool = True,
        team_id: str = "T0SANDBOX",
        team_name: str = "Sandbox School",
        wire: Callable[[], datetime] = wire_now,
        ack_seconds: float = 3.0,
    ) -> None:
        self.clock = clock
        self.manifest = manifest
        self.bot_token, self.signing_secret, self.app_token = bot_token, signing_secret, app_token
        self.team_id, self.team_name, self.app_id, self.bot_id = team_id, team_name, "A0SANDBOX", "B0SANDBOX"
        self.base_url = "http://sandbox.invalid/"  # replaced by the server
        self.tokens = Tokens(bot_token=bot_token, app_token=app_token, manifest=manifest)
        self.rates = RateLimits() if rate_limits else None
        self.faults = FaultPlan()
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.persons: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.files: dict[str, File] = {}
        self.observers = Observers()
        self._counters: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.messages = Messages(now=clock.now, announce=self._announcement, observers=self.observers)
        self.views = Views(wire=wire, new_id=self.new_id, with_ids=self.messages.with_ids, observers=self.observers)
        self.app = AppLink(secret=signing_secret, wire=wire, ack_seconds=ack_seconds, complain=self.complain)
        self.events = Events(self)
        self.response_urls = ResponseUrls(self)
        self.uploads = Uploads(self)
        self.scheduled = Scheduled(self)
        self.sockets = Sockets(self)
        bot_name = manifest.get("features", {}).get("bot_user", {}).get("display_name", "bot")
        self.bot = Person(id="U0SANDBOXBOT", name=bot_name, is_bot=True, workspace=self)

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for the app's client."""
        return f"{self.base_url}api/"

    # people and channels

    def add_person(
        self,
        *,
        id: str,  # noqa: A002  # Slack's own word for it
        name: str,
        email: str = "",
        zone: str = "UTC",
        is_admin: bool = False,
        is_bot: bool = False,
        is_guest: bool = False,
        deleted: bool = False,
        locale: str = "en-GB",
    ) -> Person:
        """Let somebody join the workspace; `zone` is an IANA name."""
        if id in self.persons:
            raise ValueError(f"{id} is in the workspace already")
        ZoneInfo(zone)
        person = Person(
            id=id,
            name=name,
            email=email,
            zone=zone,
            is_admin=is_admin,
            is_bot=is_bot,
            is_guest=is_guest,
            deleted=deleted,
            locale=locale,
            workspace=self,
        )
        self.persons[id] = person
        self.observers.tell("person", id)
        return person

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        archived: bool = False,
        members: Iterable[str | Person] = (),
        bot_is_member: bool = True,
    ) -> Channel:
        """Make a channel with these members (people or their ids)."""
        ids = [member if isinstance(member, str) else member.id for member in members]
        if unknown := sorted(set(ids) - set(self.persons)):
            raise ValueError(f"nobody in the workspace has the id {unknown[0]}")
        channel = Channel(
            id=self.new_id("C"),
            name=name.removeprefix("#"),
            kind="private" if private else "public",
            created=self.clock.now(),
            members=[*ids, *([self.bot.id] if bot_is_member else [])],
            archived=archived,
        )
        self.channels[channel.id] = channel
        self.observers.tell("channel", channel.id)
        return channel

    def add_group(self, handle: str, name: str, members: Iterable[str]) -> Group:
        """Make a user group."""
        group = Group(id=self.new_id("S"), handle=handle, name=name, members=tuple(members))
        self.groups[group.id] = group
        return group

    def anybody(self, person_id: str) -> Person | None:
        """Return a person of the workspace or the app's own bot user."""
        return self.bot if person_id == self.bot.id else self.persons.get(person_id)

    def channel_named(self, reference: str) -> Channel | None:
        """Find a conversation by id, by `#name` or by `name`."""
        if reference in self.channels:
            return self.channels[reference]
        name = reference.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and not c.is_direct), None)

    def direct_channel(self, *person_ids: str, create: bool = True) -> Channel | None:
        """Return the conversation of these people with the bot, opening it if asked to."""
        members = sorted({*person_ids, self.bot.id})
        for channel in self.channels.values():
            if channel.is_direct and sorted(channel.members) == members:
                return channel
        if not create:
            return None
        kind = "im" if len(members) <= 2 else "mpim"
        channel_id = self.new_id("D" if kind == "im" else "G")
        self.channels[channel_id] = Channel(
            id=channel_id,
            name="directmessage" if kind == "im" else "mpdm",
            kind="im" if kind == "im" else "mpim",
            created=self.clock.now(),
            members=members,
        )
        self.observers.tell("channel", channel_id)
        return self.channels[channel_id]

    # messages

    def messages_in(self, channel_id: str) -> list[Message]:
        """Return the messages that stand in a channel now, oldest first."""
        return self.messages.in_channel(channel_id)

    def on_message(self, listener: Callable[[MessageEvent], None]) -> None:
        """Call the listener, at once and in order, for each message posted, edited, deleted or shown to one person."""
        self.messages.listeners.append(listener)

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Call the observer at whatever changes, with its kind and what it is about; returns how to stop that.

        `message` (the message), `person`, `channel`, `file` (its id), `views`, `home` (the person's id), `call` (the
        call), `problem` (its text).
        """
        return self.observers.add(observer)

    # the app under test

    def connect_app(self, events_url: str) -> None:
        """Send commands, interactions and events to this URL from now on."""
        self.app.events_url = events_url

    async def emit(self, event: Json) -> Reply | None:
        """Send an event if the manifest subscribes to its type; retried in lesson time until it gets 200.

        Returns the outcome of the first attempt, None if nobody subscribed.
        """
        return await self.events.emit(event)

    async def verify_url(self) -> bool:
        """Do what Slack does when a request URL is entered: send a challenge and expect it back."""
        return await self.events.verify_url()

    async def idle(self) -> None:
        """Wait until no command, click, submission or event is on its way to the app."""
        await self.app.idle()

    @property
    def is_idle(self) -> bool:
        """Say whether nothing is on its way to the app."""
        return self.app.is_idle

    async def close(self) -> None:
        """Stop retries and scheduled messages and close the connections to the app."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sockets.close()
        await self.app.close()

    # for the parts of the sandbox

    def new_id(self, kind: str) -> str:
        """Return the next id of a kind: C…, D…, V…."""
        self._counters[kind] = self._counters.get(kind, 0) + 1
        return f"{kind}{self._counters[kind]:010d}"

    def complain(self, problem: str) -> None:
        """Note what Slack lets pass but a careful developer wants to know."""
        self.problems.append(problem)
        del self.problems[:-PROBLEMS_KEPT]
        self.observers.tell("problem", problem)

    def record(self, method: str, arguments: Mapping[str, Any], outcome: str, status: int) -> None:
        """Note a call; tokens never get in."""
        kept = {name: value for name, value in arguments.items() if name != "token"}
        self.calls.append(Call(self.clock.now(), method, kept, outcome, status))
        self.observers.tell("call", self.calls[-1])
        if len(self.calls) > CALLS_KEPT * 1.1:
            del self.calls[:-CALLS_KEPT]

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something in the background, until `close` at most."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _announcement(self, kind: MessageKind, message: Message) -> MessageEvent:
        channel = self.channels[message.channel]
        recipient = self.persons.get(message.seen_by or "")
        if channel.kind == "im":
            recipient = next((self.persons[m] for m in channel.members if m in self.persons), None)
        return MessageEvent(self.clock.now(), kind, channel, recipient, message)
