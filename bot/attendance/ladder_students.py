"""The missing-now ladder, for students: who is reminded, who was lost, and when to be silent (product.md).

Quiet for the excused, for people who are there, behind a silent feed, in a cancelled lesson and after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.attendance.lateness import Arrival, arrival_of
from bot.attendance.lessons import Correction, CorrectionKind
from bot.attendance.presence import NOWHERE, PersonPresence
from bot.attendance.sheet import Flag, PersonSheet, Presence
from bot.attendance.telling import HERE, SAID, SETTLING, Telling, epoch, maybe_epoch
from bot.attendance.wanted import LostYouContent, MessageKind, ReminderContent

#: Two rows take turns: a new message notifies, an edit does not; the earlier one is removed.
STEPS = (MessageKind.REMINDER_1, MessageKind.REMINDER_2)
#: Within a planned break and this long after it nobody is called lost.
AFTER_BREAK = timedelta(minutes=5)

Stage = Literal["missing", "joined", "excused", "over", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Student:
    """One student, as the ladder looks at them."""

    line: PersonSheet
    presence: PersonPresence
    arrival: Arrival | None
    said: Correction | None
    is_missing: bool
    #: which of the two reminders stand, and since when
    sent: Mapping[MessageKind, datetime]


def tell_students(telling: Telling) -> None:
    """Want every student's messages: reminders, the ping when a promise is over, *Lost you*."""
    reached = _reached(telling) if telling.is_running else None
    alike: dict[bool, ReminderContent] = {}
    for line in telling.students:
        if not telling.is_reachable(line):
            continue
        if telling.view.presence(line.person_id) is NOWHERE and line.person_id not in telling.recipients:
            _remind_alike(telling, line, reached, alike)
            continue
        student = _student(telling, line)
        _remind(telling, student, reached)
        if student.said is not None or telling.was_wanted(MessageKind.PROMISE_OVER, line.person_id):
            _ping(telling, student)
        if student.presence.connections:
            _lost(telling, student)


def _remind_alike(telling: Telling, line: PersonSheet, step: int | None, alike: dict[bool, ReminderContent]) -> None:
    """Who was nowhere, said nothing and was told nothing: all of these are reminded in the same words.

    `alike` holds these, by whether it is the first contact.
    """
    if step is None or line.person_id not in telling.missing:
        return
    is_first = telling.is_first_contact(line.person_id)
    if is_first not in alike:
        alike[is_first] = _reminder(telling, _student(telling, line), step)
    telling.want(STEPS[step % 2], line.person_id, alike[is_first], not_after=telling.lesson.planned_end)


def _student(telling: Telling, line: PersonSheet) -> _Student:
    presence = telling.view.presence(line.person_id)
    told = [(kind, telling.told(kind, line.person_id)) for kind in STEPS]
    return _Student(
        line=line,
        presence=presence,
        arrival=arrival_of(presence, telling.lesson),
        said=telling.said_by(line.person_id),
        is_missing=line.person_id in telling.missing,
        sent={kind: each.sent_at for kind, each in told if each is not None and each.sent_at is not None},
    )


def _remind(telling: Telling, student: _Student, reached: int | None) -> None:
    """Want the step that was reached, if it is news; else keep the reminder that stands up to date."""
    is_silent = student.is_missing and student.said is None
    step = reached if reached is not None and is_silent and _is_new(telling, student, reached) else None
    kind = STEPS[step % 2] if step is not None else max(student.sent, key=student.sent.__getitem__, default=None)
    for each in STEPS:
        if each is kind:
            content = _reminder(telling, student, step)
            telling.want(each, student.line.person_id, content, not_after=telling.lesson.planned_end)
        else:
            telling.take_back(each, student.line.person_id)


def _reached(telling: Telling) -> int | None:
    """The latest step of the ladder whose moment has come; missed ones are made up as this one."""
    start = telling.lesson.planned_start
    reached = [index for index, after in enumerate(telling.steps) if telling.has_come(start + after)]
    return max(reached, default=None)


def _is_new(telling: Telling, student: _Student, step: int) -> bool:
    """Whether this step still has to be said: it was not sent since its moment."""
    moment = telling.lesson.planned_start + telling.steps[step]
    return all(at < moment for at in student.sent.values())


