"""What a press becomes: a correction, and the key under which the same press counts once. Pure.

A press answers what stood when it was made. So its key names what was last said about the same thing: two presses at
the same moment have the same key and one of them counts, while a change of mind, even back to where it was, has a new
one. What stands already is not written again.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attendance.lessons import Correction, CorrectionKind, Interval

_SAID = "said"
_PRESENCE = "presence"
_HELD = "held"

#: Kinds that answer one another: the last of a group is what stands. All others stand for themselves.
GROUPS: Mapping[CorrectionKind, str] = {
    CorrectionKind.ON_MY_WAY: _SAID,
    CorrectionKind.CANNOT_COME: _SAID,
    CorrectionKind.TECHNICAL_PROBLEM: _SAID,
    CorrectionKind.IN_ALREADY: _SAID,
    CorrectionKind.PRESENT: _PRESENCE,
    CorrectionKind.NOT_PRESENT: _PRESENCE,
    CorrectionKind.EXCUSED: _PRESENCE,
    CorrectionKind.CREDIT_WAITING: _PRESENCE,
    CorrectionKind.ACCEPT_VERDICT: _PRESENCE,
    CorrectionKind.TAKE_RECORD: _PRESENCE,
    CorrectionKind.DISPUTED: _PRESENCE,
    CorrectionKind.LINK: "identity",
    CorrectionKind.UNLINK: "identity",
    CorrectionKind.TOOK_PLACE: _HELD,
    CorrectionKind.NOT_HELD: _HELD,
    CorrectionKind.WAS_A_LESSON: "unplanned",
    CorrectionKind.NO_LESSON: "unplanned",
}

#: Two promises that end within this are one press made twice.
SAME_PROMISE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody changes or says by one press; the fields are those of `Correction`."""

    kind: CorrectionKind
    person: str | None = None
    during: Interval | None = None
    connection: tuple[str, str] | None = None
    person_ids: tuple[str, ...] = ()
    note: str = ""
    answers: CorrectionKind | None = None

    def as_correction(self, *, id_: str, at: datetime, actor: str) -> Correction:
        """The correction that is written down."""
        return Correction(
            id=id_,
            kind=self.kind,
            at=at,
            actor=actor,
            person=self.person,
            during=self.during,
            connection=self.connection,
            person_ids=self.person_ids,
            note=self.note,
            answers=self.answers,
        )


def what_stands(act: Act, corrections: Iterable[Correction]) -> Correction | None:
    """The last thing that was said about the same: the same person or connection, the same group of kinds."""
    group = _group(act)
    about = [
        each
        for each in corrections
        if _group(each) == group and (each.person, each.connection) == (act.person, act.connection)
    ]
    return max(about, key=lambda each: (each.at, each.id), default=None)


def stands_already(act: Act, last: Correction | None) -> bool:
    """Whether the act would say what stands."""
    if last is None or last.kind is not act.kind:
        return False
    if last.answers is not act.answers:
        return False
    is_same_note = last.note == act.note or not act.note
    return last.person_ids == act.person_ids and is_same_note and _is_same_time(last.during, act.during)


def press_key(lesson_id: str, act: Act, last: Correction | None) -> str:
    """The key of a press; see the top of this file."""
    about = "|".join(act.connection) if act.connection is not None else act.person or ""
    spoken = "\n".join((lesson_id, _group(act), about, last.id if last is not None else "first"))
    return hashlib.sha256(spoken.encode("utf-8", "surrogatepass")).hexdigest()


def links(connections: Sequence[tuple[str, str]], person_ids: tuple[str, ...]) -> list[Act]:
    """Each of these connections is these people; nobody, if there are none."""
    return [Act(kind=CorrectionKind.LINK, connection=key, person_ids=person_ids) for key in connections]


def _group(said: Act | Correction) -> str:
    """A refusal is of the group of what it refuses: what was declined may be said again."""
    kind = said.answers or said.kind
    return GROUPS.get(kind, kind.value)


def _is_same_time(first: Interval | None, second: Interval | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first.end - second.end) < SAME_PROMISE and abs(first.start - second.start) < SAME_PROMISE
