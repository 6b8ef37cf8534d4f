"""The questions of one run: when they are asked, of whom, and when nothing is awaited any more."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.attendance.checks.answers import (
    CHECKPOINT,
    AnswerHappening,
    QuestionHappening,
    begun_anew,
    delivered,
    ended,
    following,
    next_deadline,
    timed_out,
)
from bot.attendance.checks.limits import (
    ASK_WITHIN,
    MAX_OPENING_DELAY,
    OUT_OF_TURN,
    OUTAGE,
    PRESENT_BEFORE,
    WHILE_ASKING,
    WHILE_AWAITED,
)
from bot.attendance.checks.notes import PARTICIPANTS, EventWord, Notes
from bot.attendance.checks.plan import moments_by_plan, moments_by_ranges, word_of
from bot.attendance.checks.room import Room
from bot.attendance.checks.settings import WINDOW, Template
from bot.attendance.checks.step import Delivery
from bot.attendance.checks.values import Answer, AnswerState, Checkpoint, CheckpointState, PresenceCheck
from bot.attendance.lessons import Person


class Questions:
    """The checkpoints of one run and their answers at one look."""

    def __init__(
        self,
        check: PresenceCheck,
        answers: Iterable[Answer],
        room: Room,
        notes: Notes,
        *,
        deliveries: Mapping[tuple[str, str], Delivery],
        extra_time: Mapping[str, timedelta],
    ) -> None:
        """`extra_time`: person id → how long they have, where that is longer than others."""
        self._check = check
        self._room = room
        self._notes = notes
        self._deliveries = deliveries
        self._extra_time = extra_time
        self._checkpoints = {each.draw: each for each in check.checkpoints}
        self.answers = {answer.key: answer for answer in answers}

    @property
    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """In the order of their moments."""
        return tuple(sorted(self._checkpoints.values(), key=lambda each: (each.planned_at, each.draw)))

    @property
    def open(self) -> list[Checkpoint]:
        """Those that wait for answers."""
        return [each for each in self.checkpoints if each.state is CheckpointState.OPEN]

    @property
    def next_moment(self) -> datetime | None:
        """When the next question is planned; nobody is told but who started the run, and only of the first."""
        moments = [each.planned_at for each in self._checkpoints.values() if each.state is CheckpointState.PLANNED]
        return min(moments, default=None)

    def plan(self, started_at: datetime) -> None:
        """Lay down the moments of a run that waits for its first question from now on."""
        self.drop_planned()
        settings, seed = self._check.settings, self._check.seed
        if settings.template is Template.NOW:
            self._lay_down(1, started_at)
        elif settings.is_by_ranges:
            self._lay_down(1, next(moments_by_ranges(settings, started_at, seed)))
        else:
            for draw, moment in enumerate(moments_by_plan(settings, self._room.lesson, seed), start=1):
                if moment > started_at:
                    self._lay_down(draw, moment)

    def drop_planned(self) -> None:
        """Nobody is asked any more what was not asked yet."""
        self._checkpoints = {
            draw: each for draw, each in self._checkpoints.items() if each.state is not CheckpointState.PLANNED
        }

    def ask_out_of_turn(self) -> Checkpoint:
        """One more question now, beside the plan."""
        draw = OUT_OF_TURN + 1 + sum(each > OUT_OF_TURN for each in self._checkpoints)
        self._lay_down(draw, self._room.now, window=self._check.settings.window or WINDOW)
        return self._open(self._checkpoints[draw])

    def ask_what_is_due(self) -> int:
        """Open the questions whose moments have come; how many there were, those in vain included."""
        count = 0
        while True:
            due = [each for each in self.checkpoints if each.state is CheckpointState.PLANNED]
            if not due or due[0].planned_at > self._room.now:
                return count
            count += 1
            self._plan_after(due[0])
            self._ask(due[0])

    def look(self, *, is_down: bool, well_at: datetime | None) -> None:
        """What has happened to the open ones. `is_down`: Slack does not answer, so nobody can press anything."""
        now = self._room.now
        self._take_deliveries()
        if not is_down and well_at is not None and now - well_at > OUTAGE:
            self._change({answer.key: begun_anew(answer, at=now) for answer in self._awaited()})
        for checkpoint in self.open:
            self._cancel_if_nobody_was_reached(checkpoint)
        for checkpoint in self.open:
            self._ask_who_joined(checkpoint)
        if not is_down:
            self._time_out()

    def next_looks(self) -> list[datetime]:
        """Moments at which time alone may change something."""
        now, awaited = self._room.now, self._awaited()
        looks = [moment for moment in (self.next_moment, *map(self._closes_at, self.open)) if moment is not None]
        looks += next_deadline(awaited)
        if any(answer.asked_at is None for answer in awaited):
            looks.append(now + WHILE_ASKING)
            looks += [self._reaches_until(checkpoint) for checkpoint in self.open]
        if any(answer.window is not None for answer in awaited):
            looks.append(now + WHILE_AWAITED)
        return looks

    def end(self) -> None:
        """The run is over: nothing more is asked, and what is awaited is void."""
        self.drop_planned()
        for checkpoint in self.open:
            self._change({answer.key: ended(answer) for answer in self._answers_to(checkpoint)})
            self._close(checkpoint, QuestionHappening.RUN_ENDED)

    # Asking

    def _lay_down(self, draw: int, moment: datetime, *, window: timedelta | None = None) -> None:
        check = self._check
        self._checkpoints[draw] = Checkpoint(
            id=sha256(f"{check.id} {draw}".encode()).hexdigest()[:32],
            check_id=check.id,
            draw=draw,
            state=CheckpointState.PLANNED,
            planned_at=moment,
            window=window or check.settings.window,
            word=word_of(check.seed, draw),
        )

    def _plan_after(self, checkpoint: Checkpoint) -> None:
        """By ranges the next moment follows from this one; of those that have passed meanwhile nobody is asked."""
        started_at = self._check.started_at
        if not self._check.settings.is_by_ranges or checkpoint.draw > OUT_OF_TURN or started_at is None:
            return
        moments = enumerate(moments_by_ranges(self._check.settings, started_at, self._check.seed), start=1)
        since = self._room.now - MAX_OPENING_DELAY
        draw, moment = next((n, moment) for n, moment in moments if n > checkpoint.draw and moment > since)
        self._lay_down(draw, moment)

    def _ask(self, checkpoint: Checkpoint) -> None:
        now = self._room.now
        is_break = any(each.start <= now < each.end for each in self._room.breaks)
        if now - checkpoint.planned_at > MAX_OPENING_DELAY or is_break:
            self._cancel(checkpoint, QuestionHappening.MOMENT_MISSED)
        else:
            self._open(checkpoint)

    def _open(self, checkpoint: Checkpoint) -> Checkpoint:
        now, room = self._room.now, self._room
        for other in self.open:
            if other.window is None:
                self._close_at_the_next(other)
        state = CHECKPOINT[checkpoint.state][QuestionHappening.MOMENT_CAME]
        number = 1 + max((each.number for each in self._checkpoints.values()), default=0)
        opened = self._set(replace(checkpoint, state=state, opened_at=now, number=number))
        self._notes.write("checkpoint.opened", self._check.id, checkpoint=opened.id, number=opened.number)
        self._notes.tell(EventWord.REQUESTED, PARTICIPANTS, checkpoint_id=opened.id)
        for person_id in sorted(room.here):
            was_here = room.is_present_since(person_id, now - PRESENT_BEFORE)
            self._ask_person(opened, room.students[person_id], is_optional=not was_here)
        return opened

    def _ask_person(self, checkpoint: Checkpoint, person: Person, *, is_optional: bool) -> None:
        window = checkpoint.window
        if window is not None:
            window = max(window, self._extra_time.get(person.id, window))
        answer = Answer(
            checkpoint_id=checkpoint.id,
            person_id=person.id,
            state=AnswerState.AWAITED,
            is_optional=is_optional,
            window=window,
        )
        if self._room.is_at_once:
            answer = delivered(answer, at=self._room.now)
        elif not person.slack_user_id:
            answer = replace(answer, state=following(answer.state, AnswerHappening.NOT_DELIVERED))
        self.answers[answer.key] = answer

    def _ask_who_joined(self, checkpoint: Checkpoint) -> None:
        closes_at = self._closes_at(checkpoint)
        if closes_at is not None and self._room.now >= closes_at:
            return
        for person_id in sorted(self._room.here):
            if (checkpoint.id, person_id) not in self.answers:
                self._ask_person(checkpoint, self._room.students[person_id], is_optional=True)
                self._notes.tell(EventWord.REQUESTED, person_id, checkpoint_id=checkpoint.id)

    # What became of it

    def _take_deliveries(self) -> None:
        now = self._room.now
        opened_at = {each.id: each.opened_at or each.planned_at for each in self.open}
        for answer in list(self.answers.values()):
            is_asked = answer.state in {AnswerState.AWAITED, AnswerState.CONFIRMED} and answer.asked_at is None
            if answer.checkpoint_id not in opened_at or not is_asked:
                continue
            found = self._deliveries.get(answer.key)
            if found is not None and found.sent_at is not None:
                self._change({answer.key: delivered(answer, at=found.sent_at)})
            elif answer.state is AnswerState.AWAITED:
                given_up_at = opened_at[answer.checkpoint_id] + ASK_WITHIN
                if now >= given_up_at or (found is not None and found.is_given_up):
                    state = following(answer.state, AnswerHappening.NOT_DELIVERED)
                    self._change({answer.key: replace(answer, state=state)})

    def _cancel_if_nobody_was_reached(self, checkpoint: Checkpoint) -> None:
        """Slack was down at its moment: the question fails nobody."""
        own = self._answers_to(checkpoint)
        is_reached = any(answer.asked_at is not None or answer.state is AnswerState.CONFIRMED for answer in own)
        if is_reached or not any(answer.state is AnswerState.AWAITED for answer in own):
            return
        if self._room.now >= self._reaches_until(checkpoint):
            self._change({answer.key: ended(answer) for answer in own})
            self._cancel(checkpoint, QuestionHappening.REACHED_NOBODY)

    @staticmethod
    def _reaches_until(checkpoint: Checkpoint) -> datetime:
        return (checkpoint.opened_at or checkpoint.planned_at) + MAX_OPENING_DELAY

    def _time_out(self) -> None:
        now = self._room.now
        for answer in self._awaited():
            if answer.deadline is not None and answer.deadline <= now:
                present = self._room.present.get(answer.person_id, ())
                self._change({answer.key: timed_out(answer, present, at=answer.deadline)})
        awaited = {answer.checkpoint_id for answer in self._awaited()}
        for checkpoint in self.open:
            closes_at = self._closes_at(checkpoint)
            if closes_at is not None and closes_at <= now and checkpoint.id not in awaited:
                self._close(checkpoint, QuestionHappening.ANSWERED)

    def _close_at_the_next(self, checkpoint: Checkpoint) -> None:
        """A question without a deadline ends with the next one."""
        now = self._room.now
        for answer in self._answers_to(checkpoint):
            if answer.state is AnswerState.AWAITED:
                present = self._room.present.get(answer.person_id, ())
                is_asked = answer.asked_at is not None
                self._change({answer.key: timed_out(answer, present, at=now) if is_asked else ended(answer)})
        self._close(checkpoint, QuestionHappening.ANSWERED)

    def _close(self, checkpoint: Checkpoint, happening: QuestionHappening) -> None:
        self._set(replace(checkpoint, state=CHECKPOINT[checkpoint.state][happening], closed_at=self._room.now))

    def _cancel(self, checkpoint: Checkpoint, happening: QuestionHappening) -> None:
        self._close(checkpoint, happening)
        self._notes.write("checkpoint.cancelled", self._check.id, checkpoint=checkpoint.id, why=happening.value)

    def _closes_at(self, checkpoint: Checkpoint) -> datetime | None:
        """From when on it is over as soon as nothing is awaited; None: with the next one."""
        if checkpoint.window is None:
            return None
        return (checkpoint.opened_at or checkpoint.planned_at) + checkpoint.window

    def _set(self, checkpoint: Checkpoint) -> Checkpoint:
        self._checkpoints[checkpoint.draw] = checkpoint
        return checkpoint

    def _answers_to(self, checkpoint: Checkpoint) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.checkpoint_id == checkpoint.id]

    def _awaited(self) -> list[Answer]:
        opened = {each.id for each in self.open}
        return [
            answer
            for answer in self.answers.values()
            if answer.state is AnswerState.AWAITED and answer.checkpoint_id in opened
        ]

    def _change(self, changed: Mapping[tuple[str, str], Answer]) -> None:
        self.answers.update(changed)
