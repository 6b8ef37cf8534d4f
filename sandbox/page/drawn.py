"""The workspace in the JSON that the page reads."""

import mimetypes
from datetime import UTC, datetime

from sandbox.page.scene import Json, Scene
from sandbox.slack.faults import FaultPlan
from sandbox.slack.model import Call, Channel, File, Group, Message, View
from sandbox.slack.people import Person
from sandbox.slack.workspace import Workspace


def instant(moment: datetime) -> str:
    """2026-11-23T17:02:03.250Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def app(workspace: Workspace) -> Json:
    """The app under test, as its manifest describes it."""
    features = workspace.manifest.get("features", {})
    return {
        "name": workspace.manifest.get("display_information", {}).get("name", workspace.bot.name),
        "user": workspace.bot.id,
        "home": bool(features.get("app_home", {}).get("home_tab_enabled")),
        "commands": [
            {key: str(command.get(key, "")) for key in ("command", "description", "usage_hint")}
            for command in features.get("slash_commands", ())
        ],
    }


def person(scene: Scene, who: Person) -> Json:
    return {
        "id": who.id,
        "name": who.name,
        "email": who.email,
        "zone": who.zone,
        "role": scene.roles.get(who.id),
        "is_admin": who.is_admin,
        "is_bot": who.is_bot,
        "deleted": who.deleted,
    }


def channel(held: Channel) -> Json:
    return {
        "id": held.id,
        "name": held.name,
        "kind": held.kind,
        "members": held.members,
        "archived": held.archived,
    }


def group(held: Group) -> Json:
    return {"id": held.id, "handle": held.handle, "name": held.name}


def message(said: Message) -> Json:
    return {
        "channel": said.channel,
        "ts": said.ts,
        "author": said.author,
        "text": said.text,
        "blocks": said.blocks,
        "attachments": said.attachments,
        "thread_ts": said.thread_ts,
        "edited_at": said.edited_at and instant(said.edited_at),
        "seen_by": said.seen_by,
        "files": said.files,
        "reactions": dict(said.reactions),
        "at": instant(said.at),
    }


def view(shown: View) -> Json:
    return {
        "id": shown.id,
        "hash": shown.hash,
        "person": shown.person,
        "kind": shown.kind,
        "source": shown.source,
        "errors": dict(shown.errors),
        "state": dict(shown.state),
    }


def file(held: File) -> Json:
    return {
        "id": held.id,
        "name": held.name,
        "title": held.title,
        "alt_text": held.alt_text,
        "length": held.length,
        "mimetype": mimetype(held),
    }


def mimetype(held: File) -> str:
    return mimetypes.guess_type(held.name)[0] or "application/octet-stream"


def call(made: Call) -> Json:
    return {"at": instant(made.at), "method": made.method, "outcome": made.outcome, "status": made.status}


def faults(plan: FaultPlan) -> list[Json]:
    """What is planned to go wrong; `times` is None for what lasts until it is cleared."""
    return [
        {"method": method, "kind": kind, "about": about, "times": times}
        for method, kind, about, times in plan.planned()
    ]


def clock(scene: Scene) -> Json:
    held = scene.steerable
    return {
        "now": instant(scene.lesson_clock.now()),
        "speed": held.speed if held else 1,
        "is_running": held.is_running if held else True,
        "can_be_steered": held is not None,
        "can_step": scene.step_to is not None,
        "zone": scene.zone,
    }


def scenario(scene: Scene) -> Json:
    """The bill; empty where no story is played."""
    bill = scene.bill
    if bill is None:
        return {}
    return {
        "name": bill.name,
        "title": bill.title,
        "is_over": bill.is_over,
        "differences": bill.differences,
        "begins_at": instant(bill.begins_at),
        "ends_at": instant(bill.ends_at),
    }
