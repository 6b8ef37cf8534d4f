"""What people do in Slack by way of the page."""

from collections.abc import Awaitable, Callable, Mapping

from sandbox.page.scene import Json, Scene
from sandbox.page.wishes import Unclear, fields, text, text_or_none
from sandbox.slack.model import CannotDo, Message, Reply, View
from sandbox.slack.people import Person

FAILURES = {
    "http_timeout": "{app} did not answer within three seconds.",
    "connection_failed": "{app} could not be reached.",
    "http_error": "{app} answered with HTTP {status}.",
    "invalid_command_response": "{app} answered with a message that Slack refuses; the problems say why.",
}


async def command(scene: Scene, wish: Json) -> Json:
    reply = await _person(scene, wish).command(text(wish, "text"), channel=text_or_none(wish, "channel"))
    return _outcome(scene, reply)


async def say(scene: Scene, wish: Json) -> Json:
    message = await _person(scene, wish).say(
        text(wish, "text"), channel=text_or_none(wish, "channel"), thread_ts=text_or_none(wish, "thread_ts")
    )
    return {"ok": True, "ts": message.ts}


async def click(scene: Scene, wish: Json) -> Json:
    who = _person(scene, wish)
    reply = await who.click(
        _message(scene, who, wish),
        text(wish, "action_id"),
        block_id=text(wish, "block_id"),
        selected=wish.get("selected"),
    )
    return _outcome(scene, reply)


async def click_in_view(scene: Scene, wish: Json) -> Json:
    reply = await _person(scene, wish).click_in_view(
        _view(scene, wish),
        text(wish, "action_id"),
        block_id=text(wish, "block_id"),
        selected=wish.get("selected"),
    )
    return _outcome(scene, reply)


async def submit(scene: Scene, wish: Json) -> Json:
    return _outcome(scene, await _person(scene, wish).submit(_view(scene, wish), fields(wish, "values")))


async def close_view(scene: Scene, wish: Json) -> Json:
    return _outcome(scene, await _person(scene, wish).close(_view(scene, wish)))


async def open_home(scene: Scene, wish: Json) -> Json:
    reply = await _person(scene, wish).open_home()
    return _outcome(scene, reply) if reply else {"ok": True}


IN_SLACK: Mapping[str, Callable[[Scene, Json], Awaitable[Json]]] = {
    "command": command,
    "say": say,
    "click": click,
    "click_in_view": click_in_view,
    "submit": submit,
    "close_view": close_view,
    "open_home": open_home,
}


def _person(scene: Scene, wish: Json) -> Person:
    who = scene.workspace.persons.get(text(wish, "person"))
    if who is None:
        raise Unclear("person is nobody in the workspace")
    return who


def _message(scene: Scene, who: Person, wish: Json) -> Message:
    messages = scene.workspace.messages
    channel, ts = text(wish, "channel"), text(wish, "ts")
    message = messages.find(channel, ts) or messages.find_ephemeral(who.id, ts)
    if message is None:
        raise CannotDo("the message is no longer there")
    return message


def _view(scene: Scene, wish: Json) -> View:
    view = scene.workspace.views.find(view_id=text(wish, "view"))
    if view is None:
        raise CannotDo("the form is no longer open")
    return view


def _outcome(scene: Scene, reply: Reply) -> Json:
    """As the person is told: what failed in one sentence, what is wrong with an input beside it."""
    opened = {"opened": reply.opened} if reply.opened else {}
    if reply.error:
        app = scene.workspace.manifest.get("display_information", {}).get("name", "The app")
        sentence = FAILURES.get(reply.error, "{app} answered with something that Slack refuses ({error}).")
        return {"ok": False, "error": sentence.format(app=app, status=reply.status, error=reply.error), **opened}
    return {"ok": not reply.errors, **({"errors": dict(reply.errors)} if reply.errors else {}), **opened}
