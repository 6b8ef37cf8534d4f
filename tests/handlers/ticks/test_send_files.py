"""Documents in the thread: made of the sheet as it was written down, uploaded once, and exchanged when it changes."""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import LessonState
from bot.attendance.wanted import MessageKind, Wanted
from bot.attendance.written import canonical, fingerprint
from bot.reports.attendance_json import lesson_json
from handlers.asset_files import AssetFiles
from handlers.documents import Documents
from handlers.ticks import send_messages
from handlers.ticks.send_files import LOOKED_FOR, UNTIL_IT_IS_SEEN, UNTIL_IT_IS_WANTED, UNTIL_IT_STANDS, FileSender
from sandbox.slack.model import File, Message
from storage import tables
from storage.assets import Asset, AssetKind
from storage.messages import MessageState
from storage.sheets import NewSheet
from storage.tables import table_of
from tests.bot.messages.contents import a_board, a_check_card, a_summary, about
from tests.builders import ADA, BOB, at, stay, the_trainer
from tests.documents.reading import text_of
from tests.handlers.slack.school import LESSON
from tests.handlers.ticks.conftest import BOARD, CHANNEL, SUMMARY, Post

FILES = MessageKind.SUMMARY_FILES
COMPLETE = "files.completeUploadExternal"
NOW = at(75)
SECOND = timedelta(seconds=1)


class Office:
    """A lesson that is over, its summary, and the sender of files."""

    def __init__(self, post: Post, files: FileSender) -> None:
        self.post = post
        self.files = files
        self.events = [*the_trainer(), *stay(ADA, 0, 60), *stay(BOB, 20, 60)]

    async def end(self, *, version: int = 1, bob_until: float = 60) -> str:
        """Write the sheet down; its hash."""
        school_events = [*the_trainer(), *stay(ADA, 0, 60), *stay(BOB, 20, bob_until)]
        async with self.post.store.write() as memory:
            if version == 1:
                await memory.presence.record([("zoom", None, event) for event in school_events], now=NOW)
            lesson = table_of(tables.Lesson)
            await memory._transaction.run(update(lesson).values(state=LessonState.PROVISIONAL.value))
        async with self.post.store.write() as memory:
            found = await memory.lessons.facts(LESSON)
            assert found is not None
            sheet = sheet_of(found.facts, now=NOW + timedelta(seconds=version))
            body = canonical(sheet)
            sha256 = fingerprint(body)
            await memory.sheets.write_down(
                [
                    NewSheet(
                        lesson_id=LESSON,
                        version=version,
                        state=LessonState.PROVISIONAL,
                        at=NOW,
                        body=body,
                        sha256=sha256,
                        lesson=lesson_json(sheet, version=version, sha256=sha256),
                        attended={},
                    )
                ]
            )
        return sha256

    async def want(
        self, kind: MessageKind = FILES, *, to: str = CHANNEL, subject: str = LESSON, **content: Any
    ) -> None:
        wanted = Wanted(kind=kind, recipient=to, content={"about": about(), **content}, due_at=NOW)
        async with self.post.store.write() as memory:
            await memory.messages.want([(subject, wanted)], now=NOW)

    async def want_sheet(self, version: int = 1) -> None:
        await self.want(version=version, sha256="")

    async def keep(self, asset_id: str, body: bytes = b"%PDF", *, is_seen: bool = True) -> None:
        """A report as another process may have made it; where it is not seen, its bytes are on no disk of ours."""
        if is_seen:
            self.files.kept.put(asset_id, body)
        asset = Asset(
            id=asset_id,
            lesson_id=LESSON,
            check_id=None,
            kind=AssetKind.PARTICIPATION_REPORT,
            file_name=f"{asset_id}.pdf",
            media_type="application/pdf",
            size=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            version=1,
            made_at=NOW,
        )
        async with self.post.store.write() as memory:
            await memory.assets.keep(asset, quota=1_000)

    async def want_reports(self, *asset_ids: str) -> None:
        reports = [{"asset_id": each, "name": f"{each}.pdf"} for each in asset_ids]
        await self.want(MessageKind.SUMMARY_REPORTS, reports=reports)

    async def summary(self) -> Message:
        await self.post.want(SUMMARY, a_summary(), to=CHANNEL, now=NOW)
        await self.post.send(NOW)
        return self.post.channel()[0]

    async def send(self, now: datetime = NOW) -> datetime | None:
        self.post.workspace.clock.move_to(now)  # type: ignore[attr-defined]  # it is a ManualClock
        return await send_messages.tick(self.post.store, self.post.slack, now=now, files=self.files)

    def threads(self) -> list[Message]:
        return [message for message in self.post.channel() if message.files]

    def standing(self) -> dict[str, bytes]:
        """Name → bytes, of all that people can see."""
        return {file.name: file.content or b"" for file in self.seen()}

    def seen(self) -> list[File]:
        files = self.post.workspace.files
        return [files[id_] for message in self.threads() for id_ in message.files if id_ in files]


