"""Checks of the school: platforms that courses need, accounts and what was heard of them, trainers, people in Slack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.settings import Settings
from handlers.cli.finding import Finding
from handlers.keys import Keys, SealBroken
from handlers.platforms import OWN, SWITCHES, secrets_by_platform
from storage.accounts import DEFAULT, StoredAccount
from storage.checkup import CourseToCheck
from storage.database import Store

#: Names of people without an account that are shown.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """What the checks look at, read at one time."""

    courses: Sequence[CourseToCheck]
    accounts: Sequence[StoredAccount]
    #: ids of accounts in whose rooms a lesson should have been heard of
    begun: set[str]
    #: how many people are not found in Slack, and the first of them
    unreachable: tuple[int, list[str]]
    #: how many could not be registered for a room, and why the first of them was not
    unregistered: tuple[int, str]


async def read_school(store: Store, *, now: datetime) -> School:
    """The school as it stands in the memory."""
    async with store.read() as memory:
        return School(
            courses=await memory.checkup.courses(now=now),
            accounts=await memory.accounts.all(),
            begun=await memory.checkup.accounts_with_lessons_begun(now=now),
            unreachable=await memory.overview.without_account(limit=MOST_NAMES),
            unregistered=await memory.registrants.refused(),
        )


def school_findings(settings: Settings, school: School) -> Iterator[Finding]:
    """Everything that is checked of a school."""
    yield from _platforms(settings, school)
    yield from _secrets(settings, school.accounts)
    yield from (_heard(settings, account, is_awaited=account.id in school.begun) for account in school.accounts)
    yield from _trainers(school.courses)
    yield _people(*school.unreachable)
    yield from _links(*school.unregistered)


def _platforms(settings: Settings, school: School) -> Iterator[Finding]:
    """Every platform that a course names is switched on: by the settings, or by an account of its own."""
    needed = {course.platform: course.name for course in reversed(school.courses)}
    switched_on = {*secrets_by_platform(settings), *(each.platform for each in school.accounts if each.secrets)}
    switched_on |= OWN & needed.keys()
    if not switched_on:
        yield Finding("platforms", "none is switched on", f"set {' or '.join(SWITCHES.values())}")
        return
    missing = sorted(set(needed) - switched_on)
    for platform in missing:
        remedy = f"set {SWITCHES.get(platform, 'its secret')}, or `rollcall account add NAME --platform {platform}`"
        yield Finding("platforms", f"{platform}, of {needed[platform]}, is not switched on", remedy)
    if not missing:
        yield Finding("platforms", f"{', '.join(sorted(switched_on))} switched on")


def _secrets(settings: Settings, accounts: Sequence[StoredAccount]) -> Iterator[Finding]:
    """Every secret that is kept can be opened with the secret keys that there are."""
    if not settings.secret_key:
        return
    keys = Keys([key.get_secret_value() for key in settings.secret_key])
    for account in accounts:
        if account.secrets and not all(_opens(keys, secret.sealed) for secret in account.secrets):
            yield Finding(
                "secrets",
                f"those of {_name(account)} were sealed with another ROLLCALL_SECRET_KEY",
                f"put that key back, or `rollcall account rotate {account.name!r} --platform {account.platform}`",
            )


def _opens(keys: Keys, sealed: str) -> bool:
    try:
        keys.unseal(sealed)
    except SealBroken:
        return False
    return True


def _heard(settings: Settings, account: StoredAccount, *, is_awaited: bool) -> Finding:
    """When an account was last heard from, and whether what comes there is refused."""
    name, heard, since = _name(account), account.last_received_at, account.refused_first_at
    if since is not None:
        secret = SWITCHES.get(account.platform, "") if account.name == DEFAULT else "its secret"
        return Finding(
            "heard",
            f"{name}: {account.refused} requests since {_moment(since)} were proven by no secret",
            f"compare {secret} with what the platform shows",
        )
    if heard is not None:
        return Finding("heard", f"{name}: last delivery {_moment(heard)}")
    if is_awaited:
        host = settings.public_url.rstrip("/") or "https://YOUR-HOST"
        if account.platform in OWN:
            remedy = f"join {host}/signaling with a token of `rollcall token create --scope signaling`"
        else:
            remedy = (
                f"check the address that you gave it, {host}/webhooks/{account.platform}…, and that its events are on"
            )
        return Finding("heard", f"{name} has never sent anything, though lessons have begun", remedy)
    return Finding("heard", f"{name}: nothing yet, and no lesson has begun")


def _trainers(courses: Sequence[CourseToCheck]) -> Iterator[Finding]:
    without = [course.name for course in courses if not course.has_trainer]
    for name in without:
        yield Finding("trainers", f"{name} has none", "name `trainers` in the course file and import it again")
    if courses and not without:
        yield Finding("trainers", "every course has one")


def _people(count: int, names: Sequence[str]) -> Finding:
    if count == 0:
        return Finding("people", "everybody on a roster is found in Slack")
    shown = f"{', '.join(names)}{' …' if count > len(names) else ''}"
    return Finding(
        "people",
        f"{count} not found in Slack: {shown}",
        "invite them to the workspace, or put `slack` or another `email` into the course file",
    )


def _links(count: int, why: str) -> Iterator[Finding]:
    """That some have no link of their own is no harm to their attendance; nothing to say where all have."""
    if count:
        some = f"{count} {'student has' if count == 1 else 'students have'} no link of their own on Zoom"
        yield Finding("links", f"{some}: {why}", "docs/connect-zoom.md says what a meeting needs; they are tried daily")


def _name(account: StoredAccount) -> str:
    return account.platform if account.name == DEFAULT else f"{account.platform} ({account.name})"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
