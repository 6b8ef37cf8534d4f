"""One look at one lesson: what does its sheet say now, who must be told what, and when must somebody look again?"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.attendance.after_the_end import ask_after_the_end
from bot.attendance.attendance import sheet_from
from bot.attendance.board import show_board
from bot.attendance.ending import Standing, asks_since, settles_at, state_of
from bot.attendance.events import EventKind
from bot.attendance.feed import LATE_DELIVERY, asks_who_is_in, late_arrivals
from bot.attendance.ladder_students import tell_students
from bot.attendance.ladder_trainers import tell_trainers
from bot.attendance.late_facts import decisions_since, shown
from bot.attendance.lessons import WINDOW_AFTER, CorrectionKind, LessonFacts, LessonState, Role
from bot.attendance.sheet import QuestionKind, Sheet
from bot.attendance.summary import show_summary, tell_changed_verdicts, tell_decisions
from bot.attendance.summary_files import show_files
from bot.attendance.telling import Telling, about
from bot.attendance.trainer_card import tell_who_is_missing
from bot.attendance.view import ENDED, LessonView, restated, view_of
from bot.attendance.waiting import SHORT_WAIT
from bot.attendance.wanted import CancelledContent, MessageKind, Wanted
from bot.attendance.written import canonical, fingerprint


@dataclass(frozen=True, kw_only=True)
class SheetToWrite:
    """A sheet to be written down whole, as this version."""

    version: int
    body: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What one look decided; kept only if nothing has changed since the facts were read."""

    lesson_id: str
    sheet: Sheet
    state: LessonState
    #: None: time alone changes nothing any more
    due_at: datetime | None
    wanted: tuple[Wanted, ...]
    #: a new version to write down, where the sheet says something new after the end
    to_write: SheetToWrite | None
    #: the lesson begins now: stamp its policy
    begins: bool
    #: from when on the attempts to get the platform's record are counted; None: nobody is to be asked, or not yet
    asks_since: datetime | None
    #: the platform is to be asked now who is in the room
    asks_who_is_in: bool


def decide(facts: LessonFacts, *, now: datetime) -> Decision:
    """Look at one lesson at `now`. The same facts and `now` give the same decision; deciding twice changes nothing."""
    before = facts.lesson.state
    standing, view, sheet = _standing(facts, now)
    facts = view.facts
    telling = Telling(view=view, sheet=sheet, now=now, about=about(facts.lesson))
    settled_at = settles_at(view)
    to_write = None if settled_at is not None else _to_write(sheet, facts)
    if settled_at is None:
        _tell(telling, to_write)
    else:
        # What the last *left*s will say is not known yet: all that is said waits for them.
        telling.looks.append(settled_at)
    asks, asks_next_at = asks_who_is_in(facts, view.health.feed, state=standing.state, now=now)
    looks = [*telling.looks, *_looks(view), *filter(None, (standing.next_look_at, asks_next_at))]
    return Decision(
        lesson_id=facts.lesson.id,
        sheet=sheet,
        state=standing.state,
        due_at=min((look for look in looks if look > now), default=None),
        wanted=tuple(telling.wanted),
        to_write=to_write,
        begins=before is LessonState.PLANNED and standing.state is not LessonState.PLANNED,
        asks_since=asks_since(view, standing.state),
        asks_who_is_in=asks,
    )


def _standing(facts: LessonFacts, now: datetime) -> tuple[Standing, LessonView, Sheet]:
    """Where the lesson stands now, and what it looks like there."""
    before, view = facts.lesson.state, view_of(facts, now=now)
    standing = state_of(view)
    view = _in_state(view, standing.state)
    # At an end, also at a second one, verdicts are decided afresh; later ones are held against what people have read.
    written = facts.written if before in ENDED else None
    sheet = shown(_sheet(view), written, facts.corrections)
    if standing.unless_open_until is not None and _is_open(sheet):
        looks = filter(None, (standing.unless_open_until, standing.next_look_at))
        standing, view = Standing(before, min(looks)), _in_state(view, before)
        sheet = shown(_sheet(view), written, facts.corrections)
    return standing, view, sheet


def _sheet(view: LessonView) -> Sheet:
    """What may be written down is explained."""
    return sheet_from(view, explained=view.facts.lesson.state in ENDED)