@pytest.fixture
async def office(post: Post, tmp_path: Path) -> AsyncIterator[Office]:
    documents = Documents()
    yield Office(post, FileSender(post.store, documents, AssetFiles(tmp_path)))
    documents.close()


class TestTheThreadOfTheSummary:
    async def test_gets_pdf_xlsx_csv_and_picture_in_one_message(self, office: Office) -> None:
        await office.end()
        summary = await office.summary()
        await office.want_sheet()
        assert await office.send() is None
        (message,) = office.threads()
        assert message.thread_ts == summary.ts
        assert message.text.startswith("Python 101, ")
        name = "attendance-2026-03-02-0900-v1"
        assert sorted(office.standing()) == [f"{name}.csv", f"{name}.pdf", f"{name}.png", f"{name}.xlsx"]
        assert office.standing()[f"{name}.csv"].startswith(b"name,email,")
        assert office.standing()[f"{name}.xlsx"].startswith(b"PK")
        assert ["Students: 2: " in file.alt_text for file in office.seen()] == [False, False, False, True]

    async def test_has_the_sheet_as_it_was_written_down_with_its_hash_and_its_witness(self, office: Office) -> None:
        sha256 = await office.end()
        await office.summary()
        await office.want_sheet()
        await office.send()
        async with office.post.store.read() as memory:
            witness = await memory.history.newest_about(LESSON, version=1)
        text = text_of(office.standing()["attendance-2026-03-02-0900-v1.pdf"])
        assert f"SHA-256 of the sheet: {sha256}" in text
        assert f"Entry of the history: {witness}" in text

    async def test_is_waited_for(self, office: Office) -> None:
        await office.end()
        await office.want_sheet()
        assert await office.send() == NOW + UNTIL_IT_IS_WANTED
        await office.post.want(SUMMARY, a_summary(), to=CHANNEL, now=NOW)
        later = NOW + UNTIL_IT_IS_WANTED
        assert await office.send(later) == later + UNTIL_IT_STANDS
        await office.post.send(later)
        await office.send(later + UNTIL_IT_STANDS)
        assert len(office.threads()) == 1

    async def test_gets_nothing_where_the_summary_will_never_stand(self, office: Office) -> None:
        await office.end()
        office.post.workspace.faults.error("chat.postMessage", "restricted_action")
        await office.post.want(SUMMARY, a_summary(), to=CHANNEL, now=NOW)
        await office.post.send(NOW)
        await office.want_sheet()
        assert await office.send() is None
        kept = await office.post.kept(FILES, CHANNEL)
        assert (kept.state, kept.error) == (MessageState.REJECTED, "nowhere to stand")

    async def test_is_in_the_language_of_the_trainer(self, office: Office) -> None:
        async with office.post.store.write() as memory:
            person = table_of(tables.Person)
            await memory._transaction.run(update(person).where(person.c.id == "grace").values(language="de-AT"))
        await office.end()
        await office.summary()
        await office.want_sheet()
        await office.send()
        assert "Anwesenheitsliste" in text_of(office.standing()["attendance-2026-03-02-0900-v1.pdf"])


