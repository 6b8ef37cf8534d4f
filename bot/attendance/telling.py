"""The frame of every decision about who is told what: the moment, what stands already, and what to look at next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from bot.attendance.feed import is_catching_up
from bot.attendance.held import breaks_of
from bot.attendance.lateness import arrival_of
from bot.attendance.lessons import Correction, CorrectionKind, Feed, Interval, Lesson, LessonState, Person, Role, Told
from bot.attendance.sheet import PersonSheet, Presence, Sheet, Stranger
from bot.attendance.view import ENDED, LessonView
from bot.attendance.wanted import About, Candidate, MessageKind, Notice, Said, ToStudent, Wanted

#: Platforms tell up to 2.4 s late: a reminder is due this long after its moment.
SETTLING = timedelta(seconds=5)

SAID: Mapping[CorrectionKind, Said] = {
    CorrectionKind.ON_MY_WAY: "on_my_way",
    CorrectionKind.TECHNICAL_PROBLEM: "technical_problem",
    CorrectionKind.CANNOT_COME: "cannot_come",
    CorrectionKind.IN_ALREADY: "in_already",
}
#: A message names at most so many strangers, and asks at most so many questions; the others are counted.
MOST_LISTED = 12
HERE = frozenset({Presence.PRESENT, Presence.WAITING})

ForStudent = TypeVar("ForStudent", bound=ToStudent)


def epoch(moment: datetime) -> int:
    """Whole seconds of the UNIX epoch, as contents hold instants."""
    return int(moment.timestamp())


def maybe_epoch(moment: datetime | None) -> int | None:
    return None if moment is None else epoch(moment)


def missing_from(sheet: Sheet, view: LessonView) -> frozenset[str]:
    """Who is enrolled, neither present nor waiting, not excused, and has not been in since the planned start.

    Past the planned end, who did not come in the lesson: the room may be the next one's by then.
    """
    start, lesson = sheet.planned_start, view.facts.lesson
    if view.scene.now >= sheet.planned_end:
        enrolled = [line.person_id for line in sheet.students if not line.excused]
        return frozenset(each for each in enrolled if arrival_of(view.presence(each), lesson) is None)
    away = [line.person_id for line in sheet.students if not line.excused and line.presence not in HERE]
    present = [(person_id, view.presence(person_id).present) for person_id in away]
    return frozenset(person_id for person_id, intervals in present if not intervals or intervals[-1].end <= start)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One look at one lesson: reads the view and the sheet, collects what should stand in Slack."""

    view: LessonView
    sheet: Sheet
    now: datetime
    about: About
    wanted: list[Wanted] = field(default_factory=list)
    #: moments at which time alone may change something
    looks: list[datetime] = field(default_factory=list)

    @cached_property
    def lesson(self) -> Lesson:
        return self.view.facts.lesson

    @cached_property
    def is_running(self) -> bool:
        """Between planned start and end, and neither cancelled nor over: the only time in which the ladder climbs."""
        return self.lesson.state is LessonState.LIVE and self.now < self.lesson.planned_end and not self.is_quiet

    @cached_property
    def is_quiet(self) -> bool:
        """Nothing new is said: nobody planned it, it was over before we knew, or the feed gives no ground."""
        lesson = self.lesson
        no_ground = self.view.health.feed is Feed.SILENT or is_catching_up(self.view.facts, now=self.now)
        return lesson.is_silent or lesson.is_unplanned or no_ground

    @cached_property
    def is_feed_proven(self) -> bool:
        """Whether who is not seen is missing: the room was heard of, and nothing that is late is still coming."""
        return self.view.health.feed is Feed.PROVEN and not is_catching_up(self.view.facts, now=self.now)

    @cached_property
    def no_data_since(self) -> datetime | None:
        """Behind a silent feed, since when nothing is known; late deliveries are none about this room so far."""
        health = self.view.health
        if health.feed is not Feed.SILENT:
            return None
        return self.lesson.window.start if health.since is None or health.why == "late_deliveries" else health.since

    @property
    def is_over(self) -> bool:
        return self.lesson.state in ENDED

    @cached_property
    def is_past(self) -> bool:
        """Whether the lesson's own time is over; its room may still be open, and be the next one's."""
        return self.is_over or self.now >= self.lesson.planned_end

    @property
    def is_cancelled(self) -> bool:
        return self.lesson.state is LessonState.CANCELLED

    @cached_property
    def students(self) -> tuple[PersonSheet, ...]:
        return self.sheet.students

    @cached_property
    def trainers(self) -> tuple[PersonSheet, ...]:
        return self.sheet.trainers

    @cached_property
    def missing(self) -> frozenset[str]:
        return missing_from(self.sheet, self.view)

    @cached_property
    def steps(self) -> list[timedelta]:
        """The reminders' distances from the planned start: the course's, and each *Remind the missing* of a trainer."""
        start = self.lesson.planned_start
        tapped = [each.at - start for each in self.view.facts.corrections if each.kind is CorrectionKind.REMIND]
        return sorted((*self.lesson.policy.remind_students_after, *(each for each in tapped if each >= timedelta(0))))

    @cached_property
    def breaks(self) -> list[Interval]:
        return breaks_of(self.lesson, self.view.facts.corrections)

    def told(self, kind: MessageKind, recipient: str) -> Told | None:
        return self.view.facts.told.get((kind, recipient))

    @cached_property
    def recipients(self) -> frozenset[str]:
        """Everybody to whom something stands, stood or was wanted."""
        return frozenset(recipient for _, recipient in self.view.facts.told)

    def was_sent(self, kind: MessageKind, recipient: str) -> bool:
        told = self.told(kind, recipient)
        return told is not None and told.sent_at is not None

    def was_wanted(self, kind: MessageKind, recipient: str) -> bool:
        told = self.told(kind, recipient)
        return told is not None and (told.is_wanted or told.sent_at is not None)

    def has_come(self, moment: datetime) -> bool:
        """Whether a moment of the ladder has come; if not, it is one to look at."""
        due = moment + SETTLING
        if self.now >= due:
            return True
        self.looks.append(due)
        return False

    def want(
        self,
        kind: MessageKind,
        recipient: str,
        content: Mapping[str, Any],
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        edit_gap_seconds: int = 0,
    ) -> None:
        """This should stand."""
        self.wanted.append(
            Wanted(
                kind=kind,
                recipient=recipient,
                content=content,
                due_at=self.now if not_before is None else max(self.now, not_before),
                not_after=not_after,
                edit_gap_seconds=edit_gap_seconds,
            )
        )

    def want_news(
        self,
        kinds: tuple[MessageKind, MessageKind],
        recipient: str,
        content: Mapping[str, Any],
        *,
        since: datetime,
        not_before: datetime | None = None,
    ) -> None:
        """What happened at `since` should be read: a new message, which replaces the one of an earlier happening.

        Two rows take turns, because an edit notifies nobody; what was posted since is edited.
        """
        told = [(kind, self.told(kind, recipient)) for kind in kinds]
        sent = {kind: each.sent_at for kind, each in told if each is not None and each.sent_at is not None}
        latest = max(sent, key=sent.__getitem__, default=kinds[1])
        is_new = latest not in sent or sent[latest] < since
        current = kinds[kinds.index(latest) - 1] if is_new else latest
        for kind in kinds:
            if kind is current:
                self.want(kind, recipient, content, not_before=not_before)
            else:
                self.take_back(kind, recipient)

    def take_back(self, kind: MessageKind, recipient: str) -> None:
        """Nothing should stand; a message that was never wanted stays unmentioned."""
        told = self.told(kind, recipient)
        if told is not None and told.is_wanted:
            self.wanted.append(Wanted(kind=kind, recipient=recipient, content=None, due_at=self.now))

    def keep_standing(
        self,
        kind: MessageKind,
        recipient: str,
        content: Mapping[str, Any],
        *,
        is_new: bool,
        not_after: datetime | None = None,
    ) -> None:
        """Post when its reason is there, keep it up to date once it stands, take it back if it was never sent."""
        if is_new or self.was_sent(kind, recipient):
            self.want(kind, recipient, content, not_after=not_after)
        else:
            self.take_back(kind, recipient)

    def name_of(self, person_id: str) -> str:
        """The person's name, or nothing for somebody who has no part in this lesson."""
        person = self.view.people.get(person_id)
        return person.name if person is not None else ""

    def said_by(self, person_id: str) -> Correction | None:
        """The last thing that somebody said by a button about not being there."""
        corrections = self.view.corrections_of(person_id)
        return next((each for each in reversed(corrections) if each.kind in SAID), None) if corrections else None

    def reachable(self, role: Role) -> list[Person]:
        """Everybody in this role with a Slack account, in the order of the sheet."""
        lines = self.trainers if role is Role.TRAINER else self.students
        return [self.view.people[line.person_id] for line in lines if self.is_reachable(line)]

    def is_reachable(self, line: PersonSheet) -> bool:
        """Has a Slack account; who stands on a locked sheet may have left the roster since."""
        return bool(line.slack_user_id) and line.person_id in self.view.people

    def is_first_contact(self, person_id: str) -> bool:
        person = self.view.people.get(person_id)
        return person is not None and not person.is_informed

    def with_notice(self, content: ForStudent, person_id: str) -> ForStudent:
        """The content, and in the first message that somebody gets, that attendance is recorded."""
        if self.is_first_contact(person_id):
            content["notice"] = self.notice
        return content

    @cached_property
    def notice(self) -> Notice:
        return notice_of(self.lesson)

    def present_students(self) -> list[PersonSheet]:
        return [line for line in self.students if line.presence is Presence.PRESENT]

    def is_trainer_here(self) -> bool:
        """Whether a recognised trainer is in the room, or has been for long enough to count; past it, if one came."""
        lines = self.trainers
        if self.is_past:
            return any(arrival_of(self.view.presence(line.person_id), self.lesson) is not None for line in lines)
        if any(line.presence in HERE for line in lines):
            return True
        return any(line.stays for line in lines) and bool(self.view.ground.stretches)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Strangers in the room now, hosts first: one of them may be the trainer, or a missing student."""
        here = [each for each in self.sheet.strangers if each.presence is Presence.PRESENT]
        return [
            Candidate(subject=each.subject, name=each.display_name, joined_at=joined_at(each))
            for each in sorted(here, key=lambda each: not each.is_host)[:MOST_LISTED]
        ]


def joined_at(stranger: Stranger) -> int | None:
    """Since when somebody unrecognised has been there."""
    return epoch(stranger.stays[0].joined_at) if stranger.stays else None


def notice_of(lesson: Lesson) -> Notice:
    """What a student is told of the record: how long it is kept, and who sees it."""
    days = -(-lesson.policy.retention // timedelta(days=1))
    return Notice(kept_days=days, names_in_channel=not lesson.staff_channel and lesson.policy.summary_names)


def about(lesson: Lesson) -> About:
    """Of which lesson a message speaks."""
    return About(
        lesson_id=lesson.id,
        title=lesson.title,
        start=epoch(lesson.planned_start),
        end=epoch(lesson.planned_end),
        zone=lesson.zone,
        platform=lesson.platform,
        join_url=lesson.join_url,
    )
