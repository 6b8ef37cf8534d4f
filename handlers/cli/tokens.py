"""`rollcall token`: tokens for the HTTP API, for metrics, and for one person's presence logging in one lesson."""

import secrets
import sys
from datetime import datetime, timedelta
from typing import Annotated, Any

import jwt
import typer

from bot.attendance.lessons import Role
from bot.clock import wire_now
from bot.errors import BadInput, NotFound
from bot.scopes import Scope
from handlers.cli.arguments import length
from handlers.cli.context import Context, context_of
from handlers.cli.listing import show_list
from handlers.cli.loop import run
from storage.api_tokens import IssuedToken
from storage.memory import Memory

#: A token in a page's address is seen by many eyes.
LONGEST_SIGNALING = timedelta(hours=12)
PREFIX = "rollcall_"
#: who did it, in the history
BY_COMMAND = "command_line"

app = typer.Typer(no_args_is_help=True, help="API tokens.")


@app.command()
def create(
    ctx: typer.Context,
    *,
    scope: Annotated[list[Scope], typer.Option(help="What it is for; may be given several times.")],
    expires: Annotated[str | None, typer.Option(metavar="LENGTH", help="After 90d, 12h, …; else never.")] = None,
    course: Annotated[str | None, typer.Option(metavar="NAME", help="Only for the course of this name or id.")] = None,
    lesson: Annotated[str | None, typer.Option(metavar="ID", help="Of a signaling token: for which lesson.")] = None,
    person: Annotated[str | None, typer.Option(metavar="EMAIL", help="Of a signaling token: whose it is.")] = None,
) -> None:
    """Make a token and show it once; only its digest is kept. `--scope signaling` makes a JWT of --lesson, --person."""
    scopes = frozenset(scope)
    lasts = None if expires is None else length("--expires", expires)
    if Scope.SIGNALING in scopes:
        signed = run(_signaling(context_of(ctx), scopes, lasts, course, lesson, person))
        if host := context_of(ctx).settings.public_url.rstrip("/"):
            print(f"The page on which they confirm: {host}/check/{signed}", file=sys.stderr)
        print(signed)
        return
    if lesson is not None or person is not None:
        raise BadInput("--lesson and --person are for --scope signaling.")
    if course is not None and Scope.METRICS in scopes:
        raise BadInput("--course: metrics are those of the whole workspace; leave it out.")
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    issued = run(_issue(context_of(ctx), token, scopes, lasts, course))
    print(f"Token {issued} is shown this once:", file=sys.stderr)
    print(token)


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="An array, for programs.")] = False,
) -> None:
    """List the tokens that were given out, never the tokens themselves.

    What each is for, and whether it is still good.
    """
    now = wire_now()
    show_list(
        run(_issued(context_of(ctx))),
        as_json=as_json,
        of=lambda each: _object(each, now),
        line=lambda each: _line(each, now),
        nothing="No token was given out yet: `rollcall token create` does.",
    )


@app.command()
def revoke(ctx: typer.Context, token: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Take a token back, at once; the id is that of `list`."""
    if not run(_revoke(context_of(ctx), token)):
        raise NotFound(f"There is no token {token!r}: `rollcall token list` shows the ids.")
    print(f"Token {token} is good for nothing any more.")


async def _issue(
    context: Context, token: str, scopes: frozenset[Scope], lasts: timedelta | None, course: str | None
) -> str:
    now = wire_now()
    async with context.open_store() as store, store.write() as memory:
        course_id = None if course is None else await _course_id(memory, course)
        expires_at = None if lasts is None else now + lasts
        issued = await memory.api_tokens.issue(
            scopes=scopes, token=token, course_id=course_id, expires_at=expires_at, now=now
        )
        await _remember(memory, "token.created", issued, {"scopes": sorted(scopes)}, now=now)
    return issued


async def _signaling(
    context: Context,
    scopes: frozenset[Scope],
    lasts: timedelta | None,
    course: str | None,
    lesson: str | None,
    person: str | None,
) -> str:
    if len(scopes) > 1 or course is not None or lesson is None or person is None:
        raise BadInput("--scope signaling stands alone and needs --lesson ID and --person EMAIL.")
    lasts = LONGEST_SIGNALING if lasts is None else lasts
    if lasts > LONGEST_SIGNALING:
        raise BadInput("--expires: a signaling token is good for at most 12h.")
    keys = context.keys
    now = wire_now()
    async with context.open_store() as store, store.write() as memory:
        person_id, role = await _on_roster(memory, lesson, person)
        issued = await memory.api_tokens.issue(
            scopes=scopes, lesson_id=lesson, person_id=person_id, expires_at=now + lasts, now=now
        )
        await _remember(memory, "token.created", issued, {"scopes": sorted(scopes), "lesson": lesson}, now=now)
    claims = {"jti": issued, "iat": now, "exp": now + lasts, "lesson": lesson, "person": person_id, "role": role.value}
    return jwt.encode(claims, keys.signing[0], algorithm="HS256")


async def _on_roster(memory: Memory, lesson_id: str, email: str) -> tuple[str, Role]:
    """Who has this address on the roster of the day; who teaches as well as learns is a trainer."""
    found = await memory.lessons.facts(lesson_id)
    if found is None:
        raise NotFound(f"There is no lesson {lesson_id!r}: `rollcall lesson list` shows the ids.")
    roles = {each.role: each.id for each in found.facts.roster if each.email == email.strip().lower()}
    for role in (Role.TRAINER, Role.STUDENT, Role.OBSERVER):
        if role in roles:
            return roles[role], role
    raise NotFound(f"--person {email}: nobody on the roster of this lesson has this address.")


async def _course_id(memory: Memory, course: str) -> str:
    found = await memory.courses.find(course)
    if found is None:
        raise NotFound(f"There is no course {course!r}: `rollcall course list` shows them.")
    return found.id


async def _issued(context: Context) -> list[IssuedToken]:
    async with context.open_store() as store, store.read() as memory:
        return await memory.api_tokens.all()


async def _revoke(context: Context, token_id: str) -> bool:
    now = wire_now()
    async with context.open_store() as store, store.write() as memory:
        is_there = await memory.api_tokens.revoke(token_id, now=now)
        if is_there:
            await _remember(memory, "token.revoked", token_id, {}, now=now)
    return is_there


async def _remember(memory: Memory, action: str, token_id: str, facts: dict[str, Any], *, now: datetime) -> None:
    await memory.history.append(BY_COMMAND, action, token_id, facts, now=now)


def _state(token: IssuedToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "good"


def _line(token: IssuedToken, now: datetime) -> str:
    until = "never expires" if token.expires_at is None else f"until {token.expires_at:%Y-%m-%d %H:%M} UTC"
    of = f"  course {token.course}" if token.course else f"  lesson {token.lesson_id}" if token.lesson_id else ""
    return f"{token.id}  {','.join(token.scopes)}  {_state(token, now)}  {until}{of}"


def _object(token: IssuedToken, now: datetime) -> dict[str, Any]:
    return {
        "id": token.id,
        "scopes": list(token.scopes),
        "state": _state(token, now),
        "course": token.course or None,
        "lesson": token.lesson_id or None,
        "person": token.person_id or None,
        "created_at": _instant(token.created_at),
        "expires_at": _instant(token.expires_at),
        "revoked_at": _instant(token.revoked_at),
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