def _reminder(telling: Telling, student: _Student, step: int | None) -> ReminderContent:
    line, said = student.line, student.said
    content = ReminderContent(
        about=telling.about,
        stage=_stage(telling, student),
        said=SAID[said.kind] if said is not None else "",
        promised_at=maybe_epoch(said.during.end if said is not None and said.during is not None else None),
        joined_at=maybe_epoch(_joined_at(line, student.arrival)),
        late_seconds=_late_seconds(line),
        is_feed_proven=telling.is_feed_proven,
        can_say_in=bool(telling.candidates),
    )
    after = _step_after(telling, student, step)
    if after is not None:
        content["after_seconds"] = after
    if telling.no_data_since is not None:
        content["no_data_since"] = epoch(telling.no_data_since)
    return telling.with_notice(content, line.person_id)


def _step_after(telling: Telling, student: _Student, step: int | None) -> int | None:
    """The step's distance from the planned start; of a message that stands, the step it was sent for."""
    if step is None and student.sent:
        since_start = max(student.sent.values()) - telling.lesson.planned_start - SETTLING
        step = max((index for index, after in enumerate(telling.steps) if since_start >= after), default=None)
    return int(telling.steps[step].total_seconds()) if step is not None else None


def _stage(telling: Telling, student: _Student) -> Stage:
    if telling.is_cancelled:
        return "cancelled"
    if student.arrival is not None and not student.is_missing:
        return "joined"
    if student.line.excused:
        return "excused"
    return "over" if telling.is_past else "missing"


def _joined_at(line: PersonSheet, arrival: Arrival | None) -> datetime | None:
    if arrival is None:
        return None
    joined = [stay.joined_at for stay in line.stays if stay.joined_at >= arrival.at]
    return joined[0] if joined else arrival.at


def _late_seconds(line: PersonSheet) -> int | None:
    return int(line.late_by.total_seconds()) if Flag.LATE in line.flags and line.late_by is not None else None


def _ping(telling: Telling, student: _Student) -> None:
    """*On my way* is silent until the promised time, then one ping."""
    said, person_id = student.said, student.line.person_id
    is_due = False
    if said is not None and said.kind is CorrectionKind.ON_MY_WAY and said.during is not None and student.is_missing:
        is_due = telling.is_running and telling.has_come(said.during.end)
    content = _reminder(telling, student, None)
    not_after = telling.lesson.planned_end
    telling.keep_standing(MessageKind.PROMISE_OVER, person_id, content, is_new=is_due, not_after=not_after)


def _lost(telling: Telling, student: _Student) -> None:
    kind, line = MessageKind.LOST_YOU, student.line
    lost_at = _lost_at(telling, line)
    if lost_at is None and not telling.was_sent(kind, line.person_id):
        telling.take_back(kind, line.person_id)
        return
    is_back = line.presence in HERE
    left = [stay.left_at for stay in student.presence.stays if stay.left_at is not None]
    at, said = lost_at or max(left, default=telling.now), student.said
    content = LostYouContent(
        about=telling.about,
        stage="cancelled" if telling.is_cancelled else "back" if is_back else "over" if telling.is_over else "lost",
        said=SAID[said.kind] if said is not None and said.at >= at else "",
        lost_at=epoch(at),
        back_at=maybe_epoch(line.since if is_back else None),
    )
    content = telling.with_notice(content, line.person_id)
    telling.want(kind, line.person_id, content, not_after=telling.lesson.planned_end)


def _lost_at(telling: Telling, line: PersonSheet) -> datetime | None:
    """When somebody went who should be told now that we lost them; None if nobody should be told anything new."""
    if not is_lost(telling, line) or line.last_left_at is None:
        return None
    said = telling.said_by(line.person_id)
    if said is not None and said.kind is CorrectionKind.CANNOT_COME:
        return None
    return line.last_left_at if telling.has_come(lost_moment(telling, line.last_left_at)) else None


def is_lost(telling: Telling, line: PersonSheet) -> bool:
    """Was there in the lesson, went before it nearly ended, and the others are still there."""
    lesson, left_at = telling.lesson, line.last_left_at
    if line.presence is not Presence.LEFT or left_at is None or line.excused or not telling.is_running:
        return False
    nearly_over = lesson.planned_end - lesson.policy.early_grace
    if left_at < lesson.planned_start or left_at >= nearly_over or telling.now >= nearly_over:
        return False
    is_running_elsewhere = any(other.presence is Presence.PRESENT for other in telling.trainers)
    hosts = any(each.is_host and each.presence is Presence.PRESENT for each in telling.sheet.strangers)
    return is_running_elsewhere or hosts


def lost_moment(telling: Telling, left_at: datetime) -> datetime:
    """When somebody who went counts as lost: after `dropped_after`, and never in a break or just after one."""
    moment = left_at + telling.lesson.policy.dropped_after
    for pause in telling.breaks:
        if pause.start <= moment < pause.end + AFTER_BREAK:
            moment = pause.end + AFTER_BREAK
    return moment
