"""A sheet written down whole: every field survives, and equal sheets give equal text."""

import json
from hashlib import sha256

import msgspec
from hypothesis import given, settings

from bot.attendance.attendance import sheet_of
from bot.attendance.decide import decide
from bot.attendance.sheet import ChangeKind
from bot.attendance.written import canonical, fingerprint, parse
from tests.builders import (
    ADA,
    BOB,
    a_lesson,
    an_ended_lesson,
    at,
    facts,
    replace,
    stay,
    the_trainer,
    waiting,
)
from tests.lesson_generator import WholeLesson, whole_lessons

SHEET = sheet_of(
    facts(
        the_trainer(),
        stay(ADA, 0, 60),
        stay("iPad", 3, 40),
        waiting(BOB, at=3),
        lesson=an_ended_lesson(title="Čeština – 日本語 🎓"),
    ),
    now=at(90),
    explained=True,
)


@settings(deadline=None, max_examples=50)
@given(whole_lessons())
def test_every_field_of_any_sheet_survives(lesson: WholeLesson):
    sheet = sheet_of(lesson.facts, now=lesson.now, explained=True)
    assert parse(canonical(sheet)) == sheet


@settings(deadline=None, max_examples=25)
@given(whole_lessons())
def test_equal_sheets_give_equal_text_however_the_events_arrived(lesson: WholeLesson):
    shuffled = replace(lesson.facts, events=tuple(reversed((*lesson.facts.events, *lesson.facts.events[:3]))))
    sheets = [sheet_of(told, now=lesson.now, explained=True) for told in (lesson.facts, shuffled)]
    assert canonical(sheets[0]) == canonical(sheets[1])


def test_the_text_is_json_with_instants_as_rfc_3339():
    body = json.loads(canonical(SHEET))
    assert (body["planned_start"], body["title"]) == ("2026-03-02T09:00:00Z", "Čeština – 日本語 🎓")
    assert body["people"][0]["stays"][0]["joined_at"] == "2026-03-02T09:00:00Z"


def test_what_is_written_down_explains_itself_and_a_running_lesson_spares_that():
    told = (*the_trainer(), *stay(ADA, 0, 60))
    ended = decide(facts(told, lesson=an_ended_lesson()), now=at(90))
    assert ended.to_write is not None
    assert [each.kind for each in parse(ended.to_write.body).by_id[ADA.id].changes] == [
        ChangeKind.JOINED,
        ChangeKind.LEFT,
    ]
    assert decide(facts(told, lesson=a_lesson()), now=at(30)).sheet.by_id[ADA.id].changes == ()


def test_a_different_sheet_gives_another_text():
    assert canonical(replace(SHEET, held_seconds=SHEET.held_seconds + 1)) != canonical(SHEET)


def test_sets_are_written_in_one_order():
    stays = [
        msgspec.structs.replace(SHEET.people[0].stays[0], assumed=frozenset(each))
        for each in (("joined_at", "left_at"), ("left_at", "joined_at"))
    ]
    texts = {canonical(replace(SHEET, people=(replace(SHEET.people[0], stays=(each,)),))) for each in stays}
    assert len(texts) == 1


def test_its_fingerprint_is_the_sha_256_of_the_text():
    body = canonical(SHEET)
    assert fingerprint(body) == sha256(body.encode()).hexdigest()
