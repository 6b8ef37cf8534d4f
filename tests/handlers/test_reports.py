"""The participation report: made once, kept whole, counted, and put where trainers look."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.attendance.checks.refused import RefusalCode, ReportFailed
from bot.attendance.checks.settings import CheckSettings, Template
from bot.attendance.lessons import Policy
from bot.attendance.wanted import MessageKind
from bot.reports.printed import Names, Printed
from handlers.asset_files import AssetFiles
from handlers.documents import Documents
from handlers.reports import Reports, asset_id
from storage import tables
from storage.assets import Asset
from storage.check_rows import settings_to_json
from storage.database import Store
from storage.json_text import policy_to_json
from storage.tables import table_of
from tests.builders import at
from tests.documents.reading import text_of
from tests.handlers.slack.school import LESSON, School

CHECK = "check-1"
NOW = at(61)
PLENTY = 10_000_000

Make = Callable[..., Reports]


@pytest.fixture
async def school(store: Store) -> School:
    """Grace asked once, ten minutes after the start: Ada confirmed, Bob did not."""
    opened = School(store)
    await opened.found()
    await opened.plan()
    await opened.insert(
        tables.PresenceLogging, lesson_id=LESSON, state="finalising", is_armed=False, revision=1, failures=0, error=""
    )
    await opened.insert(
        tables.PresenceCheck,
        id=CHECK,
        lesson_id=LESSON,
        creator_id="grace",
        settings=settings_to_json(CheckSettings(template=Template.CUSTOM)),
        created_at=at(0),
        started_at=at(0),
        ended_at=at(60),
        seed="b1946ac9",
        seed_hash="a7" * 32,
    )
    await opened.insert(
        tables.Checkpoint,
        id="point-1",
        presence_check_id=CHECK,
        number=1,
        draw=1,
        state="closed",
        planned_at=at(10),
        opened_at=at(10),
        closed_at=at(15),
    )
    for person, state, answered in (("ada", "confirmed", at(11)), ("bob", "missed", None)):
        await opened.insert(
            tables.Answer, checkpoint_id="point-1", person_id=person, state=state, asked_at=at(10), at=answered
        )
    return opened


@pytest.fixture
async def documents() -> AsyncIterator[Documents]:
    made = Documents()
    yield made
    made.close()


@pytest.fixture
def reports(school: School, documents: Documents, tmp_path: Path) -> Make:
    def make(**changes: Any) -> Reports:
        given = {
            "documents": documents,
            "kept": AssetFiles(tmp_path / "reports"),
            "quota": PLENTY,
            "wake": lambda: None,
            **changes,
        }
        return Reports(school.store, **given)

    return make


def bytes_of(asset: Asset, tmp_path: Path) -> bytes:
    return AssetFiles(tmp_path / "reports").get(asset.id, asset.sha256)


def on_disk(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "reports").rglob("*") if path.is_file()]


async def code_of(reports: Reports) -> RefusalCode:
    with pytest.raises(ReportFailed) as refused:
        await reports.make_report(CHECK, now=NOW)
    return refused.value.code


async def wanted(store: Store, kind: MessageKind, recipient: str, subject: str) -> Any:
    async with store.read() as memory:
        found = await memory.messages.find(subject, kind, recipient)
    return found and found.content


async def test_a_report_is_a_pdf_that_says_who_confirmed(reports: Make, tmp_path: Path) -> None:
    asset = await reports().make_report(CHECK, now=NOW)
    assert (asset.file_name, asset.media_type) == ("participation-2026-03-02-0900.pdf", "application/pdf")
    text = text_of(bytes_of(asset, tmp_path))
    for said in ("Training participation report", "Python 101", "Ada Lovelace", "09:11", "b1946ac9", "a7" * 32):
        assert said in text


async def test_it_is_in_the_trainers_language_and_zone(reports: Make, school: School, tmp_path: Path) -> None:
    async with school.store.write() as memory:
        person = table_of(tables.Person)
        changed = update(person).where(person.c.id == "grace").values(language="de-DE", zone="Europe/Berlin")
        await memory._transaction.run(changed)
    asset = await reports().make_report(CHECK, now=NOW)
    text = text_of(bytes_of(asset, tmp_path))
    assert "Bericht über die Teilnahme" in text
    assert "02.03.2026 10:00" in text


async def test_making_it_again_gives_the_same_one(reports: Make, tmp_path: Path) -> None:
    first = await reports().make_report(CHECK, now=NOW)
    assert await reports().make_report(CHECK, now=NOW + timedelta(hours=1)) == first
    assert on_disk(tmp_path) == [f"{first.id}-{first.sha256}"]


async def test_an_answer_that_a_trainer_decides_later_makes_another_that_takes_its_place(
    reports: Make, school: School, tmp_path: Path
) -> None:
    first = await reports().make_report(CHECK, now=NOW)
    async with school.store.write() as memory:
        answer = table_of(tables.Answer)
        waived = update(answer).where(answer.c.person_id == "bob").values(state="waived", decided_at=at(70))
        await memory._transaction.run(waived)
    second = await reports().make_report(CHECK, now=at(71))
    assert (first.version, second.version, second.file_name) == (1, 2, "participation-2026-03-02-0900-v2.pdf")
    assert "waived" in text_of(bytes_of(second, tmp_path))
    assert await reports().make_report(CHECK, now=at(72)) == second
    told = [{"asset_id": second.id, "name": second.file_name}]
    assert (await wanted(school.store, MessageKind.CHECK_REPORT, "grace", CHECK))["reports"] == told
    assert (await wanted(school.store, MessageKind.SUMMARY_REPORTS, "#python-101", LESSON))["reports"] == told


async def test_a_process_that_died_between_file_and_row_leaves_nothing_behind(reports: Make, tmp_path: Path) -> None:
    AssetFiles(tmp_path / "reports").put(asset_id(CHECK), b"%PDF of an attempt that died")
    asset = await reports().make_report(CHECK, now=NOW)
    assert on_disk(tmp_path) == [f"{asset.id}-{asset.sha256}"]


async def test_of_two_replicas_that_make_it_at_once_one_is_kept_and_its_bytes_are_those_that_the_row_tells_of(
    reports: Make, school: School, database_url: str, tmp_path: Path
) -> None:
    """Each sets it a little differently; the bytes of the second come last, and the row of the first comes first."""
    written, written_too, is_kept = threading.Event(), threading.Event(), threading.Event()

    class First(AssetFiles):
        def put(self, id_: str, body: bytes) -> None:
            super().put(id_, body)
            written.set()
            assert written_too.wait(10)

    class Second(AssetFiles):
        def put(self, id_: str, body: bytes) -> None:
            assert written.wait(10)
            super().put(id_, body)
            written_too.set()
            assert is_kept.wait(10)

    async def first() -> Asset:
        try:
            return await reports(kept=First(tmp_path / "reports")).make_report(CHECK, now=NOW)
        finally:
            is_kept.set()

    other_store = await Store.open(database_url)
    second = Reports(other_store, Documents(), Second(tmp_path / "reports"), quota=PLENTY, wake=lambda: None)
    made, made_too = await asyncio.gather(first(), second.make_report(CHECK, now=NOW + timedelta(seconds=90)))
    second.documents.close()
    await other_store.close()
    assert made == made_too
    assert sha256(bytes_of(made, tmp_path)).hexdigest() == made.sha256
    assert on_disk(tmp_path) == [f"{made.id}-{made.sha256}"]


async def test_each_trainer_gets_it_under_the_card_and_the_channel_under_the_summary(
    reports: Make, school: School
) -> None:
    asset = await reports().make_report(CHECK, now=NOW)
    told = [{"asset_id": asset.id, "name": asset.file_name}]
    assert (await wanted(school.store, MessageKind.CHECK_REPORT, "grace", CHECK))["reports"] == told
    assert (await wanted(school.store, MessageKind.SUMMARY_REPORTS, "#python-101", LESSON))["reports"] == told


async def test_where_names_do_not_belong_it_does_not_stand(reports: Make, school: School) -> None:
    async with school.store.write() as memory:
        course = table_of(tables.Course)
        await memory._transaction.run(update(course).values(policy=policy_to_json(Policy(summary_names=False))))
    await reports().make_report(CHECK, now=NOW)
    assert await wanted(school.store, MessageKind.SUMMARY_REPORTS, "#python-101", LESSON) is None


async def test_a_report_that_does_not_fit_is_refused_and_leaves_nothing(
    reports: Make, school: School, tmp_path: Path
) -> None:
    assert await code_of(reports(quota=1_000)) is RefusalCode.STORAGE_EXCEEDED
    assert on_disk(tmp_path) == []
    assert await wanted(school.store, MessageKind.CHECK_REPORT, "grace", CHECK) is None


async def test_a_disk_that_takes_nothing_is_said(reports: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert await code_of(reports(kept=AssetFiles(tmp_path / "file"))) is RefusalCode.STORAGE


async def test_a_report_that_cannot_be_set_is_said(reports: Make) -> None:
    class Broken(Documents):
        async def pdf(self, writes: Callable[[Names], Printed]) -> bytes:
            return await super().pdf(lambda _: Printed(template="participation_report", data={}, made_at=NOW))

    broken = Broken()
    assert await code_of(reports(documents=broken)) is RefusalCode.GENERATE
    broken.close()


async def test_of_a_check_that_is_not_there_there_is_none(reports: Make) -> None:
    with pytest.raises(ReportFailed) as refused:
        await reports().make_report("no check", now=NOW)
    assert refused.value.code is RefusalCode.GENERATE
