"""`rollcall delivery`: the inbox. What came, what could not be read and why, to look at, take away, or try again."""

import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.clock import SystemClock
from bot.errors import BadInput, NotFound
from handlers.cli.arguments import moment, platform_named
from handlers.cli.context import Context, context_of
from handlers.cli.listing import show_list
from handlers.cli.loop import run
from storage.database import Store
from storage.deliveries import DeliveryState, StoredDelivery
from storage.inbox import ListedDelivery, Which
from storage.memory import Memory

#: Whole deliveries read at once; one of them may have 32 MiB.
PORTION = 50
#: Said wherever bodies leave the database.
PERSONAL = "This holds what the platform told of people: keep it as you keep attendance."

app = typer.Typer(no_args_is_help=True, help="The inbox: deliveries of the platforms.")

Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", show_default=False, help="As `list` shows them.")]
State = Annotated[DeliveryState | None, typer.Option(help="Only those of this state.")]
Platform = Annotated[str | None, typer.Option(metavar="NAME", help="Only of this platform.")]
Since = Annotated[str | None, typer.Option(metavar="WHEN", help="Only those received since: 2h, 7d, 2026-11-23.")]


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    state: State = None,
    platform: Platform = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="An array, for programs.")] = False,
) -> None:
    """List what came, the newest first, and what could not be read with the reason. No bodies."""
    which = _which(None, state, platform, since)
    found, count = run(_listed(context_of(ctx), which, limit))
    show_list(found, as_json=as_json, of=_object, line=_line, nothing="No such delivery was kept.")
    if count > len(found) and not as_json:
        print(f"… and {count - len(found)} older: --limit {count} shows all.")


@app.command()
def show(ctx: typer.Context, delivery: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Show one delivery with its body, as it was kept."""
    found = run(_one(context_of(ctx), delivery))
    print(PERSONAL, file=sys.stderr)
    print(f"delivery {found.id}  {_place(found.platform, found.route)}  {found.state}")
    print(f"received {found.received_at:%Y-%m-%d %H:%M:%S.%f} UTC")
    if found.applied_at is not None:
        print(f"looked into {found.applied_at:%Y-%m-%d %H:%M:%S} UTC")
    if found.error:
        print(f"could not be read: {found.error}")
    for name, value in sorted(found.headers.items()):
        print(f"{name}: {value}")
    print(f"\n{found.body.decode(errors='backslashreplace')}")


@app.command()
def export(
    ctx: typer.Context,
    ids: Ids = None,
    *,
    state: State = None,
    platform: Platform = None,
    since: Since = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file instead of the terminal.")] = None,
) -> None:
    """Write deliveries with their bodies, a line of JSON each (.ndjson), as `rollcall replay` takes them."""
    which = _which(ids, state, platform, since)
    print(PERSONAL, file=sys.stderr)
    try:
        with output.open("w", encoding="ascii") if output is not None else nullcontext(sys.stdout) as file:
            count = run(_export(context_of(ctx), which, file))
    except OSError as problem:
        raise BadInput(f"-o {output}: it cannot be written ({problem.strerror}); give another file.") from problem
    if output is not None:
        print(f"{_deliveries(count)} written to {output}.")


@app.command()
def retry(
    ctx: typer.Context, ids: Ids = None, *, state: State = None, platform: Platform = None, since: Since = None
) -> None:
    """Look into deliveries again: by id, or all of a state. A running `serve` takes them up within seconds."""
    if not ids and state is None:
        raise BadInput("Give the ids of deliveries, or --state unreadable for all that could not be read.")
    count = run(_retry(context_of(ctx), _which(ids, state, platform, since)))
    print(f"{_deliveries(count)} will be looked into again: by a running `rollcall serve`, or when it starts.")


def _which(ids: list[int] | None, state: DeliveryState | None, platform: str | None, since: str | None) -> Which:
    return Which(
        ids=ids or (),
        state=state,
        platform=None if platform is None else platform_named("--platform", platform),
        since=None if since is None else moment("--since", since, now=SystemClock().now()),
    )


async def _listed(context: Context, which: Which, limit: int) -> tuple[list[ListedDelivery], int]:
    async with context.open_store() as store, store.read() as memory:
        return await memory.inbox.listed(which, limit=limit), await memory.inbox.count(which)


async def _one(context: Context, delivery_id: int) -> StoredDelivery:
    async with context.open_store() as store, store.read() as memory:
        found = await memory.deliveries.get(delivery_id)
    if found is None:
        raise _missing([delivery_id])
    return found


async def _export(context: Context, which: Which, file: TextIO) -> int:
    count = 0
    async with context.open_store() as store:
        async with store.read() as memory:
            await _all_there(memory, which)
            platforms = await memory.inbox.platforms(which)
        if len(platforms) > 1:
            raise BadInput(f"`rollcall replay` takes one platform at a time: give --platform {' or '.join(platforms)}")
        async for delivery in _whole(store, which):
            file.write(f"{json.dumps(_recorded(delivery))}\n")
            count += 1
    return count


async def _whole(store: Store, which: Which) -> AsyncIterator[StoredDelivery]:
    """The oldest first. The store is free between two portions: a file may be slow."""
    after = 0
    while True:
        async with store.read() as memory:
            portion = await memory.inbox.whole(which, after=after, limit=PORTION)
        for delivery in portion:
            yield delivery
        if len(portion) < PORTION:
            return
        after = portion[-1].id


async def _retry(context: Context, which: Which) -> int:
    async with context.open_store() as store, store.write() as memory:
        await _all_there(memory, which)
        return await memory.inbox.retry(which)


async def _all_there(memory: Memory, which: Which) -> None:
    if not which.ids:
        return
    found = {each.id for each in await memory.inbox.listed(Which(ids=which.ids), limit=len(which.ids))}
    if missing := [id_ for id_ in which.ids if id_ not in found]:
        raise _missing(missing)


def _missing(ids: list[int]) -> NotFound:
    return NotFound(f"There is no delivery {', '.join(map(str, ids))}: `rollcall delivery list` shows the ids.")


def _line(each: ListedDelivery) -> str:
    account = "" if each.account == "default" else f" ({each.account})"
    why = f"  {each.error}" if each.error else ""
    place = _place(each.platform, each.route)
    return f"{each.id}  {each.received_at:%Y-%m-%d %H:%M:%S}  {place}{account}  {each.state}  {each.bytes} bytes{why}"


def _place(platform: str, route: str) -> str:
    return f"{platform} {route}" if route else platform


def _deliveries(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"


def _object(each: ListedDelivery) -> dict[str, Any]:
    return {
        "id": each.id,
        "platform": each.platform,
        "account": each.account,
        "route": each.route,
        "received_at": each.received_at.isoformat().replace("+00:00", "Z"),
        "state": each.state.value,
        "bytes": each.bytes,
        "error": each.error or None,
    }


def _recorded(delivery: StoredDelivery) -> dict[str, Any]:
    """A line of `.ndjson`; a body that is no UTF-8 is written as base64, so that it stays what it was."""
    line: dict[str, Any] = {
        "received_at": delivery.received_at.isoformat().replace("+00:00", "Z"),
        "headers": dict(delivery.headers),
    }
    if delivery.route:
        line["route"] = delivery.route
    try:
        return {**line, "body": delivery.body.decode()}
    except UnicodeDecodeError:
        return {**line, "body_base64": base64.b64encode(delivery.body).decode()}