def _in_state(view: LessonView, state: LessonState) -> LessonView:
    facts = view.facts
    if state is facts.lesson.state:
        return view
    return restated(view, replace(facts, lesson=replace(facts.lesson, state=state)))


#: What a platform's record raised, and only a trainer can settle.
RAISED_BY_RECORD = frozenset({QuestionKind.LATE_FACTS, QuestionKind.RECORD_DIFFERS})


def _is_open(sheet: Sheet) -> bool:
    return any(question.kind in RAISED_BY_RECORD for question in sheet.questions)


def _tell(telling: Telling, to_write: SheetToWrite | None) -> None:
    facts = telling.view.facts
    if telling.now < facts.lesson.window.start and not telling.is_cancelled:
        telling.looks.append(facts.lesson.window.start)
        return
    tell_students(telling)
    tell_trainers(telling)
    tell_who_is_missing(telling)
    show_board(telling)
    if telling.is_cancelled:
        _tell_cancelled(telling)
    written = facts.written
    newest = to_write or written
    if newest is not None:
        show_summary(telling, version=newest.version, sha256=newest.sha256)
        show_files(telling, version=newest.version, sha256=newest.sha256)
    if telling.is_over:
        ask_after_the_end(telling)
        tell_changed_verdicts(telling, written.sheet.by_id if written is not None else {})
        tell_decisions(telling)


def _tell_cancelled(telling: Telling) -> None:
    """Tell the channel, and by direct message those who had been told to come."""
    lesson = telling.lesson
    said = [each for each in telling.view.facts.corrections if each.kind is CorrectionKind.CANCELLED]
    if lesson.is_silent:
        return
    content = CancelledContent(
        about=telling.about,
        reason=said[-1].note if said else "",
        by=telling.name_of(said[-1].actor) if said else "",
    )
    is_ahead = telling.now < lesson.planned_end
    for channel in sorted({lesson.channel, lesson.staff_channel} - {""}):
        telling.keep_standing(MessageKind.CANCELLED, channel, content, is_new=is_ahead, not_after=lesson.planned_end)
    reminders = (MessageKind.REMINDER_1, MessageKind.REMINDER_2)
    for person in telling.reachable(Role.STUDENT):
        was_told = any(telling.was_sent(kind, person.id) for kind in reminders)
        if was_told:
            personal = telling.with_notice(content.copy(), person.id)
            telling.keep_standing(MessageKind.CANCELLED_DM, person.id, personal, is_new=is_ahead)


def _to_write(sheet: Sheet, facts: LessonFacts) -> SheetToWrite | None:
    """At provisional, reconciled, locked, and whenever the sheet says something new or somebody decided after that.

    A decision that changes nothing is written down too: it covers what was known then, not what comes later.
    """
    if sheet.state not in ENDED or (facts.lesson.is_silent and sheet.state is not LessonState.LOCKED):
        return None
    body = canonical(replace(sheet, questions=(), computed_at=sheet.planned_end))
    digest, written = fingerprint(body), facts.written
    if written is not None and written.sha256 == digest and not decisions_since(written, facts.corrections):
        return None
    return SheetToWrite(version=written.version + 1 if written is not None else 1, body=body, sha256=digest)


def _looks(view: LessonView) -> list[datetime]:
    """Moments at which time alone makes something else of what was told; the messages know those of their own."""
    facts, lesson = view.facts, view.facts.lesson
    late = [moment for arrived in late_arrivals(facts) for moment in (arrived, arrived + LATE_DELIVERY)]
    if not view.court.is_live:
        return late
    presences = [*view.presences.values(), *(each.presence for each in view.unnamed)]
    waits = [moment for each in presences for wait in each.waits for moment in (wait.interval.start, wait.interval.end)]
    admissions = [event.occurred_at for event in facts.events if event.kind is EventKind.ADMITTED]
    return [
        lesson.planned_end - lesson.policy.early_grace,
        lesson.planned_end,
        *(moment + SHORT_WAIT for moment in (*waits, *admissions)),
        # Who came for an earlier lesson of the room and was not heard of since is no longer taken for present.
        *(planned.end + WINDOW_AFTER for planned in facts.room_lessons),
        *late,
    ]