class TestANewVersion:
    async def test_takes_the_place_of_the_old_one(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        await office.send()
        await office.end(version=2)
        await office.want_sheet(2)
        await office.send(NOW + SECOND)
        assert {name.split(".")[0] for name in office.standing()} == {"attendance-2026-03-02-0900-v2"}
        assert len(office.standing()) == 4

    async def test_that_is_told_twice_stands_once(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        await office.send()
        await office.want(version=1, sha256="another")
        await office.send(NOW + SECOND)
        assert len(office.threads()) == 1
        assert office.post.calls().count(COMPLETE) == 1

    async def test_goes_on_where_the_process_died_before_the_old_files_went(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        await office.send()
        await office.end(version=2)
        await office.want_sheet(2)
        office.post.workspace.faults.server_error("files.delete")
        await office.send(NOW + SECOND)
        assert len(office.seen()) == 8
        await office.send(NOW + timedelta(minutes=1))
        assert len(office.standing()) == 4
        assert office.post.calls().count(COMPLETE) == 2

    async def test_does_not_mind_that_somebody_has_deleted_the_old_files(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        await office.send()
        office.post.workspace.files.clear()
        await office.end(version=2)
        await office.want_sheet(2)
        await office.send(NOW + SECOND)
        assert len(office.standing()) == 4


class TestWhileSlackIsInTrouble:
    async def test_an_upload_that_failed_is_tried_again_and_stands_once(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        office.post.workspace.faults.server_error("files.getUploadURLExternal")
        assert await office.send() is not None
        await office.send(NOW + timedelta(minutes=1))
        assert len(office.threads()) == 1

    async def test_files_that_slack_never_takes_are_given_up_with_its_word(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        office.post.workspace.faults.error(COMPLETE, "file_uploads_disabled")
        await office.send()
        kept = await office.post.kept(FILES, CHANNEL)
        assert (kept.state, kept.error) == (MessageState.REJECTED, "file_uploads_disabled")


class TestTheLaneOfFiles:
    async def test_holds_up_no_message_and_is_held_up_by_none(self, office: Office) -> None:
        await office.end()
        await office.summary()
        await office.want_sheet()
        await office.post.want(BOARD, a_board(), to=CHANNEL, now=NOW)
        await office.post.send(NOW)
        assert office.threads() == []
        await office.send()
        assert len(office.threads()) == 1


class TestAReport:
    async def test_goes_into_the_thread_of_the_trainers_card(self, office: Office) -> None:
        await office.keep("a1", b"%PDF of the report")
        card = Wanted(kind=MessageKind.CHECK_CARD, recipient="grace", content=a_check_card(), due_at=NOW)
        async with office.post.store.write() as memory:
            await memory.messages.want([("check-1", card)], now=NOW)
        await office.post.send(NOW)
        report = {"asset_id": "a1", "name": "participation.pdf"}
        await office.want(MessageKind.CHECK_REPORT, to="grace", subject="check-1", reports=[report])
        await office.send()
        card_message, report_message = office.post.inbox("grace")
        assert report_message.thread_ts == card_message.ts
        (id_,) = report_message.files
        assert office.post.workspace.files[id_].content == b"%PDF of the report"

    async def test_is_added_to_those_that_stand_already(self, office: Office) -> None:
        await office.summary()
        for n in (1, 2):
            await office.keep(f"a{n}")
        await office.want_reports("a1")
        await office.send()
        await office.want_reports("a1", "a2")
        await office.send(NOW + SECOND)
        assert sorted(office.standing()) == ["a1.pdf", "a2.pdf"]
        assert [len(message.files) for message in office.threads()] == [1, 1]


class TestAReportThatIsNotOnTheDisk:
    async def test_is_looked_for_again_and_stands_once_it_is_seen(self, office: Office) -> None:
        await office.summary()
        await office.keep("a1", is_seen=False)
        await office.want_reports("a1")
        assert await office.send() == NOW + UNTIL_IT_IS_SEEN
        office.files.kept.put("a1", b"%PDF")
        await office.send(NOW + UNTIL_IT_IS_SEEN)
        assert office.standing() == {"a1.pdf": b"%PDF"}

    async def test_holds_up_no_other_of_its_message(self, office: Office) -> None:
        await office.summary()
        await office.keep("a1", is_seen=False)
        await office.keep("a2")
        await office.want_reports("a1", "a2")
        assert await office.send() == NOW + UNTIL_IT_IS_SEEN
        assert [*office.standing()] == ["a2.pdf"]
        office.files.kept.put("a1", b"%PDF")
        await office.send(NOW + UNTIL_IT_IS_SEEN)
        assert sorted(office.standing()) == ["a1.pdf", "a2.pdf"]

    async def test_is_given_up_after_a_day_and_stops_no_other(self, office: Office) -> None:
        await office.summary()
        await office.keep("a1", is_seen=False)
        await office.keep("a2")
        await office.want_reports("a1", "a2")
        await office.end()
        await office.want_sheet()
        await office.send(NOW + LOOKED_FOR)
        kept = await office.post.kept(MessageKind.SUMMARY_REPORTS, CHANNEL)
        assert (kept.state, kept.error[:30]) == (MessageState.REJECTED, "a report is not on the disk as")
        assert len(office.standing()) == 5

    async def test_in_full_is_not_sent_in_part(self, office: Office, tmp_path: Path) -> None:
        await office.summary()
        await office.keep("a1")
        (tmp_path / "assets" / "a1" / f"a1-{hashlib.sha256(b'%PDF').hexdigest()}").write_bytes(b"%P")
        await office.want_reports("a1")
        assert await office.send() == NOW + UNTIL_IT_IS_SEEN
        assert office.standing() == {}

    async def test_nor_in_the_database_is_given_up_at_once(self, office: Office) -> None:
        await office.summary()
        await office.want_reports("a9")
        assert await office.send() is None
        kept = await office.post.kept(MessageKind.SUMMARY_REPORTS, CHANNEL)
        assert (kept.state, kept.error) == (MessageState.REJECTED, "no such report is kept")
