"""The participation report of a presence check: made once, kept, and put where its trainers look."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

import structlog

from bot.attendance.checks.refused import RefusalCode, ReportFailed
from bot.attendance.checks.values import PresenceCheck
from bot.attendance.lessons import LessonFacts, Role
from bot.attendance.telling import about
from bot.attendance.wanted import KeptReport, MessageKind, ReportsContent, Wanted
from bot.errors import DocumentFailed, StorageExceeded
from bot.reports.participation import Participation, participation_report, report_file_name
from bot.reports.participation_of import participation_of, report_version
from handlers.asset_files import AssetFiles
from handlers.documents import Documents
from storage.assets import Asset, AssetKind
from storage.database import Store
from storage.memory import Memory

PDF: Final = "application/pdf"
#: Of a lesson that has no summary by then there will be none.
SUMMARY_COMES: Final = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True)
class Reports:
    """Makes reports; `quota` is in bytes, for all that the workspace keeps. `wake` is told that there is a new one."""

    store: Store
    documents: Documents
    kept: AssetFiles
    quota: int
    wake: Callable[[], None]

    async def make_report(self, check_id: str, *, now: datetime) -> Asset:
        """Make the report of a check that is over, keep it, and want it in Slack; made already, it is only told.

        Where a trainer has decided answers since it was made, it is made anew: another version, which takes its place.

        Raises `ReportFailed` where there will be none: *storage exceeded*, *generate* or *storage*.
        """
        async with self.store.read() as memory:
            facts, check = await _check(memory, check_id)
            version = report_version(check, facts.logging.answers_in(check) if facts.logging is not None else ())
            id_ = asset_id(check_id, version)
            made = await memory.assets.find(id_)
            if made is not None:
                return made
            witness = await memory.history.newest_about(check_id)
            zone, language = await _trainers_own(memory, facts, check)
        report = participation_of(facts, check, zone=zone, history_hash=witness, now=now)
        body = await self._set(report, language)
        asset = Asset(
            id=id_,
            lesson_id=facts.lesson.id,
            check_id=check_id,
            kind=AssetKind.PARTICIPATION_REPORT,
            file_name=report_file_name(report),
            media_type=PDF,
            size=len(body),
            sha256=sha256(body).hexdigest(),
            version=version,
            made_at=now,
        )
        kept = await self._keep(asset, body, facts, now=now)
        log.info("report_kept", asset=id_, check=check_id, bytes=kept.size)
        self.wake()
        return kept

    async def _set(self, report: Participation, language: str) -> bytes:
        try:
            return await self.documents.pdf(partial(participation_report, report, language=language))
        except DocumentFailed as problem:
            raise ReportFailed(RefusalCode.GENERATE, str(problem)) from problem

    async def _keep(self, asset: Asset, body: bytes, facts: LessonFacts, *, now: datetime) -> Asset:
        """First the bytes, then the row that tells of them: whoever reads the row finds the bytes.

        Of two who make it at the same time the first row counts, and is returned to both.
        """
        try:
            await asyncio.to_thread(self.kept.put, asset.id, body)
        except OSError as problem:
            raise ReportFailed(
                RefusalCode.STORAGE, f"The report could not be stored ({problem.strerror}): see ROLLCALL_DATA_DIR."
            ) from problem
        try:
            async with self.store.write() as memory:
                kept = await memory.assets.keep(asset, quota=self.quota)
                await memory.messages.want(await _wanted(memory, kept, facts, now), now=now)
        except StorageExceeded as problem:
            await asyncio.to_thread(self.kept.remove, asset.id, asset.sha256)
            raise ReportFailed(RefusalCode.STORAGE_EXCEEDED, str(problem)) from problem
        try:
            await asyncio.to_thread(self.kept.keep_only, kept.id, kept.sha256)
        except OSError as problem:
            log.warning("report_not_tidied", asset=kept.id, error=problem.strerror)
        return kept


def asset_id(check_id: str, version: int = 1) -> str:
    """Follows from what the document is made from, so that making it twice is making it once."""
    return sha256(f"{AssetKind.PARTICIPATION_REPORT}\n{check_id}\n{version}".encode()).hexdigest()[:32]


async def _check(memory: Memory, check_id: str) -> tuple[LessonFacts, PresenceCheck]:
    lesson_id = await memory.checks.lesson_of(check_id=check_id)
    found = await memory.lessons.facts(lesson_id) if lesson_id is not None else None
    if found is None or found.facts.logging is None:
        raise ReportFailed(RefusalCode.GENERATE, f"There is no presence check {check_id!r}.")
    (check,) = (each for each in found.facts.logging.checks if each.id == check_id)
    return found.facts, check


async def _trainers_own(memory: Memory, facts: LessonFacts, check: PresenceCheck) -> tuple[str, str]:
    """Zone and language of who started the check, else of the lesson's first trainer whose they are known."""
    trainers = [check.creator_id, *(person.id for person in facts.roster if person.role is Role.TRAINER)]
    locales = await memory.people.locales([each for each in trainers if each])
    known = [locales[each] for each in trainers if each in locales]
    zone = next((each.zone for each in known if each.zone), facts.lesson.zone)
    return zone, next((each.language for each in known if each.language), "")


async def _wanted(memory: Memory, asset: Asset, facts: LessonFacts, now: datetime) -> list[tuple[str, Wanted]]:
    """For each trainer, under their card of the check; and under the summary where it has names, all of the lesson."""
    lesson = facts.lesson
    assert asset.check_id is not None
    if lesson.is_silent:
        return []
    cards = ReportsContent(about=about(lesson), reports=[KeptReport(asset_id=asset.id, name=asset.file_name)])
    trainers = [person.id for person in facts.roster if person.role is Role.TRAINER and person.slack_user_id]
    wanted = [(asset.check_id, _files(MessageKind.CHECK_REPORT, trainer, cards, now)) for trainer in trainers]
    newest = {each.check_id: each for each in await memory.assets.of_lesson(lesson.id)}
    reports = [KeptReport(asset_id=each.id, name=each.file_name) for each in newest.values()]
    everything = ReportsContent(about=about(lesson), reports=reports)
    channel = lesson.staff_channel or (lesson.channel if lesson.policy.summary_names else "")
    if channel:
        until = max(now, lesson.planned_end) + SUMMARY_COMES
        wanted.append((lesson.id, _files(MessageKind.SUMMARY_REPORTS, channel, everything, now, not_after=until)))
    return wanted


def _files(
    kind: MessageKind, recipient: str, content: ReportsContent, now: datetime, *, not_after: datetime | None = None
) -> Wanted:
    return Wanted(kind=kind, recipient=recipient, content=content, due_at=now, not_after=not_after)
