"""The state machine of one lesson's presence checks at one look: what has happened, and what follows.

`Machine.settle` is what time and presence do; the other methods are what people do. All of it is decided by the table
`run.RUN`; a refusal leaves nothing behind, because the machine is thrown away then.
"""

from dataclasses import replace

from bot.attendance.checks.notes import CREATOR, EVERYBODY, EventWord
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.run import IDLE, EndReason, Happening, RunState, StartReason, after
from bot.attendance.checks.runs import Runs
from bot.attendance.checks.settings import CheckSettings, Template, settings_of
from bot.attendance.checks.step import NO_REPORT, Report, Step
from bot.attendance.checks.values import Checkpoint
from bot.attendance.lessons import LessonState


class Machine(Runs):
    """One look at the presence logging of one lesson."""

    # What people do

    def enable(self, actor_id: str, settings: CheckSettings) -> None:
        """A trainer begins a series. Raises `CheckRefused`."""
        self._begin_by_hand(actor_id, settings)

    def check_now(self, actor_id: str) -> Checkpoint:
        """A trainer asks once, at once: within a series it is one more of its questions. Raises `CheckRefused`."""
        if not self._room.here:
            raise CheckRefused(RefusalCode.INVALID_PARAMETERS, "No student is in the lesson whom one could ask.")
        questions = self._questions
        if questions is None or self._state in IDLE:
            self._begin_by_hand(actor_id, settings_of(Template.NOW))
            self._settle_initial_delay()
            assert self._questions is not None
            return self._questions.open[-1]
        if self._state is RunState.FINALISING or any(each.window is not None for each in questions.open):
            raise CheckRefused(RefusalCode.PRESENCE_LOGGING_ALREADY_ENABLED, "A question is open already.")
        preparing = self._state is RunState.WAITING_FOR_INITIAL_DELAY
        self._happen(Happening.INITIAL_DELAY_REACHED if preparing else Happening.INTERVAL_REACHED)
        self._well_at = self._room.now
        return questions.ask_out_of_turn()

    def disable(self, actor_id: str) -> None:
        """A trainer ends the run; it does not start by itself again. Raises `CheckRefused`."""
        after(self._state, Happening.DISABLED)
        self._is_armed = False
        self._notes.tell(EventWord.DISABLED, CREATOR)
        self._end(Happening.DISABLED, EndReason.STOPPED_MANUALLY, actor=actor_id)

    def report_made(self, report: Report) -> None:
        """The participation report is stored, or could not be made. Raises `CheckRefused` where none is made now."""
        self._finish(report)

    # What time and presence do

    def settle(self) -> None:
        """Let happen whatever has happened by now."""
        if self._questions is not None and self._state is RunState.COLLECTING:
            self._questions.look(is_down=self._is_down, well_at=self._well_at)
            self._well_at = self._well_at if self._is_down else self._room.now
        while self._step():
            pass
        self._recheck_missed()

    def step(self) -> Step:
        """What this look came to."""
        check = self._checked()
        logging = replace(
            self._before,
            state=self._state,
            checks=(*self._past, *([check] if check is not None else [])),
            answers=tuple(self._all_answers().values()),
            is_armed=self._is_armed,
            well_at=self._well_at,
        )
        return Step(
            before=self._before,
            after=logging,
            events=tuple(self._notes.events),
            entries=tuple(self._notes.entries),
            due_at=self._next_look_at(),
        )

    def _step(self) -> bool:
        """Whether something happened; then something else may have, too."""
        room = self._room
        match self._state:
            case RunState.IDLE_WITHOUT_CREATOR:
                return self._arrives() if room.is_creator_here and not room.is_over else False
            case RunState.IDLE_WITH_CREATOR:
                return self._settle_idle()
            case RunState.WAITING_FOR_PARTICIPANT:
                return self._settle_end() or self._settle_first_participant()
            case RunState.WAITING_FOR_INITIAL_DELAY:
                return self._settle_end() or self._settle_initial_delay()
            case RunState.COLLECTING:
                return self._settle_end() or self._settle_questions()
        return self._settle_report()

    def _arrives(self) -> bool:
        self._happen(Happening.CREATOR_JOINED)
        return True

    def _settle_idle(self) -> bool:
        room = self._room
        if room.is_over or room.is_creator_gone:
            self._happen(Happening.CREATOR_LEFT)
            return True
        template = room.lesson.policy.presence_checks
        may_start = self._is_armed and room.lesson.state is LessonState.LIVE and template != "off"
        if may_start and room.is_creator_here and room.here:
            self._happen(Happening.AUTOSTARTED)
            self._create("", settings_of(Template(template)))
            self._start(StartReason.AUTOSTART)
            return True
        return False

    def _settle_first_participant(self) -> bool:
        if not self._room.here:
            return False
        self._happen(Happening.FIRST_PARTICIPANT_JOINED)
        self._start(StartReason.FIRST_PARTICIPANT_JOINED)
        return True

    def _settle_initial_delay(self) -> bool:
        assert self._questions is not None
        moment = self._questions.next_moment
        if moment is None or moment > self._room.now:
            return False
        self._happen(Happening.INITIAL_DELAY_REACHED)
        self._well_at = self._room.now
        self._questions.ask_what_is_due()
        return True

    def _settle_questions(self) -> bool:
        assert self._questions is not None
        for _ in range(self._questions.ask_what_is_due()):
            self._happen(Happening.INTERVAL_REACHED)
        is_single = self._check is not None and self._check.settings.template is Template.NOW
        if is_single and not self._questions.open:
            self._end(Happening.DISABLED, EndReason.STOPPED_MANUALLY)
            return True
        return False

    def _settle_end(self) -> bool:
        """Who has gone ends the run; that the lesson is over is the creator's leaving."""
        room = self._room
        if room.is_over or room.is_creator_gone:
            self._end(Happening.CREATOR_LEFT, EndReason.CREATOR_LEFT)
            return True
        if self._state is RunState.WAITING_FOR_PARTICIPANT or not room.are_others_gone:
            return False
        if self._state is RunState.WAITING_FOR_INITIAL_DELAY:
            self._happen(Happening.LAST_PARTICIPANT_LEFT)
            self._notes.tell(EventWord.ENDED, EVERYBODY, reason=EndReason.LAST_PARTICIPANT_LEFT)
            assert self._questions is not None
            self._questions.drop_planned()
        else:
            self._end(Happening.LAST_PARTICIPANT_LEFT, EndReason.LAST_PARTICIPANT_LEFT)
        return True

    def _settle_report(self) -> bool:
        """Without a question that was asked there is nothing to report."""
        if self._check is not None and self._checked_now().opened:
            return False
        self._finish(NO_REPORT)
        return True
