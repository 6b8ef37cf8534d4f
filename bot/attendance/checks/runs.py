"""The runs of one lesson at one look: how each begins, starts to wait for its first question, and ends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.attendance.checks.answers import found_offline
from bot.attendance.checks.notes import CREATOR, EVERYBODY, PARTICIPANTS, EventWord, Notes
from bot.attendance.checks.plan import hash_of
from bot.attendance.checks.questions import Questions
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.room import Room
from bot.attendance.checks.run import IDLE, EndReason, Happening, RunState, StartReason, after
from bot.attendance.checks.settings import CheckSettings, Template
from bot.attendance.checks.step import NO_REPORT, Delivery, Fresh, Report
from bot.attendance.checks.values import Answer, AnswerState, PresenceCheck, PresenceLogging
from bot.attendance.lessons import LessonState

#: Where the feed gives no ground to say who has gone, it is looked at again after this.
WHILE_UNSURE: Final = timedelta(minutes=1)

NO_DELIVERIES: Final[Mapping[tuple[str, str], Delivery]] = {}
NO_EXTRA_TIME: Final[Mapping[str, timedelta]] = {}


class Runs:
    """The presence logging of one lesson, and what it goes through at one look."""

    def __init__(
        self,
        logging: PresenceLogging,
        room: Room,
        *,
        fresh: Fresh,
        deliveries: Mapping[tuple[str, str], Delivery] = NO_DELIVERIES,
        extra_time: Mapping[str, timedelta] = NO_EXTRA_TIME,
        is_slack_down: bool = False,
    ) -> None:
        self._before = logging
        self._room = room
        self._fresh = fresh
        self._deliveries = deliveries
        self._extra_time = extra_time
        self._is_down = is_slack_down and not room.is_at_once
        self._notes = Notes()
        self._state = logging.state
        self._is_armed = logging.is_armed
        self._well_at = logging.well_at
        self._check = logging.current
        self._past = [check for check in logging.checks if check.is_over]
        self._answers = dict(logging.by_key)
        self._questions = self._questions_of(self._check) if self._check is not None else None

    def _begin_by_hand(self, actor_id: str, settings: CheckSettings) -> None:
        room = self._room
        if room.is_over or room.now < room.lesson.window.start:
            when = "is over" if room.is_over else "has not begun"
            raise CheckRefused(RefusalCode.PRESENCE_LOGGING_NOT_ENABLED, f"The lesson {when}.")
        if self._state is RunState.IDLE_WITHOUT_CREATOR and not room.is_at_once:
            self._happen(Happening.CREATOR_JOINED)  # who acts is there, under whatever name
        self._happen(Happening.ENABLED_WITH_OTHERS if room.here else Happening.ENABLED_ALONE)
        self._create(actor_id, settings)
        self._notes.tell(EventWord.ENABLED, CREATOR)
        if room.here:
            self._start(StartReason.STARTED_MANUALLY)

    def _create(self, actor_id: str, settings: CheckSettings) -> None:
        fresh, now = self._fresh, self._room.now
        self._check = PresenceCheck(
            id=fresh.check_id,
            lesson_id=self._before.lesson_id,
            creator_id=actor_id,
            settings=settings,
            created_at=now,
            seed=fresh.seed,
            seed_hash=hash_of(fresh.seed),
        )
        self._questions = self._questions_of(self._check)
        self._notes.write(
            "presence_check.created",
            fresh.check_id,
            actor=actor_id,
            lesson=self._before.lesson_id,
            template=settings.template.value,
            seed_hash=self._check.seed_hash,
        )

    def _start(self, reason: StartReason) -> None:
        assert self._check is not None
        now = self._room.now
        self._check = replace(self._checked_now(), started_at=now, start_reason=reason)
        self._questions = self._questions_of(self._check)
        self._questions.plan(now)
        first = self._questions.next_moment
        told = {"first_checkpoint": rfc3339(first)} if first is not None else {}
        self._notes.tell(EventWord.STARTED, CREATOR, **told, reason=reason)
        self._notes.tell(EventWord.STARTED, PARTICIPANTS)

    def _end(self, happening: Happening, reason: EndReason, *, actor: str = "") -> None:
        assert self._check is not None
        assert self._questions is not None
        self._happen(happening)
        self._questions.end()
        self._check = replace(self._check, ended_at=self._room.now, end_reason=reason)
        self._notes.tell(EventWord.ENDED, EVERYBODY, reason=reason)
        # The seed is secret no more: whoever reads it computes the moments again.
        self._notes.write(
            "presence_check.ended", self._check.id, actor=actor, reason=reason.value, seed=self._check.seed
        )
        if self._state in IDLE:
            self._put_away(NO_REPORT)

    def _finish(self, report: Report) -> None:
        check, room = self._check, self._room
        is_single = check is not None and check.settings.template is Template.NOW
        was_left = check is not None and check.end_reason is EndReason.LAST_PARTICIPANT_LEFT
        goes_on = was_left and not is_single and not room.is_over and not room.is_creator_gone
        self._happen(Happening.REPORT_MADE_TO_WAIT_AGAIN if goes_on else Happening.REPORT_MADE)
        assert check is not None
        if report.asset_id:
            self._notes.tell(EventWord.PDF_ASSET, CREATOR, filename=report.filename, asset_id=report.asset_id)
        if report.trouble:
            self._notes.tell(EventWord.ERROR, CREATOR, error=report.trouble)
        self._put_away(report)
        if goes_on:
            self._create(check.creator_id, check.settings)

    def _put_away(self, report: Report) -> None:
        done = replace(
            self._checked_now(),
            is_over=True,
            asset_id=report.asset_id,
            filename=report.filename,
            trouble=report.trouble,
        )
        self._past.append(done)
        self._answers = self._all_answers()
        self._check, self._questions, self._well_at = None, None, None

    def _recheck_missed(self) -> None:
        """Deliveries that come later show who was offline; in a locked lesson nothing changes any more."""
        room = self._room
        if room.lesson.state is LessonState.LOCKED:
            return
        answers = self._questions.answers if self._questions is not None else {}
        for known in (self._answers, answers):
            for key, answer in known.items():
                if answer.state is AnswerState.MISSED and answer.person_id in room.students:
                    known[key] = found_offline(answer, room.present.get(answer.person_id, ()))

    def _next_look_at(self) -> datetime | None:
        room, now = self._room, self._room.now
        if self._state is RunState.FINALISING:
            return now
        looks = self._questions.next_looks() if self._questions is not None else []
        looks += filter(None, [room.creator_gone_at])
        if self._state not in IDLE:
            looks += filter(None, [room.others_gone_at])
            looks += [now + WHILE_UNSURE] if not room.is_sure else []
        return min((look for look in looks if look > now), default=None)

    def _questions_of(self, check: PresenceCheck) -> Questions:
        own = {each.id for each in check.checkpoints}
        return Questions(
            check,
            [answer for answer in self._answers.values() if answer.checkpoint_id in own],
            self._room,
            self._notes,
            deliveries=self._deliveries,
            extra_time=self._extra_time,
        )

    def _happen(self, happening: Happening) -> None:
        self._state = after(self._state, happening)

    def _checked(self) -> PresenceCheck | None:
        return self._checked_now() if self._check is not None else None

    def _checked_now(self) -> PresenceCheck:
        assert self._check is not None
        assert self._questions is not None
        return replace(self._check, checkpoints=self._questions.checkpoints)

    def _all_answers(self) -> dict[tuple[str, str], Answer]:
        return {**self._answers, **(self._questions.answers if self._questions is not None else {})}


def rfc3339(moment: datetime) -> str:
    """In UTC with `Z`, as the protocol writes instants."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
