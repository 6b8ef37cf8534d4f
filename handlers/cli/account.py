"""`rollcall account`: several accounts of one platform, each with an address and secrets of its own."""

import secrets
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from bot.clock import SystemClock
from bot.errors import BadInput, NotFound
from handlers.cli.arguments import length, platform_with_webhooks
from handlers.cli.context import Context, context_of
from handlers.cli.listing import show_list
from handlers.cli.loop import run
from handlers.cli.tokens import BY_COMMAND
from handlers.platforms import CONNECTORS
from storage.accounts import DEFAULT, StoredAccount
from storage.api_tokens import digest_of
from storage.database import Store
from storage.memory import Memory

#: How long an old secret is good beside the new one, unless something else is asked for.
KEEP = "24h"
HOST = "https://YOUR-HOST"

app = typer.Typer(no_args_is_help=True, help="Accounts on platforms, beside the one of the settings.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="What you call the account.")]
Platform = Annotated[str, typer.Option(metavar="PLATFORM", help="For example zoom.")]


@dataclass(frozen=True, slots=True)
class _Proof:
    """How an account is addressed, and how what comes there is proven."""

    #: the secret part of the address; shown once
    token: str
    #: of a platform with a URL for each kind of news the token itself: there it is what proves a delivery
    secret: str


@app.command()
def add(ctx: typer.Context, name: Name, *, platform: Platform) -> None:
    """Add an account. Its webhook secret is asked for, or read from standard input; its address is shown once."""
    platform_with_webhooks("--platform", platform)
    if name == DEFAULT:
        raise BadInput(f"{DEFAULT} is the account of the settings: give another name.")
    context = context_of(ctx)
    context.keys  # noqa: B018  without a secret key nobody is asked for a secret
    token = secrets.token_urlsafe(32)
    proof = _Proof(token, token if _has_routes(platform) else _asked_secret())
    run(_add(context, platform, name, proof))
    _show_addresses(context, platform, proof.token)


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="An array, for programs.")] = False,
) -> None:
    """List the accounts: when each was last heard from, what was refused, how many secrets are good."""
    now = SystemClock().now()
    show_list(
        run(_accounts(context_of(ctx))),
        as_json=as_json,
        of=lambda each: _object(each, now),
        line=lambda each: _line(each, now),
        nothing="There is no account yet: one comes with the first delivery, or by `rollcall account add`.",
    )


@app.command()
def rotate(
    ctx: typer.Context,
    name: Name,
    *,
    platform: Platform,
    keep: Annotated[str, typer.Option(metavar="LENGTH", help="The old secret stays good for so long.")] = KEEP,
    address: Annotated[
        bool, typer.Option("--address", help="A new address instead; the old one ends at once.")
    ] = False,
) -> None:
    """Give an account a new secret, asked for or read from standard input; the old one stays good for a while."""
    platform_with_webhooks("--platform", platform)
    if name == DEFAULT:
        raise BadInput(
            f"The secrets of {DEFAULT} are in the settings: put the new one before the old one, with a comma."
        )
    context, lasts = context_of(ctx), length("--keep", keep)
    context.keys  # noqa: B018  without a secret key nobody is asked for a secret
    if _has_routes(platform):
        token = secrets.token_urlsafe(32)
        until = run(_rotate(context, platform, name, token, lasts))
        _show_addresses(context, platform, token)
        print(f"The old addresses are good until {until:%Y-%m-%d %H:%M} UTC.", file=sys.stderr)
    elif address:
        token = secrets.token_urlsafe(32)
        run(_readdress(context, platform, name, token))
        _show_addresses(context, platform, token)
    else:
        until = run(_rotate(context, platform, name, _asked_secret(), lasts))
        print(f"The new secret is good from now on, the old one until {until:%Y-%m-%d %H:%M} UTC.")


def _has_routes(platform: str) -> bool:
    return bool(CONNECTORS[platform].routes)


