"""Put documents into the thread of a message in Slack, and take away those that they replace.

A row of files is like any other message row: what should stand, and what stands. Its place is no time stamp but the
files' ids, each after what it is: `pdf@3=F123`. What is not there yet is uploaded, all of it into one message; then
what is there and should not be is deleted. Sending is *at least* once here too.

A kept report may not be seen on this disk yet: written by another replica, on a folder of the network or a disk that is
not mounted. It is waited for, whoever finds it sends it, and the others of its message do not wait.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.attendance.wanted import MessageKind
from bot.errors import DocumentFailed, SlackRefused
from bot.messages.message import Message
from bot.reports.lesson_sheet import PrintedSheet, picture_in_words, sheet_file_name
from handlers.asset_files import AssetFiles
from handlers.attendance import printable
from handlers.documents import Documents, sheet_as
from handlers.slack_client import SlackClient
from handlers.slack_values import SlackFile
from storage.database import Store
from storage.messages import MessageState, ToSend
from storage.pacing import POST

#: Under which message of the same subject and recipient the files stand.
UNDER: Final[Mapping[MessageKind, MessageKind]] = {
    MessageKind.SUMMARY_FILES: MessageKind.SUMMARY,
    MessageKind.SUMMARY_REPORTS: MessageKind.SUMMARY,
    MessageKind.CHECK_REPORT: MessageKind.CHECK_CARD,
}
#: Lesson time until it is looked again whether that message stands.
UNTIL_IT_STANDS: Final = timedelta(seconds=5)
#: … and where nobody wants it yet: the lesson runs.
UNTIL_IT_IS_WANTED: Final = timedelta(minutes=1)
#: … and whether the bytes of a report are seen on this disk; and for how long after it was made.
UNTIL_IT_IS_SEEN: Final = timedelta(minutes=1)
LOOKED_FOR: Final = timedelta(days=1)
#: What Slack says of a file that is not there any more.
NO_FILE: Final = frozenset({"file_not_found", "file_deleted"})
FORMS: Final = ("pdf", "xlsx", "csv", "png")

log = structlog.get_logger()

#: Makes one file.
Make = Callable[[], Awaitable[SlackFile]]


class NotYet(Exception):
    """What the message has to say is not known, or has no place, before a moment of lesson time."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Unsendable(Exception):
    """There is no place for the files, or they cannot be made; its text says which."""


