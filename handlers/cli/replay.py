"""`rollcall replay`: recorded deliveries through the whole pipeline, from behind verification."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.clock import SystemClock
from bot.connectors import Delivery
from bot.errors import BadInput, NotFound
from handlers.cli.arguments import platform_named
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from handlers.platforms import CONNECTORS
from handlers.recordings import read_recording
from handlers.ticks import apply_deliveries, watch_lessons
from storage.accounts import DEFAULT
from storage.database import Store
from storage.deliveries import DeliveryState, NewDelivery

#: Deliveries stored in one transaction.
CHUNK = 500


def register(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    *,
    platform: Annotated[str, typer.Option(help="Whose deliveries they are, for example zoom.")],
    account: Annotated[str, typer.Option(metavar="NAME", help="Of which account there.")] = DEFAULT,
) -> None:
    """Apply recorded deliveries (.http, .ndjson) to their lessons.

    They are stored as if they had come in. Repeating it changes nothing.
    """
    platform_named("--platform", platform)
    recorded = [delivery for file in files for delivery in _read(file)]
    run(_replay(context_of(ctx), recorded, platform, account))


def _read(file: Path) -> Iterable[Delivery]:
    if file.suffix == ".http":
        try:
            delivery = read_recording(file.read_bytes()).delivery(account="")
        except (BadInput, ValueError) as problem:
            raise BadInput(f"{file}: {problem}") from problem
        yield _timed(delivery, str(file))
        return
    if file.suffix != ".ndjson":
        raise BadInput(f"{file}: give .http files, or .ndjson with an object a line")
    for number, line in enumerate(file.read_bytes().split(b"\n"), start=1):
        if line.strip():
            yield _from_line(line, f"{file}:{number}")


def _from_line(line: bytes, place: str) -> Delivery:
    try:
        fields = json.loads(line)
        received_at = datetime.fromisoformat(fields["received_at"])
        body = _body(fields)
        headers = {str(name).lower(): str(value) for name, value in fields.get("headers", {}).items()}
        route = str(fields.get("route", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        message = f'{place}: a line is {{"received_at": "2026-11-23T17:00:01Z", "headers": {{}}, "body": "…"}}'
        raise BadInput(message) from problem
    return _timed(Delivery(account="", route=route, headers=headers, body=body, received_at=received_at), place)


def _body(fields: Mapping[str, Any]) -> bytes:
    if "body_base64" in fields:
        return base64.b64decode(fields["body_base64"], validate=True)
    body = fields["body"]
    # An object is written as platforms do: what came through the door too is then known to be the same.
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _timed(delivery: Delivery, place: str) -> Delivery:
    if delivery.received_at.tzinfo is None:
        raise BadInput(f"{place}: received_at {delivery.received_at.isoformat()} has no time zone; end it with Z")
    return delivery


async def _replay(context: Context, recorded: Sequence[Delivery], platform: str, account: str) -> None:
    now = SystemClock().now()
    async with context.open_store() as store:
        new = await _keep(store, recorded, platform, await _account(store, platform, account, now=now))
        while await apply_deliveries.tick(store, CONNECTORS, now=now) is not None:
            pass
        await watch_lessons.tick(store, now=now)
        async with store.read() as memory:
            unreadable = await memory.deliveries.find(state=DeliveryState.UNREADABLE, limit=len(recorded) or 1)
    print(f"{len(recorded)} {'delivery' if len(recorded) == 1 else 'deliveries'} read, {new} new.")
    for delivery in unreadable:
        print(f"delivery {delivery.id} could not be read: {delivery.error}")


async def _account(store: Store, platform: str, name: str, *, now: datetime) -> str:
    async with store.write() as memory:
        if name == DEFAULT:
            return await memory.accounts.default(platform, now=now)
        found = await memory.accounts.find(platform, name)
    if found is None:
        raise NotFound(f"--account {name}: there is none on {platform}; `rollcall account list` shows them.")
    return found


async def _keep(store: Store, recorded: Sequence[Delivery], platform: str, account_id: str) -> int:
    connector = CONNECTORS[platform]
    new = 0
    for start in range(0, len(recorded), CHUNK):
        rows = [
            NewDelivery(
                account_id=account_id,
                route=delivery.route,
                delivery_key=connector.delivery_key(delivery),
                headers={name: value for name, value in delivery.headers.items() if name in connector.kept_headers},
                body=connector.redact(delivery),
                received_at=delivery.received_at,
                verified_at=delivery.received_at,
            )
            for delivery in recorded[start : start + CHUNK]
        ]
        async with store.write() as memory:
            new += sum(await memory.deliveries.keep(rows))
    return new
