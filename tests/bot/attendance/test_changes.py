"""Why: one line per change of somebody's presence, in order, each with its source."""

from bot.attendance.attendance import sheet_of
from bot.attendance.lessons import CorrectionKind, Person
from bot.attendance.sheet import Change, ChangeKind
from tests.builders import (
    ADA,
    BOB,
    GRACE,
    a_lesson,
    admitted,
    an_ended_lesson,
    at,
    correction,
    during,
    facts,
    joined,
    left,
    moved,
    moved_back,
    replace,
    session_ended,
    stay,
    the_trainer,
    waiting,
)

BY_WEBHOOK = "zoom webhook"


def changes(*events, who: Person = BOB, now=100, lesson=None, **changed) -> list[Change]:
    told = facts(the_trainer(-10, 60), *events, lesson=lesson or an_ended_lesson(), **changed)
    line = sheet_of(told, now=at(now), explained=True).person(who.id)
    assert line is not None
    return list(line.changes)


def lines(*events, **changed) -> list[tuple[str, str, str]]:
    """(time, kind, source) of each."""
    return [(f"{each.at:%H:%M:%S}", each.kind.value, each.source) for each in changes(*events, **changed)]


def test_who_was_never_there_has_none():
    assert changes(stay(ADA, 0, 60)) == []


def test_coming_losing_the_connection_coming_back_and_going_are_a_line_each():
    assert lines(stay(BOB, 7, 31, lost=True), stay(BOB, 34, 58, device="phone")) == [
        ("09:07:00", "joined", BY_WEBHOOK),
        ("09:31:00", "lost", BY_WEBHOOK),
        ("09:34:00", "back", BY_WEBHOOK),
        ("09:58:00", "left", BY_WEBHOOK),
    ]


def test_a_line_names_the_device_that_the_platform_showed():
    ipad = replace(joined(BOB).handle, name="Bob's iPad")
    came, went = changes(stay(ipad, 0, 60))
    assert (came.device, went.device) == ("Bob's iPad", "Bob's iPad")


def test_without_a_name_there_is_no_device():
    nameless = replace(joined(BOB).handle, name="")
    assert [each.device for each in changes(stay(nameless, 0, 60))] == ["", ""]


def test_while_somebody_is_in_they_have_not_left():
    assert lines(joined(BOB, at=7), lesson=a_lesson(), now=20) == [("09:07:00", "joined", BY_WEBHOOK)]


def test_what_nobody_told_is_assumed():
    came, went = changes(joined(BOB, at=0), session_ended(at=55))
    assert (came.is_assumed, came.source) == (False, BY_WEBHOOK)
    assert (went.at, went.is_assumed, went.source) == (at(55), True, "assumed")


def test_so_is_a_beginning_that_nobody_told():
    came, went = changes(left(BOB, at=55))
    assert (came.at, came.kind, came.is_assumed, came.source) == (at(0), ChangeKind.JOINED, True, "assumed")
    assert (went.is_assumed, went.source) == (False, BY_WEBHOOK)


def test_rooms_are_told_with_where_to():
    told = changes(joined(BOB), moved(BOB, at=10), moved_back(BOB, at=20), left(BOB))
    assert [(each.at, each.note) for each in told if each.kind is ChangeKind.MOVED] == [
        (at(10), "breakout"),
        (at(20), "main"),
    ]


def test_waiting_is_told_with_its_end_and_who_was_let_in():
    told = changes(waiting(BOB, at=1), admitted(BOB, at=9), joined(BOB, at=9), left(BOB))
    assert [(each.at, each.kind, each.until) for each in told[:3]] == [
        (at(1), ChangeKind.WAITING, at(9)),
        (at(9), ChangeKind.JOINED, None),
        (at(9), ChangeKind.ADMITTED, None),
    ]


def test_who_waits_now_waits_without_an_end():
    (waits,) = changes(waiting(BOB, at=1), lesson=a_lesson(), now=5)
    assert (waits.kind, waits.until) == (ChangeKind.WAITING, None)


def test_a_bridged_gap_is_told_as_the_rule_that_filled_it():
    assert ("09:30:00", "bridged", "rule") in lines(stay(BOB, 0, 30), stay(BOB, 30.75, 60))


def test_what_a_person_changed_is_told_with_who_when_and_why():
    marks = [
        correction(CorrectionKind.PRESENT, BOB, at=70, during=during(0, 30), note="I saw him"),
        correction(CorrectionKind.NOT_PRESENT, BOB, at=71, during=during(10, 20)),
        correction(CorrectionKind.CREDIT_WAITING, BOB, at=72, during=during(35, 37)),
        correction(CorrectionKind.EXCUSED, BOB, at=73),
    ]
    told = [(each.kind, each.at, each.until, each.source) for each in changes(corrections=marks)]
    assert told == [
        (ChangeKind.CREDITED, at(0), at(30), "grace"),
        (ChangeKind.EXCUSED, at(0), at(60), "grace"),
        (ChangeKind.TAKEN_AWAY, at(10), at(20), "grace"),
        (ChangeKind.CREDITED, at(35), at(37), "grace"),
    ]
    assert changes(corrections=marks)[0].note == "I saw him"


def test_what_somebody_said_is_told_in_their_words():
    said = [
        correction(CorrectionKind.CANNOT_COME, BOB, at=4, actor=BOB, note="the train"),
        correction(CorrectionKind.TECHNICAL_PROBLEM, BOB, at=5, actor=BOB),
    ]
    assert [(each.kind, each.note, each.source) for each in changes(corrections=said)] == [
        (ChangeKind.SAID, "cannot_come: the train", "bob"),
        (ChangeKind.SAID, "technical_problem", "bob"),
    ]


def test_pressing_join_is_no_change_of_presence():
    assert changes(corrections=[correction(CorrectionKind.JOIN_PRESSED, BOB, at=4, actor=BOB)]) == []


def test_all_of_it_stands_in_the_order_in_which_it_happened():
    told = changes(
        stay(BOB, 7, 31),
        stay(BOB, 34, 58, device="phone"),
        waiting(BOB, at=1, device="tablet"),
        corrections=[correction(CorrectionKind.PRESENT, BOB, at=70, during=during(32, 33))],
    )
    assert [(f"{each.at:%H:%M}", each.kind.value) for each in told] == [
        ("09:01", "waiting"),
        ("09:07", "joined"),
        ("09:07", "admitted"),
        ("09:31", "left"),
        ("09:31", "bridged"),
        ("09:32", "credited"),
        ("09:33", "bridged"),
        ("09:34", "back"),
        ("09:58", "left"),
    ]


def test_a_move_that_is_told_twice_is_one():
    once = [joined(BOB), moved(BOB, at=10), left(BOB)]
    assert changes(*once, moved(BOB, at=10)) == changes(*once)


def test_without_a_platforms_name_the_source_is_the_platform():
    (came, _) = changes(stay(GRACE, 0, 60), who=GRACE, lesson=an_ended_lesson(platform=""))[:2]
    assert came.source == "platform webhook"