@dataclass(frozen=True)
class FileSender:
    """Makes Slack equal to rows of files."""

    store: Store
    documents: Documents
    kept: AssetFiles

    async def send(self, slack: SlackClient, row: ToSend, message: Message | None, *, now: datetime) -> None:
        """Upload what is missing, delete what is superseded; raises as `SlackClient` does, `NotYet` and `Unsendable`.

        `message` is what stands beside the files; None takes all of them away.
        """
        standing = _standing(row.ts)
        if message is None:
            await _delete(slack, standing.values())
            async with self.store.write() as memory:
                await memory.messages.deleted(row.id, revision=row.revision, now=now)
            return
        channel, thread_ts = await self._place(row, now)
        wanted = await self._wanted(row, now)
        new = {key: make for key, make in wanted.items() if key not in standing}
        files, lacking = await _made(new)
        if files:
            said = str(message.blocks[0]["text"]["text"])
            ids = await slack.upload([*files.values()], channel=channel, thread_ts=thread_ts, text=said)
            standing |= dict(zip(files, ids, strict=True))
            # Written down before the old ones go: who dies in between uploads nothing a second time.
            async with self.store.write() as memory:
                await memory.messages.placed(row.id, channel=channel, ts=_place_of(standing))
        if lacking is not None:
            raise lacking
        await _delete(slack, [id_ for key, id_ in standing.items() if key not in wanted])
        place = _place_of({key: standing[key] for key in wanted})
        async with self.store.write() as memory:
            await memory.messages.sent(row.id, revision=row.revision, channel=channel, ts=place, now=now, method=POST)

    async def _place(self, row: ToSend, now: datetime) -> tuple[str, str]:
        """Channel and thread: where the message stands that the files belong to."""
        async with self.store.read() as memory:
            above = await memory.messages.find(row.subject, UNDER[row.kind], row.recipient)
        if above is not None and above.ts:
            return above.channel, above.ts
        if above is None:
            raise NotYet(now + UNTIL_IT_IS_WANTED)
        if above.state is MessageState.WAITING:
            raise NotYet(max(now + UNTIL_IT_STANDS, above.due_at or now))
        raise Unsendable("nowhere to stand")

    async def _wanted(self, row: ToSend, now: datetime) -> Mapping[str, Make]:
        """What should stand, and how each is made."""
        assert row.content is not None
        if row.kind is MessageKind.SUMMARY_FILES:
            return await self._of_sheet(row.subject, now)
        return {
            report["asset_id"]: partial(self._report, report["asset_id"], report["name"], now)
            for report in row.content["reports"]
        }

    async def _of_sheet(self, lesson_id: str, now: datetime) -> Mapping[str, Make]:
        """The documents of the newest version that was written down, which may be newer than the one asked for."""
        async with self.store.read() as memory:
            found = await memory.lessons.facts(lesson_id)
            assert found is not None
            about = printable(found.facts, now=now)
            witness = await memory.history.newest_about(lesson_id, version=about.version, sha256=about.sha256)
            trainers = [person.person_id for person in about.sheet.trainers]
            locales = await memory.people.locales(trainers)
        if not about.version:
            raise NotYet(now + UNTIL_IT_IS_WANTED)  # it goes on
        language = next((locales[each].language for each in trainers if each in locales and locales[each].language), "")
        about = replace(about, history_hash=witness)
        return {
            f"{form}@{about.version}": partial(self._sheet, form, about, language)
            for form in ("pdf", "xlsx", "csv", "png")
        }

    async def _sheet(self, form: str, about: PrintedSheet, language: str) -> SlackFile:
        name = sheet_file_name(about, form)
        alt_text = picture_in_words(about, language=language) if form == "png" else ""
        return SlackFile(name, name, await sheet_as(form, about, self.documents, language=language), alt_text)

    async def _report(self, asset_id: str, name: str, now: datetime) -> SlackFile:
        async with self.store.read() as memory:
            asset = await memory.assets.find(asset_id)
        if asset is None:
            raise Unsendable("no such report is kept")
        try:
            return SlackFile(name, name, await self.documents.apart(self.kept.get, asset.id, asset.sha256))
        except OSError as problem:
            log.warning("report_not_seen", asset=asset.id, error=problem.strerror)
        if now >= asset.made_at + LOOKED_FOR:
            raise Unsendable("a report is not on the disk as it was stored: look at ROLLCALL_DATA_DIR")
        raise NotYet(now + UNTIL_IT_IS_SEEN)


async def _made(wanted: Mapping[str, Make]) -> tuple[dict[str, SlackFile], NotYet | Unsendable | None]:
    """What can be made, and why something cannot: what may still come counts before what never will."""
    files: dict[str, SlackFile] = {}
    lacking: NotYet | Unsendable | None = None
    for key, make in wanted.items():
        try:
            files[key] = await make()
        except NotYet as early:
            lacking = early
        except Unsendable as problem:
            lacking = lacking or problem
        except DocumentFailed:
            raise Unsendable("a file could not be made") from None
    return files, lacking


def _place_of(standing: Mapping[str, str]) -> str:
    return " ".join(f"{key}={id_}" for key, id_ in standing.items())


def _standing(place: str) -> dict[str, str]:
    """What it is → the file's id, as it was written down."""
    return dict(each.split("=", 1) for each in place.split())


async def _delete(slack: SlackClient, ids: Iterable[str]) -> None:
    for id_ in ids:
        try:
            await slack.delete_file(id_)
        except SlackRefused as refused:
            if refused.code not in NO_FILE:
                raise
