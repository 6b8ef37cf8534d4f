"""The missing-now ladder, for students: who is reminded, who was lost, and when to be silent (product.md).

Quiet for the excused, for people who are there, behind a silent feed, in a cancelled lesson and after it.
"""

from datetime import datetime, timedelta
from typing import Literal

from bot.attendance.lateness import Arrival, arrival_of
from bot.attendance.lessons import Correction, CorrectionKind, Feed, Person, Role
from bot.attendance.presence import PersonPresence
from bot.attendance.sheet import Flag, PersonSheet, Presence
from bot.attendance.telling import SAID, Telling, epoch, maybe_epoch
from bot.attendance.wanted import LostYouContent, MessageKind, ReminderContent

#: Two rows take turns: a new message notifies, an edit does not; the earlier one is removed.
STEPS = (MessageKind.REMINDER_1, MessageKind.REMINDER_2)
#: Within a planned break and this long after it nobody is called lost.
AFTER_BREAK = timedelta(minutes=5)

Stage = Literal["missing", "joined", "excused", "over", "cancelled"]


def tell_students(telling: Telling) -> None:
    """Want every student's messages: reminders, the ping when a promise is over, *Lost you*."""
    reached = _reached(telling) if telling.is_running else None
    for line in telling.sheet.students:
        if not telling.is_reachable(line):
            continue
        person, presence = telling.view.people[line.person_id], telling.view.presence(line.person_id)
        arrival = arrival_of(presence, telling.lesson)
        said = telling.said_by(line.person_id) if presence.corrections else None
        missing = is_missing(line, arrival)
        _remind(telling, line, arrival, said, reached if missing else None)
        if said is not None or telling.was_wanted(MessageKind.PROMISE_OVER, line.person_id):
            _ping(telling, line, arrival, said, missing=missing)
        if presence.connections:
            _lost(telling, person, line, presence)


def is_missing(line: PersonSheet, arrival: Arrival | None) -> bool:
    """Enrolled, neither present nor waiting, not excused, and has not arrived since the planned start."""
    is_here = line.presence in {Presence.PRESENT, Presence.WAITING}
    return line.role is Role.STUDENT and not line.excused and arrival is None and not is_here


def _remind(
    telling: Telling, line: PersonSheet, arrival: Arrival | None, said: Correction | None, reached: int | None
) -> None:
    standing = next((kind for kind in reversed(STEPS) if telling.was_sent(kind, line.person_id)), None)
    step = STEPS[reached % 2] if reached is not None and said is None and _is_new(telling, line, reached) else None
    for kind in STEPS:
        if kind is step or (kind is standing and step is None):
            content = _reminder(telling, line, arrival, said, reached if kind is step else None)
            telling.want(kind, line.person_id, content, not_after=telling.lesson.planned_end)
        else:
            telling.take_back(kind, line.person_id)


def _steps(telling: Telling) -> list[timedelta]:
    """The course's steps after the planned start, and one for each time that a trainer tapped *Remind the missing*."""
    corrections, start = telling.view.facts.corrections, telling.lesson.planned_start
    tapped = [each.at - start for each in corrections if each.kind is CorrectionKind.REMIND and each.at >= start]
    return sorted((*telling.lesson.policy.remind_students_after, *tapped))


def _reached(telling: Telling) -> int | None:
    """The latest step of the ladder whose moment has come; missed ones are made up as this one."""
    start = telling.lesson.planned_start
    steps = _steps(telling)
    reached = [index for index, after in enumerate(steps) if telling.has_come(start + after)]
    return max(reached, default=None)


def _is_new(telling: Telling, line: PersonSheet, step: int) -> bool:
    """Whether this step still has to be said: it was not sent since its moment."""
    moment = telling.lesson.planned_start + _steps(telling)[step]
    sent = [told.sent_at for kind in STEPS if (told := telling.told(kind, line.person_id)) and told.sent_at]
    return not any(at >= moment for at in sent)


