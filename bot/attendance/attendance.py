"""The sheet of one lesson: `sheet_of(facts, now=…)`. Nothing else writes a verdict."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import structs

from bot.attendance.asked import open_ask
from bot.attendance.changes import changes_of
from bot.attendance.checks.counting import CheckpointSheet, counts_of
from bot.attendance.checks.values import CheckpointState
from bot.attendance.differences import compared, differences_of
from bot.attendance.ending import is_recorded
from bot.attendance.held import Ground
from bot.attendance.interactions import asked_in, devices_of, recordings_of
from bot.attendance.intervals import intersect, union, whole_seconds
from bot.attendance.lateness import arrival_of, is_late, late_by
from bot.attendance.lessons import CorrectionKind, LessonFacts, LessonState, Person, RecordState, Role
from bot.attendance.presence import NOWHERE, PersonPresence
from bot.attendance.questions import questions_of, suggestions_for
from bot.attendance.sheet import PersonSheet, Presence, Sheet, Stranger
from bot.attendance.timeline import ConnectionKey
from bot.attendance.verdict import Measures, excused_of, flags_of, measure, permille, verdict_of
from bot.attendance.view import LessonView, Unnamed, view_of
from bot.attendance.waiting import SHORT_WAIT
from bot.text import name_order


def sheet_of(facts: LessonFacts, *, now: datetime, explained: bool = False) -> Sheet:
    """Who attended, and how: live up to `now` before the lesson's end, final after it.

    `explained`: with the changes by which each line came about, for *why* and for what is written down.
    """
    return sheet_from(view_of(facts, now=now), explained=explained)


def sheet_from(view: LessonView, *, explained: bool) -> Sheet:
    """Write a view down as a sheet."""
    facts, lesson, ground = view.facts, view.facts.lesson, view.ground
    lines = sorted(_lines(view, explained=explained), key=lambda line: (name_order(line.name), line.person_id))
    strangers = tuple(_stranger(view, unnamed) for unnamed in view.unnamed)
    people = tuple(line for role in (Role.STUDENT, Role.TRAINER) for line in lines if line.role is role)
    is_over = not view.court.is_live
    both = compared(view)
    return Sheet(
        lesson_id=lesson.id,
        title=lesson.title,
        state=lesson.state,
        confirmation=view.court.confirmation,
        feed=view.health.feed,
        record=_record(view),
        computed_at=view.scene.now,
        planned_start=lesson.planned_start,
        planned_end=lesson.planned_end,
        actual_start=ground.stretches[0].start if ground.stretches else None,
        actual_end=ground.expected_end if is_over else None,
        planned_seconds=whole_seconds(ground.planned),
        held_seconds=whole_seconds(ground.held),
        sources=_sources(facts),
        people=people,
        strangers=strangers,
        not_enrolled=tuple(line for line in lines if line.role is Role.NOT_ENROLLED),
        observers=tuple(line for line in lines if line.role is Role.OBSERVER),
        questions=questions_of(view, people, strangers, both),
        reference_start=ground.reference_start,
        expected_end=ground.expected_end,
        held=tuple(ground.held),
        differences=tuple(differences_of(view, people, both)),
        recordings=recordings_of(view),
        devices=devices_of(view),
        asked=asked_in(view, people),
        checkpoints=tuple(_checkpoints(view, people)),
    )


def _checkpoints(view: LessonView, people: Iterable[PersonSheet]) -> Iterable[CheckpointSheet]:
    """The questions whose moments have come, with the answers in the order of the sheet; others are told to nobody."""
    logging, places = view.logging, {line.person_id: place for place, line in enumerate(people)}
    for checkpoint in logging.checkpoints.values() if logging is not None else ():
        if logging is not None and checkpoint.state is not CheckpointState.PLANNED:
            answers = [each for each in logging.answers_to(checkpoint.id) if each.person_id in places]
            yield CheckpointSheet(
                id=checkpoint.id,
                opened_at=checkpoint.opened_at,
                state=checkpoint.state,
                answers=tuple(sorted(answers, key=lambda each: places[each.person_id])),
            )


def _listed(view: LessonView) -> list[Person]:
    """Everybody on the roster, and who else was seen; in an unplanned lesson, only who was there."""
    listed = [person for person in view.facts.roster if not view.court.is_unplanned or view.presence(person.id).present]
    listed += [
        person for person in view.facts.known if _was_there(view, view.presence(person.id)) or _is_trainer(view, person)
    ]
    return listed


def _was_there(view: LessonView, presence: PersonPresence) -> bool:
    """Whether somebody was in the room or waited in the lesson's own time, or is there before its end."""
    lesson = view.facts.lesson
    there = union([*presence.present, *(wait.interval for wait in presence.waits)])
    if intersect(there, [lesson.planned]):
        return True
    return view.scene.now < lesson.planned_end and live_state(view, presence)[0] in {Presence.PRESENT, Presence.WAITING}


def _is_trainer(view: LessonView, person: Person) -> bool:
    return view.roles[person.id] is Role.TRAINER


def _record(view: LessonView) -> RecordState:
    """Of several sessions all, unless nobody asks for more."""
    if view.facts.lesson.state in {LessonState.RECONCILED, LessonState.LOCKED}:
        return RecordState.IN if view.facts.records else RecordState.NONE
    return RecordState.IN if is_recorded(view) else RecordState.PENDING


