"""One look at the presence checks of lessons: read what is known, let happen what has happened, keep it and tell it.

The tick looks because time has passed, the doors because somebody acts; both look the same way.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.attendance.checks.look import CheckLook
from bot.attendance.checks.machine import Machine
from bot.attendance.checks.plan import seed_of
from bot.attendance.checks.room import room_of
from bot.attendance.checks.run import RunState
from bot.attendance.checks.step import Delivery, Fresh, Step
from bot.attendance.checks.telling import tell
from bot.attendance.checks.values import AnswerState, PresenceLogging
from bot.attendance.lessons import Role
from bot.attendance.view import LessonView, view_of
from handlers.keys import Keys
from storage.lessons import DueLesson
from storage.memory import Memory
from storage.tables import new_id

#: Platforms on which whoever is in the room has our own page open: who leaves is gone, and who is in has the question.
AT_ONCE: Final = frozenset({"signaling"})


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the memory knows of one lesson and its checks."""

    lesson: DueLesson
    deliveries: Mapping[tuple[str, str], Delivery]
    extra_time: Mapping[str, timedelta]

    @property
    def logging(self) -> PresenceLogging:
        """Its checks; where nobody ever checked, all of them to come."""
        facts = self.lesson.facts
        return facts.logging or PresenceLogging(lesson_id=facts.lesson.id, state=RunState.IDLE_WITHOUT_CREATOR)

    @property
    def is_at_once(self) -> bool:
        return self.lesson.facts.lesson.platform in AT_ONCE

    @property
    def awaits_slack(self) -> bool:
        """Whether somebody is awaited who answers in Slack."""
        opened = {each.id for each in self.logging.open_checkpoints}
        awaited = (each for each in self.logging.answers if each.state is AnswerState.AWAITED)
        return not self.is_at_once and any(each.checkpoint_id in opened for each in awaited)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One lesson at one instant, and its machine."""

    known: Known
    view: LessonView
    machine: Machine

    def is_trainer(self, person_id: str) -> bool:
        """Whether somebody teaches this very lesson."""
        return self.view.roles.get(person_id) is Role.TRAINER


async def read_checks(memory: Memory, lesson_ids: Collection[str]) -> list[Known]:
    """All that is known of these lessons and their checks: as many queries for twenty as for one."""
    lessons = await memory.lessons.of(lesson_ids)
    opened = [
        checkpoint.id
        for lesson in lessons
        if lesson.facts.logging is not None
        for checkpoint in lesson.facts.logging.open_checkpoints
    ]
    deliveries = await memory.checks.deliveries(opened)
    extra_time = await memory.checks.extra_time(lesson_ids)
    return [
        Known(lesson=each, deliveries=deliveries, extra_time=extra_time.get(each.facts.lesson.id, {}))
        for each in lessons
    ]


def look_at(known: Known, keys: Keys, *, now: datetime, is_slack_down: bool = False) -> Look:
    """Look at one lesson; nothing has happened in its machine yet."""
    view = view_of(known.lesson.facts, now=now)
    check_id = new_id()
    machine = Machine(
        known.logging,
        room_of(view, is_at_once=known.is_at_once),
        fresh=Fresh(check_id, seed_of(keys.check_seeds, check_id)),
        deliveries=known.deliveries,
        extra_time=known.extra_time,
        is_slack_down=is_slack_down,
    )
    return Look(known=known, view=view, machine=machine)


async def keep_look(memory: Memory, look: Look, step: Step, *, now: datetime) -> bool:
    """Keep what a look came to and what is to be said of it; False if the lesson has changed meanwhile."""
    lost = await memory.checks.keep(step, now=now)
    if lost is None:
        return False
    people = look.view.people
    trainers = tuple(sorted(id_ for id_, role in look.view.roles.items() if role is Role.TRAINER))
    wanted = [
        pair
        for check in step.after.checks
        for pair in tell(
            CheckLook(
                lesson=look.view.facts.lesson,
                check=check,
                state=step.after.state,
                answers=step.after.answers_in(check),
                people=people,
                trainers=trainers,
                changed=step.changed - lost,
                now=now,
            )
        )
    ]
    await memory.messages.want(wanted, now=now)
    return True
