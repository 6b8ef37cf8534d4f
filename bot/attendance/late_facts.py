"""Late facts: what comes after a verdict was posted may improve it at once; to worsen it, a trainer taps.

Attendance-rules, section 5. In a locked lesson new facts become a question and change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.attendance.lessons import Correction, CorrectionKind, LessonState
from bot.attendance.sheet import PersonSheet, Question, QuestionKind, Sheet, Verdict, WrittenSheet
from bot.attendance.view import ENDED

#: Better is greater; verdicts that are not on this scale are neither better nor worse.
SCALE = {Verdict.ABSENT: 0, Verdict.PARTIAL: 1, Verdict.VALIDATED: 2}
#: By these a person decides about the lesson, so for everybody.
ABOUT_ALL = frozenset(
    {
        CorrectionKind.TOOK_PLACE,
        CorrectionKind.NOT_HELD,
        CorrectionKind.APPLY_CHANGES,
        CorrectionKind.WAS_A_LESSON,
        CorrectionKind.NO_LESSON,
    }
)
#: By these, about one person's presence; what people only say decides nothing.
ABOUT_ONE = frozenset(
    {
        CorrectionKind.PRESENT,
        CorrectionKind.NOT_PRESENT,
        CorrectionKind.EXCUSED,
        CorrectionKind.CREDIT_WAITING,
        CorrectionKind.TAKE_RECORD,
    }
)
#: By these, about who a connection is: for whom it is given to, and for whom it is taken from.
ABOUT_CONNECTIONS = frozenset({CorrectionKind.LINK, CorrectionKind.UNLINK})
DECIDES = ABOUT_ALL | ABOUT_ONE | ABOUT_CONNECTIONS


def shown(fresh: Sheet, written: WrittenSheet | None, corrections: Sequence[Correction]) -> Sheet:
    """The sheet that people are shown: fresh where it may be, as written where it must wait for a tap."""
    if written is None or fresh.state not in ENDED:
        return fresh
    newer = decisions_since(written, corrections)
    if any(each.kind in ABOUT_ALL for each in newer):
        return fresh
    old = {line.person_id: line for line in written.sheet.students}
    decided = _decided(fresh, old, newer)
    if written.state is LessonState.LOCKED:
        return _locked(fresh, written.sheet, decided)
    held_back = {
        line.person_id: old[line.person_id]
        for line in fresh.students
        if line.person_id in old and line.person_id not in decided and is_worse(line, old[line.person_id])
    }
    if not held_back:
        return fresh
    people = tuple(held_back.get(line.person_id, line) for line in fresh.people)
    return replace(fresh, people=people, questions=(*fresh.questions, _question(tuple(held_back))))


def decisions_since(written: WrittenSheet, corrections: Sequence[Correction]) -> list[Correction]:
    """What people have decided since that sheet was written down."""
    return [each for each in corrections if each.at > written.at and each.kind in DECIDES]


def is_worse(fresh: PersonSheet, old: PersonSheet) -> bool:
    """Whether the fresh verdict is worse than the one people have read."""
    if fresh.verdict not in SCALE or old.verdict not in SCALE:
        return False
    return SCALE[fresh.verdict] < SCALE[old.verdict]


def _decided(fresh: Sheet, old: Mapping[str, PersonSheet], newer: Sequence[Correction]) -> set[str]:
    """About whom somebody has decided since the sheet was written down."""
    decided = {each.person for each in newer if each.kind in ABOUT_ONE and each.person is not None}
    links = [each for each in newer if each.kind in ABOUT_CONNECTIONS]
    decided.update(person_id for link in links for person_id in link.person_ids)
    if links:
        now = fresh.by_id
        lost = (key for key, line in old.items() if key in now and set(line.connections) - set(now[key].connections))
        decided.update(lost)
    return decided


def _locked(fresh: Sheet, locked: Sheet, decided: set[str]) -> Sheet:
    """What was locked stands, but for those about whom somebody decided; what else would differ is a question."""
    lines = fresh.by_id
    people = tuple(lines.get(line.person_id, line) if line.person_id in decided else line for line in locked.people)
    differing = tuple(
        line.person_id
        for line in people
        if line.person_id in lines and lines[line.person_id].verdict is not line.verdict
    )
    questions = (*fresh.questions, _question(differing)) if differing else fresh.questions
    rest = fresh if decided else locked
    return replace(
        locked,
        people=people,
        strangers=rest.strangers,
        not_enrolled=rest.not_enrolled,
        sources=rest.sources,
        questions=questions,
    )


def _question(person_ids: tuple[str, ...]) -> Question:
    return Question(kind=QuestionKind.LATE_FACTS, person_ids=person_ids)
