"""A lesson with presence checks, played on paper: who comes and goes, what people press, and the clock.

Moments are minutes from the lesson's start, as in `builders`. The bot looks whenever something is due, as the tick does.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.attendance.checks.answers import accepted, pressed, waived
from bot.attendance.checks.machine import Machine
from bot.attendance.checks.plan import seed_of
from bot.attendance.checks.room import Room
from bot.attendance.checks.run import RunState
from bot.attendance.checks.settings import CheckSettings, Template, TimeRange, settings_of
from bot.attendance.checks.step import Delivery, Fresh, Report, Step
from bot.attendance.checks.values import Answer, Checkpoint, PresenceCheck, PresenceLogging, Via
from bot.attendance.lessons import Interval, Lesson, LessonState, Person
from tests.builders import ADA, BOB, GRACE, Moment, a_lesson, at

#: Asks ten minutes after the start and every twenty after that, to the second.
BY_THE_CLOCK = CheckSettings(
    template=Template.CUSTOM,
    initial=TimeRange(600, 0),
    interval=TimeRange(1200, 0),
    window=timedelta(minutes=5),
)
UNTIL_THE_NEXT = replace(BY_THE_CLOCK, window=None)


class CheckStory:
    """One lesson; Grace teaches, Ada and Bob learn. Nobody is in at first."""

    def __init__(self, *, lesson: Lesson | None = None, is_at_once: bool = False, is_armed: bool = False) -> None:
        self.lesson = lesson or a_lesson(minutes=180)
        self.is_at_once = is_at_once
        self.people: dict[str, Person] = {ADA.id: ADA, BOB.id: BOB}
        self.logging = PresenceLogging(lesson_id=self.lesson.id, state=RunState.IDLE_WITHOUT_CREATOR, is_armed=is_armed)
        self.steps: list[Step] = []
        self.is_sure = True
        self.breaks: tuple[Interval, ...] = ()
        self.extra_time: dict[str, timedelta] = {}
        #: Slack takes a question so long after it was asked; None: it does not
        self.delivers_after: timedelta | None = timedelta(0)
        self.is_slack_down = False
        #: who reports are made for, and what comes of it; None: nobody makes any
        self.report: Report | None = Report(asset_id="asset-1", filename="report.pdf")
        self._due_at: datetime | None = None
        self._stays: dict[str, list[tuple[datetime, datetime | None]]] = {}
        self._given_up: set[str] = set()

    # Who comes and goes

    def joins(self, person: Person, moment: Moment) -> None:
        """Somebody comes in."""
        self.until(moment, is_inclusive=False)
        self._stays.setdefault(person.id, []).append((at(moment), None))
        self.look(moment)

    def leaves(self, person: Person, moment: Moment) -> None:
        """Somebody goes."""
        self.until(moment, is_inclusive=False)
        self.was_away_since(person, moment)
        self.look(moment)

    def was_away_since(self, person: Person, moment: Moment) -> None:
        """A late delivery tells that somebody had gone."""
        start, _ = self._stays[person.id].pop()
        self._stays[person.id].append((start, at(moment)))

    def ends(self, moment: Moment) -> None:
        """The lesson is over."""
        self.until(moment, is_inclusive=False)
        self.lesson = replace(self.lesson, state=LessonState.PROVISIONAL)
        self.look(moment)

    def class_is_in(self, moment: Moment = -5) -> None:
        """Grace, Ada and Bob come in."""
        for person in (GRACE, ADA, BOB):
            self.joins(person, moment)

    # What people do

    def enable(self, moment: Moment, settings: CheckSettings = BY_THE_CLOCK) -> PresenceCheck:
        self.act(moment, lambda machine: machine.enable(GRACE.id, settings))
        return self.check

    def starts(self, template: Template, moment: Moment) -> PresenceCheck:
        return self.enable(moment, settings_of(template))

    def disable(self, moment: Moment) -> None:
        self.act(moment, lambda machine: machine.disable(GRACE.id))

    def check_now(self, moment: Moment) -> Checkpoint:
        asked: list[Checkpoint] = []
        self.act(moment, lambda machine: asked.append(machine.check_now(GRACE.id)))
        return asked[-1]

    def act(self, moment: Moment, act: Callable[[Machine], None]) -> None:
        """What somebody does, with all that time does before it; a refusal changes nothing."""
        self.until(moment, is_inclusive=False)
        machine = self._machine(at(moment))
        machine.settle()
        act(machine)
        machine.settle()
        self._keep(machine, at(moment))

    def press(self, person: Person, moment: Moment, *, number: int = 1) -> Answer:
        """The button of the n-th question."""
        self.until(moment)
        return self._change(pressed(self.answer(person, number), via=Via.BUTTON, now=at(moment)))

    def waive(self, person: Person, moment: Moment, *, number: int = 1, reason: str = "no power") -> Answer:
        return self._change(waived(self.answer(person, number), by=GRACE.id, reason=reason, now=at(moment)))

    def accept(self, person: Person, moment: Moment, *, number: int = 1) -> Answer:
        return self._change(accepted(self.answer(person, number), by=GRACE.id, now=at(moment)))

    # Time

    def until(self, moment: Moment, *, is_inclusive: bool = True) -> None:
        """Let the bot look at everything that is due by then."""
        end = at(moment)
        while self._due_at is not None and (self._due_at < end or (is_inclusive and self._due_at == end)):
            self.look(self._due_at)

    def down_until(self, moment: Moment) -> None:
        """The bot is down, and looks again then."""
        self.look(moment)

    def look(self, moment: Moment) -> Step:
        """One look, whatever is due."""
        machine = self._machine(at(moment))
        machine.settle()
        return self._keep(machine, at(moment))

    # How it stands

    @property
    def state(self) -> RunState:
        return self.logging.state

    @property
    def check(self) -> PresenceCheck:
        """The newest run."""
        return self.logging.checks[-1]

    def question(self, number: int = 1, *, run: int = -1) -> Checkpoint:
        """The n-th that was asked."""
        (found,) = [each for each in self.logging.checks[run].checkpoints if each.number == number]
        return found

    def answer(self, person: Person, number: int = 1, *, run: int = -1) -> Answer:
        return self.logging.by_key[self.question(number, run=run).id, person.id]

    def was_asked(self, person: Person, number: int = 1, *, run: int = -1) -> bool:
        return (self.question(number, run=run).id, person.id) in self.logging.by_key

    def told(self, *, since: int = 0) -> list[tuple[str, str, dict[str, str]]]:
        """(message, to whom, other fields) of every step, in order."""
        return [(event.kind.value, event.to, dict(event.facts)) for step in self.steps[since:] for event in step.events]

    def _keep(self, machine: Machine, now: datetime) -> Step:
        step = machine.step()
        self.steps.append(step)
        self.logging = replace(step.after, revision=step.before.revision + 1)
        self._due_at = step.due_at
        if step.needs_report and self.report is not None:
            machine = self._machine(now)
            machine.report_made(self.report)
            machine.settle()
            return self._keep(machine, now)
        return step

    def _change(self, answer: Answer) -> Answer:
        answers = tuple(answer if each.key == answer.key else each for each in self.logging.answers)
        self.logging = replace(self.logging, answers=answers)
        return answer

    def _machine(self, now: datetime) -> Machine:
        check_id = f"check-{len(self.logging.checks) + 1}"
        return Machine(
            self.logging,
            self._room(now),
            fresh=Fresh(check_id, seed_of(b"secret", check_id)),
            deliveries=self._deliveries(now),
            extra_time=self.extra_time,
            is_slack_down=self.is_slack_down,
        )

    def _deliveries(self, now: datetime) -> dict[tuple[str, str], Delivery]:
        if self.delivers_after is None:
            return {}
        found = {}
        for answer in self.logging.answers:
            asked_at = self.logging.checkpoints[answer.checkpoint_id].opened_at
            assert asked_at is not None
            if answer.person_id in self._given_up:
                found[answer.key] = Delivery(None, is_given_up=True)
            elif asked_at + self.delivers_after <= now:
                found[answer.key] = Delivery(asked_at + self.delivers_after)
        return found

    def _room(self, now: datetime) -> Room:
        present = {
            person_id: [Interval(start, min(end or now, now)) for start, end in stays if start <= now]
            for person_id, stays in self._stays.items()
        }
        here = {id_ for id_, stays in self._stays.items() if any(end is None and start <= now for start, end in stays)}
        students = [id_ for id_ in self.people if id_ in present]
        return Room(
            lesson=self.lesson,
            now=now,
            trainers=(GRACE.id,),
            students=self.people,
            present={id_: present[id_] for id_ in students},
            here=frozenset(here & self.people.keys()),
            creator_seen_at=_seen_at([GRACE.id], present, here, now),
            others_seen_at=_seen_at(students, present, here, now),
            is_sure=self.is_sure,
            breaks=self.breaks,
            is_at_once=self.is_at_once,
        )

    def slack_refuses(self, person: Person) -> None:
        """Slack will not take anything for this person."""
        self._given_up.add(person.id)


def _seen_at(
    person_ids: Iterable[str], present: dict[str, list[Interval]], here: set[str], now: datetime
) -> datetime | None:
    """When one of them was seen last: now only who is in."""
    ids = [each for each in person_ids if each in present]
    if here.intersection(ids):
        return now
    return max((min(present[each][-1].end, now - timedelta(microseconds=1)) for each in ids), default=None)