def _asked_secret() -> str:
    """Never an argument: those are in the shell's history, and in the list of processes for everybody."""
    given = str(typer.prompt("Webhook secret", hide_input=True)) if sys.stdin.isatty() else sys.stdin.readline()
    if not given.strip():
        raise BadInput("The webhook secret is empty: type it when asked, or give it on standard input.")
    return given.strip()


def _show_addresses(context: Context, platform: str, token: str) -> None:
    print("Its address is shown this once:", file=sys.stderr)
    host = context.settings.public_url.rstrip("/") or HOST
    for route in sorted(CONNECTORS[platform].routes) or [""]:
        print("/".join(filter(None, (host, "webhooks", platform, token, route))))


async def _add(context: Context, platform: str, name: str, proof: _Proof) -> None:
    now = SystemClock().now()
    token_hash = None if _has_routes(platform) else digest_of(proof.token)
    async with context.open_store() as store, store.write() as memory:
        sealed = context.keys.seal(proof.secret)
        added = await memory.accounts.add(platform, name, token_hash=token_hash, sealed=sealed, now=now)
        if added is None:
            raise BadInput(f"{platform} has an account {name!r} already: `rollcall account rotate` changes its secret.")
        await memory.history.append(BY_COMMAND, "account.added", added, {"platform": platform}, now=now)


async def _rotate(context: Context, platform: str, name: str, secret: str, lasts: timedelta) -> datetime:
    now = SystemClock().now()
    async with context.open_store() as store, store.write() as memory:
        account_id = await _found(memory, platform, name)
        await memory.accounts.rotate(account_id, sealed=context.keys.seal(secret), old_until=now + lasts, now=now)
        await memory.history.append(BY_COMMAND, "account.rotated", account_id, {}, now=now)
    return now + lasts


async def _readdress(context: Context, platform: str, name: str, token: str) -> None:
    now = SystemClock().now()
    async with context.open_store() as store, store.write() as memory:
        account_id = await _found(memory, platform, name)
        await memory.accounts.readdress(account_id, token_hash=digest_of(token))
        await memory.history.append(BY_COMMAND, "account.readdressed", account_id, {}, now=now)


async def _found(memory: Memory, platform: str, name: str) -> str:
    found = await memory.accounts.find(platform, name)
    if found is None:
        raise NotFound(f"{platform} has no account {name!r}: `rollcall account list` shows them.")
    return found


async def _accounts(context: Context) -> list[StoredAccount]:
    async with context.open_store() as store:
        return await _all(store)


async def _all(store: Store) -> list[StoredAccount]:
    async with store.read() as memory:
        return await memory.accounts.all()


def _good(account: StoredAccount, now: datetime) -> list[datetime | None]:
    """Until when each of its secrets is good."""
    return [each.good_until for each in account.secrets if each.good_until is None or now < each.good_until]


def _line(account: StoredAccount, now: datetime) -> str:
    if account.name == DEFAULT:
        proof = "secrets of the settings"
    else:
        good = _good(account, now)
        ends = [f"one until {until:%Y-%m-%d %H:%M} UTC" for until in good if until is not None]
        proof = ", ".join([f"{len(good)} good secret{'' if len(good) == 1 else 's'}", *ends])
    heard = account.last_received_at
    last = "never heard from" if heard is None else f"last heard from {heard:%Y-%m-%d %H:%M} UTC"
    since = account.refused_first_at
    refused = f"  {account.refused} refused since {since:%Y-%m-%d %H:%M} UTC" if since is not None else ""
    return f"{account.platform}  {account.name}  {last}  {proof}{refused}"


def _object(account: StoredAccount, now: datetime) -> dict[str, Any]:
    heard, since = account.last_received_at, account.refused_first_at
    return {
        "id": account.id,
        "platform": account.platform,
        "name": account.name,
        "last_received_at": None if heard is None else heard.isoformat().replace("+00:00", "Z"),
        "secrets": None if account.name == DEFAULT else len(_good(account, now)),
        "refused": account.refused,
        "refused_since": None if since is None else since.isoformat().replace("+00:00", "Z"),
    }
