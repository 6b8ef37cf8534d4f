"""The people of a workspace, and what they can do with what an app shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.slack import payloads, submissions
from sandbox.slack.api import render
from sandbox.slack.browsing import leads_to
from sandbox.slack.errors import Refused
from sandbox.slack.inputs import choose, has_state, option_values
from sandbox.slack.model import CannotDo, Channel, Json, Message, Reply, View

if TYPE_CHECKING:
    from sandbox.slack.app_link import Delivered
    from sandbox.slack.workspace import Workspace


@dataclass(eq=False, slots=True)
class Person:
    """Somebody in the workspace. What they do goes to the app over its own wire, and waits for the acknowledgement.

    Each method raises `CannotDo` for what Slack's client would not offer at this moment.
    """

    id: str
    name: str
    workspace: "Workspace" = field(repr=False)
    email: str = ""
    zone: str = "UTC"
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False
    locale: str = "en-GB"

    @property
    def handle(self) -> str:
        """Return the short name that stands behind an @."""
        return ".".join(self.name.lower().split())

    @property
    def inbox(self) -> list[Message]:
        """Return the direct messages with the bot as they stand now, oldest first."""
        channel = self.workspace.direct_channel(self.id, create=False)
        return [] if channel is None else self.workspace.messages_in(channel.id)

    @property
    def ephemerals(self) -> list[Message]:
        """Return what only this person sees, replies to commands included, oldest first."""
        return self.workspace.messages.ephemerals(self.id)

    @property
    def open_views(self) -> list[View]:
        """Return the open modals, the topmost last."""
        return self.workspace.views.stack(self.id)

    @property
    def home(self) -> View | None:
        """Return the Home tab as the app last published it."""
        return self.workspace.views.home(self.id)

    async def command(self, text: str, *, channel: str | None = None) -> Reply:
        """Type a slash command into a channel (id or name), or into the direct message with the bot."""
        name, _, rest = text.strip().partition(" ")
        known = self._known_command(name)
        place = self._place(channel)
        if known.get("should_escape"):
            rest = payloads.escaped(self.workspace, rest)
        url = self.workspace.response_urls.mint(self.id, place.id)
        fields = payloads.command(self, name, rest.strip(), place, response_url=url)
        delivered = await self.workspace.app.deliver("slash_commands", fields, what=name)
        return self._command_reply(name, url, delivered)

    async def say(self, text: str, *, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Write a message into a channel (id or name), or to the bot; the app is told if it subscribed to that."""
        place = self._place(channel)
        if place.archived:
            raise CannotDo(f"#{place.name} is archived")
        if not text.strip():
            raise CannotDo("there is nothing to say")
        if thread_ts is not None and self.workspace.messages.find(place.id, thread_ts) is None:
            raise CannotDo("the message to answer to is no longer there")
        escaped = payloads.escaped(self.workspace, text)
        message = self.workspace.messages.post(place, self.id, escaped, thread_ts=thread_ts)
        await self.workspace.events.said(message, place)
        return message

    async def click(
        self,
        message: Message,
        action_id: str,
        *,
        value: str | None = None,
        block_id: str | None = None,
        selected: Any = None,
    ) -> Reply:
        """Press a button of a message, or choose `selected` in one of its menus, as the message stands now.

        `value` and `block_id` tell apart several elements with one action id. A button with a URL opens that,
        and the app is told too.
        """
        now = self._as_it_stands(message)
        block, element = _found(now.elements(), action_id, value, block_id, selected)
        chosen = self._choice(element, selected)
        state = payloads.state_of(now.elements(), _held(block, element, chosen))
        url = self.workspace.response_urls.mint(self.id, now.channel, now)
        action = payloads.action(block, element, chosen, action_ts=self.workspace.messages.mint_ts())
        payload = payloads.message_action(self, now, action, state, response_url=url)
        opened = await leads_to(element.get("url", ""))
        return replace(await self._interact(payload, f"action {action_id}"), opened=opened)

    async def click_in_view(
        self,
        view: View,
        action_id: str,
        *,
        value: str | None = None,
        block_id: str | None = None,
        selected: Any = None,
    ) -> Reply:
        """Press a button of the topmost modal or of the Home tab, or choose `selected` in one of its menus."""
        now = self._shown(view)
        block, element = _found(now.elements(), action_id, value, block_id, selected)
        chosen = self._choice(element, selected)
        held = {**now.state}
        for key, values in _held(block, element, chosen).items():
            held[key] = {**held.get(key, {}), **values}
        now = replace(now, state=payloads.state_of(now.elements(), held))
        self.workspace.views.put(now)
        action = payloads.action(block, element, chosen, action_ts=self.workspace.messages.mint_ts())
        opened = await leads_to(element.get("url", ""))
        reply = await self._interact(payloads.view_action(self, now, action), f"action {action_id}")
        return replace(reply, view=self.workspace.views.find(view_id=view.id), opened=opened)

    async def submit(self, view: View, values: Mapping[str, Any]) -> Reply:
        """Fill in the topmost modal and submit it.

        `values` maps an input's action id or block id to what is typed or chosen: text, an option's value, a person's
        id, UNIX seconds, or a list of them. What is left out keeps its initial value; a required input that stays
        empty raises `CannotDo`, as the client does not let it go.
        """
        now = self._shown(view)
        if now.source.get("submit_disabled"):
            raise CannotDo("this view cannot be submitted")
        filled = replace(now, state=submissions.fill_in(self, now, values), errors={})
        self.workspace.views.put(filled)
        payload = payloads.view_submission(self, filled)
        what = f"view {now.source.get('callback_id', '')}"
        delivered = await self.workspace.app.deliver("interactive", payload, what=what)
        return submissions.outcome(self, filled, delivered, what)

    async def close(self, view: View) -> Reply:
        """Close the topmost modal; the app is told only if it asked for it."""
        now = self._shown(view)
        if now.kind == "home":
            raise CannotDo("a Home tab cannot be closed")
        self.workspace.views.close(now)
        if not now.source.get("notify_on_close"):
            return Reply(acknowledged=True)
        return await self._interact(payloads.view_closed(self, now, is_cleared=False), "view_closed")

    async def open_home(self, *, tab: str = "home") -> Reply | None:
        """Open the app's Home tab (or its `messages` tab); None if the app did not subscribe to it."""
        channel = self.workspace.direct_channel(self.id)
        assert channel is not None  # it was asked to be made
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self.workspace.messages.mint_ts(),
        }
        if self.home is not None and tab == "home":
            event["view"] = render.view(self.workspace, self.home)
        return await self.workspace.emit(event)

    async def change(self, **changes: Any) -> Reply | None:
        """Change the person (name, email, zone, deleted …) and tell the app by user_change if it subscribed."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.workspace.observers.tell("person", self.id)
        user = render.user(self.workspace, self, locale=True)
        ts = self.workspace.messages.mint_ts()
        return await self.workspace.emit({"type": "user_change", "user": user, "event_ts": ts})

    async def _interact(self, payload: Json, what: str) -> Reply:
        delivered = await self.workspace.app.deliver("interactive", payload, what=what)
        return Reply(delivered.acknowledged, delivered.status, delivered.body, delivered.failure)

    def _known_command(self, name: str) -> Json:
        features = self.workspace.manifest.get("features", {})
        for known in features.get("slash_commands", ()):
            if known["command"] == name:
                if "commands" not in self.workspace.tokens.scopes:
                    raise CannotDo(f"{name}: the manifest has the command but not the scope `commands`")
                return dict(known)
        raise CannotDo(f"{name} is not a command of the manifest")

    def _place(self, reference: str | None) -> Channel:
        if reference is None:
            channel = self.workspace.direct_channel(self.id)
        else:
            channel = self.workspace.channel_named(reference)
        if channel is None or self.id not in channel.members:
            raise CannotDo(f"{self.name} is not in {reference}")
        return channel

    def _as_it_stands(self, message: Message) -> Message:
        messages = self.workspace.messages
        if message.is_ephemeral:
            now = messages.find_ephemeral(self.id, message.ts)
        else:
            now = messages.find(message.channel, message.ts)
        if now is None:
            raise CannotDo("the message is no longer there")
        if self.id not in self.workspace.channels[now.channel].members:
            raise CannotDo(f"{self.name} does not see this message")
        return now

    def _shown(self, view: View) -> View:
        if self.home is not None and view.id == self.home.id:
            return self.home
        stack = self.open_views
        if not stack or stack[-1].id != view.id:
            raise CannotDo("this view is not in front of the person")
        return stack[-1]

    def _choice(self, element: Json, selected: Any) -> Json:
        if element["type"] in {"button", "workflow_button"}:
            return {}
        if selected is None:
            raise CannotDo(f"{element['action_id']}: say what is selected, one of {', '.join(option_values(element))}")
        people, channels = self.workspace.persons, self.workspace.channels
        return choose(element, selected, people=people.__contains__, channels=channels.__contains__)

    def _command_reply(self, name: str, url: str, delivered: "Delivered") -> Reply:
        reply = Reply(delivered.acknowledged, delivered.status, delivered.body, delivered.failure)
        if not delivered.acknowledged:
            return reply
        try:
            message = self.workspace.response_urls.reply(url, delivered.body)
        except Refused as refused:
            self.workspace.complain(f"{name}: the reply is refused: {refused.code} {'; '.join(refused.messages)}")
            return replace(reply, error="invalid_command_response")
        return replace(reply, message=message)


def _found(
    elements: Iterable[tuple[Json, Json]], action_id: str, value: str | None, block_id: str | None, selected: Any
) -> tuple[Json, Json]:
    pairs = list(elements)
    fitting = [
        (block, element)
        for block, element in pairs
        if element["action_id"] == action_id
        and (value is None or element.get("value") == value)
        and (block_id is None or block["block_id"] == block_id)
    ]
    if len(fitting) > 1 and selected is not None:  # several menus, perhaps only one of which offers it
        fitting = [pair for pair in fitting if selected in option_values(pair[1])] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise CannotDo(f"{action_id} stands there {len(fitting)} times; say which by value or block_id")
    there = ", ".join(element["action_id"] for _, element in pairs) or "nothing"
    raise CannotDo(f"{action_id} is not there, only {there}")


def _held(block: Json, element: Json, chosen: Json) -> dict[str, dict[str, Json]]:
    return {block["block_id"]: {element["action_id"]: chosen}} if has_state(element) else {}
