"""Who is in the lesson, as a presence check looks at it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.feed import is_catching_up
from bot.attendance.held import breaks_of
from bot.attendance.lessons import Feed, Interval, Lesson, LessonState, Person, Role
from bot.attendance.presence import PersonPresence
from bot.attendance.view import ENDED, LessonView

#: Elsewhere than in a classroom of our own, somebody is gone only after this long.
PATIENCE = timedelta(minutes=3)


@dataclass(frozen=True, kw_only=True)
class Room:
    """One lesson at one instant."""

    lesson: Lesson
    now: datetime
    #: person ids of who teaches it, in the room or not
    trainers: tuple[str, ...]
    #: the students of the roster, by id
    students: Mapping[str, Person]
    #: of whom, when they were present; who never was is left out
    present: Mapping[str, Sequence[Interval]]
    #: the students who are in now
    here: frozenset[str]
    #: the last instant at which somebody who teaches was seen in; `now` if they are
    creator_seen_at: datetime | None
    others_seen_at: datetime | None
    #: what we do not see is not there: the feed is proven, and nothing that is late is still coming
    is_sure: bool
    #: as planned, or as tapped in the lesson
    breaks: Sequence[Interval] = ()
    #: a classroom of our own: who has left is gone, and who is in has got the question
    is_at_once: bool = False

    @property
    def is_over(self) -> bool:
        """The lesson has ended, or will not be."""
        return self.lesson.state in ENDED or self.lesson.state is LessonState.CANCELLED

    @property
    def is_creator_here(self) -> bool:
        return self.creator_seen_at == self.now

    @property
    def is_creator_gone(self) -> bool:
        """Was seen, and has been away for long enough; who was never seen may teach under an unknown name."""
        return self.is_sure and self.creator_gone_at is not None and self.creator_gone_at <= self.now

    @property
    def creator_gone_at(self) -> datetime | None:
        """When who teaches is gone, if they do not come back until then; None: nobody knows that they are away."""
        return self._gone_at(self.creator_seen_at)

    @property
    def are_others_gone(self) -> bool:
        """No student is in, nor has been for long enough."""
        gone_at = self.others_gone_at
        is_long_ago = self.others_seen_at is None or (gone_at is not None and gone_at <= self.now)
        return self.is_sure and not self.here and is_long_ago

    @property
    def others_gone_at(self) -> datetime | None:
        """When the last student is gone, if nobody comes until then; None: somebody is in, or never was."""
        return self._gone_at(self.others_seen_at)

    def _gone_at(self, seen_at: datetime | None) -> datetime | None:
        if seen_at is None or seen_at >= self.now:
            return None
        return seen_at if self.is_at_once else seen_at + PATIENCE

    def is_present_since(self, person_id: str, moment: datetime) -> bool:
        """Whether a student is in now and has been without a break since a moment."""
        if person_id not in self.here:
            return False
        return any(stay.start <= moment and self.now <= stay.end for stay in self.present[person_id])


def room_of(view: LessonView, *, is_at_once: bool) -> Room:
    """Look at who is there; where no trainer was recognised in the room, the platform's host stands in."""
    students = {person.id: person for person in view.facts.roster if view.roles[person.id] is Role.STUDENT}
    trainers = tuple(sorted(id_ for id_, role in view.roles.items() if role is Role.TRAINER))
    presences = {id_: view.presence(id_) for id_ in students}
    now = view.scene.now
    return Room(
        lesson=view.facts.lesson,
        now=now,
        trainers=trainers,
        students=students,
        present={id_: presence.present for id_, presence in presences.items() if presence.present},
        here=frozenset(id_ for id_, presence in presences.items() if _is_in(presence, view)),
        creator_seen_at=_seen_at(_teaching(view, trainers), view),
        others_seen_at=_seen_at(presences.values(), view),
        is_sure=view.health.feed is Feed.PROVEN and not is_catching_up(view.facts, now=now),
        breaks=tuple(breaks_of(view.facts.lesson, view.facts.corrections)),
        is_at_once=is_at_once,
    )


def _teaching(view: LessonView, trainers: Collection[str]) -> list[PersonPresence]:
    own = [view.presence(person_id) for person_id in trainers]
    if any(presence.connections for presence in own):
        return own
    return [*own, *(each.presence for each in view.unnamed if each.is_host)]


def _seen_at(presences: Iterable[PersonPresence], view: LessonView) -> datetime | None:
    moments = [_last_seen_at(presence, view) for presence in presences]
    return max((moment for moment in moments if moment is not None), default=None)


def _last_seen_at(presence: PersonPresence, view: LessonView) -> datetime | None:
    now = view.scene.now
    if _is_in(presence, view):
        return now
    # One microsecond less than now at most: only who is in is here.
    return min(presence.present[-1].end, now - timedelta(microseconds=1)) if presence.present else None


def _is_in(presence: PersonPresence, view: LessonView) -> bool:
    return view.court.is_live and presence.is_open