def _sources(facts: LessonFacts) -> tuple[str, ...]:
    manual = any(each.kind in {CorrectionKind.PRESENT, CorrectionKind.NOT_PRESENT} for each in facts.corrections)
    return (
        *(("webhooks",) if facts.events else ()),
        *sorted({record.source for record in facts.records}),
        *(("manual",) if manual else ()),
    )


def _lines(view: LessonView, *, explained: bool) -> Iterable[PersonSheet]:
    """Everybody's line. Who was nowhere and of whom nothing was said is like all the others of that role."""
    answers, nothing = view.answers, dict[Role, PersonSheet]()
    for person in _listed(view):
        presence, role = view.presence(person.id), view.roles[person.id]
        if presence is not NOWHERE or person.id in answers:
            yield _line(view, person, presence, explained=explained)
            continue
        if role not in nothing:
            nothing[role] = _line(view, person, presence, explained=False)
        yield structs.replace(
            nothing[role],
            person_id=person.id,
            name=person.name,
            email=person.email,
            slack_user_id=person.slack_user_id,
        )


def _line(view: LessonView, person: Person, presence: PersonPresence, *, explained: bool) -> PersonSheet:
    court, ground, role = view.court, view.ground, view.roles[person.id]
    is_student = role is Role.STUDENT
    measures = measure(presence, court)
    arrival = arrival_of(presence, court.lesson)
    arrival_is_late = is_late(arrival, ground, court.lesson, court.unhealthy)
    checks = counts_of(view.answers.get(person.id, ()))
    has_failed = checks.is_failed(court.lesson.policy.check_rule)
    flags = flags_of(
        presence,
        measures,
        court,
        arrival_is_late=arrival_is_late,
        is_weak=view.is_weak(person.id),
        has_failed_check=has_failed,
    )
    state, since = live_state(view, presence)
    stays = presence.stays
    return PersonSheet(
        person_id=person.id,
        name=person.name,
        role=role,
        email=person.email,
        slack_user_id=person.slack_user_id,
        presence=state,
        verdict=verdict_of(measures, court, has_failed_check=has_failed) if is_student else None,
        flags=flags if is_student else (),
        first_joined_at=stays[0].joined_at if stays else None,
        last_left_at=stays[-1].left_at if stays else None,
        late_by=late_by(arrival, ground),
        attended=measures.attended,
        denominator=measures.denominator,
        permille_planned=permille(measures.attended.planned, measures.denominator.planned),
        permille_held=permille(measures.attended.held, measures.denominator.held),
        assumed_seconds=whole_seconds(intersect(presence.assumed, ground.planned)),
        waited_seconds=measures.waited_seconds,
        waited=tuple(intersect(presence.waited, ground.planned)),
        measured_seconds=_measured(presence, ground, measures),
        bridged_seconds=whole_seconds(intersect(presence.bridged, ground.planned)),
        stays=stays,
        since=since,
        connections=tuple(sorted(presence.connections)),
        excused=bool(excused_of(court.lesson, presence.corrections)),
        asked_excuse=open_ask(presence.corrections, CorrectionKind.CANNOT_COME) is not None,
        changes=changes_of(view, person, presence) if explained else (),
        checks=checks,
    )


def _measured(presence: PersonPresence, ground: Ground, measures: Measures) -> int:
    """Without corrections; where there are none, what was attended has been measured."""
    if presence.corrections:
        return whole_seconds(intersect(presence.measured_bridged, ground.planned))
    return measures.attended.planned


def live_state(view: LessonView, presence: PersonPresence) -> tuple[Presence, datetime | None]:
    """Where somebody is now and since when; after the end everybody has left or never joined."""
    now, is_live = view.scene.now, view.court.is_live
    stays = presence.stays
    if is_live and presence.is_open:
        is_measured = bool(stays) and stays[-1].left_at is None
        return Presence.PRESENT, stays[-1].joined_at if is_measured else min(presence.open_since)
    wait = presence.open_wait if is_live else None
    if wait is not None:
        return Presence.WAITING, wait.interval.start
    just_let_in = _just_let_in(presence, now) if is_live else None
    if just_let_in is not None:
        return Presence.WAITING, just_let_in
    if stays:
        return Presence.LEFT, stays[-1].left_at
    return Presence.NOT_JOINED, None


def _just_let_in(presence: PersonPresence, now: datetime) -> datetime | None:
    """Between *admitted* and *joined* somebody is on the way in, for two minutes at most."""
    if not presence.waits or not presence.waits[-1].was_let_in:
        return None
    last = presence.waits[-1].interval
    is_in_since = any(stay.interval.end > last.end for stay in presence.closed)
    return last.start if not is_in_since and now - last.end < SHORT_WAIT else None


def _stranger(view: LessonView, unnamed: Unnamed) -> Stranger:
    state, _ = live_state(view, unnamed.presence)
    keys: tuple[ConnectionKey, ...] = unnamed.keys
    return Stranger(
        connections=keys,
        display_name=unnamed.name,
        platform=view.facts.lesson.platform,
        presence=state,
        attended_seconds=whole_seconds(intersect(unnamed.presence.present, view.ground.planned)),
        stays=unnamed.presence.stays,
        is_host=unnamed.is_host,
        suggestions=suggestions_for(view, unnamed.name),
    )
