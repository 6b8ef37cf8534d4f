"""`rollcall replay`: recorded deliveries through the whole pipeline, from behind verification."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.connectors import Delivery
from bot.errors import BadInput
from handlers.cli.context import Context, context_of
from handlers.cli.loop import run
from handlers.platforms import CONNECTORS
from handlers.recordings import read_recording
from handlers.ticks import apply_deliveries, watch_lessons
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
) -> None:
    """Store recorded deliveries (.http, .ndjson), apply them, look at their lessons. Repeating it changes nothing."""
    if platform not in CONNECTORS:
        raise BadInput(f"--platform {platform}: there is {', '.join(sorted(CONNECTORS))}")
    recorded = [delivery for file in files for delivery in _read(file)]
    run(_replay(context_of(ctx), recorded, platform))


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
        body = fields["body"] if isinstance(fields["body"], str) else _as_sent(fields["body"])
        headers = {str(name).lower(): str(value) for name, value in fields.get("headers", {}).items()}
        route = str(fields.get("route", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        message = f'{place}: a line is {{"received_at": "2026-11-23T17:00:01Z", "headers": {{}}, "body": "…"}}'
        raise BadInput(message) from problem
    return _timed(
        Delivery(account="", route=route, headers=headers, body=body.encode(), received_at=received_at), place
    )


def _as_sent(body: object) -> str:
    # As platforms write it: what came through the door too is then known to be the same.
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def _timed(delivery: Delivery, place: str) -> Delivery:
    if delivery.received_at.tzinfo is None:
        raise BadInput(f"{place}: received_at {delivery.received_at.isoformat()} has no time zone; end it with Z")
    return delivery


async def _replay(context: Context, recorded: Sequence[Delivery], platform: str) -> None:
    now = SystemClock().now()
    async with context.open_store() as store:
        new = await _keep(store, recorded, platform)
        while await apply_deliveries.tick(store, CONNECTORS, now=now) is not None:
            pass
        await watch_lessons.tick(store, now=now)
        async with store.read() as memory:
            unreadable = await memory.deliveries.find(state=DeliveryState.UNREADABLE, limit=len(recorded) or 1)
    print(f"{len(recorded)} {'delivery' if len(recorded) == 1 else 'deliveries'} read, {new} new.")
    for delivery in unreadable:
        print(f"delivery {delivery.id} could not be read: {delivery.error}")


async def _keep(store: Store, recorded: Sequence[Delivery], platform: str) -> int:
    connector = CONNECTORS[platform]
    async with store.write() as memory:
        account_id = await memory.accounts.default(platform, now=SystemClock().now())
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