def _reminder(
    telling: Telling, line: PersonSheet, arrival: Arrival | None, said: Correction | None, step: int | None
) -> ReminderContent:
    content = ReminderContent(
        about=telling.about,
        stage=_stage(telling, line, arrival),
        said=SAID[said.kind] if said is not None and said.kind in SAID else "",
        promised_at=maybe_epoch(said.during.end if said is not None and said.during is not None else None),
        joined_at=maybe_epoch(_joined_at(line, arrival)),
        late_seconds=_late_seconds(line),
        is_feed_proven=telling.view.health.feed is Feed.PROVEN,
        can_say_in=bool(telling.candidates),
        is_first_contact=telling.is_first_contact(line.person_id),
    )
    after = _step_after(telling, line, step)
    if after is not None:
        content["after_seconds"] = after
    return content


def _step_after(telling: Telling, line: PersonSheet, step: int | None) -> int | None:
    """The step's distance from the planned start; of a message that stands, the step it was sent for."""
    after = _steps(telling)
    if step is None:
        sent = [told.sent_at for kind in STEPS if (told := telling.told(kind, line.person_id)) and told.sent_at]
        start = telling.lesson.planned_start
        step = max((index for index, each in enumerate(after) if sent and max(sent) >= start + each), default=None)
    return int(after[step].total_seconds()) if step is not None else None


def _stage(telling: Telling, line: PersonSheet, arrival: Arrival | None) -> Stage:
    if telling.is_cancelled:
        return "cancelled"
    if arrival is not None:
        return "joined"
    if line.excused:
        return "excused"
    return "over" if telling.is_over or telling.now >= telling.lesson.planned_end else "missing"


def _joined_at(line: PersonSheet, arrival: Arrival | None) -> datetime | None:
    if arrival is None:
        return None
    joined = [stay.joined_at for stay in line.stays if stay.joined_at >= arrival.at]
    return joined[0] if joined else arrival.at


def _late_seconds(line: PersonSheet) -> int | None:
    return int(line.late_by.total_seconds()) if Flag.LATE in line.flags and line.late_by is not None else None


def _ping(
    telling: Telling, line: PersonSheet, arrival: Arrival | None, said: Correction | None, *, missing: bool
) -> None:
    """*On my way* is silent until the promised time, then one ping."""
    kind, sent = MessageKind.PROMISE_OVER, telling.was_sent(MessageKind.PROMISE_OVER, line.person_id)
    is_due = False
    if said is not None and said.kind is CorrectionKind.ON_MY_WAY and said.during is not None and missing:
        is_due = telling.is_running and telling.has_come(said.during.end)
    if is_due or sent:
        content = _reminder(telling, line, arrival, said, None)
        telling.want(kind, line.person_id, content, not_after=telling.lesson.planned_end)
    else:
        telling.take_back(kind, line.person_id)


def _lost(telling: Telling, person: Person, line: PersonSheet, presence: PersonPresence) -> None:
    kind = MessageKind.LOST_YOU
    lost_at = _lost_at(telling, line)
    if lost_at is None and not telling.was_sent(kind, person.id):
        telling.take_back(kind, person.id)
        return
    is_back = line.presence in {Presence.PRESENT, Presence.WAITING}
    said = telling.said_by(person.id)
    left = [stay.left_at for stay in presence.stays if stay.left_at is not None]
    at = lost_at or max(left, default=telling.now)
    content = LostYouContent(
        about=telling.about,
        stage="cancelled" if telling.is_cancelled else "back" if is_back else "over" if telling.is_over else "lost",
        said=SAID[said.kind] if said is not None and said.at >= at and said.kind in SAID else "",
        lost_at=epoch(at),
        back_at=maybe_epoch(line.since if is_back else None),
        is_first_contact=telling.is_first_contact(person.id),
    )
    telling.want(kind, person.id, content, not_after=telling.lesson.planned_end)


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
    is_running_elsewhere = any(other.presence is Presence.PRESENT for other in telling.sheet.trainers)
    hosts = any(each.is_host and each.presence is Presence.PRESENT for each in telling.sheet.strangers)
    return is_running_elsewhere or hosts


def lost_moment(telling: Telling, left_at: datetime) -> datetime:
    """When somebody who went counts as lost: after `dropped_after`, and never in a break or just after one."""
    moment = left_at + telling.lesson.policy.dropped_after
    for pause in telling.breaks:
        if pause.start <= moment < pause.end + AFTER_BREAK:
            moment = pause.end + AFTER_BREAK
    return moment
