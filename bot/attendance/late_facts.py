"""Late facts: what comes after a verdict was posted may improve it at once; to worsen it, a trainer taps.

Attendance-rules, section 5. In a locked lesson new facts become a question and change nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.attendance.lessons import Correction, CorrectionKind, LessonState
from bot.attendance.sheet import PersonSheet, Question, QuestionKind, Sheet, Verdict, WrittenSheet
from bot.attendance.view import ENDED

#: Better is greater; verdicts that are not on this scale are neither better nor worse.
SCALE = {Verdict.ABSENT: 0, Verdict.PARTIAL: 1, Verdict.VALIDATED: 2}
#: Corrections about the lesson as a whole, by which a person decides for everybody.
ABOUT_ALL = frozenset(
    {
        CorrectionKind.TOOK_PLACE,
        CorrectionKind.NOT_HELD,
        CorrectionKind.APPLY_CHANGES,
        CorrectionKind.WAS_A_LESSON,
        CorrectionKind.NO_LESSON,
        CorrectionKind.LINK,
        CorrectionKind.UNLINK,
    }
)


def shown(fresh: Sheet, written: WrittenSheet | None, corrections: Sequence[Correction]) -> Sheet:
    """The sheet that people are shown: fresh where it may be, as written where it must wait for a tap."""
    if written is None or fresh.state not in ENDED:
        return fresh
    newer = [each for each in corrections if each.at > written.at]
    if any(each.kind in ABOUT_ALL for each in newer):
        return fresh
    if written.state is LessonState.LOCKED:
        return _locked(fresh, written, newer)
    touched = {each.person for each in newer}
    held_back = {
        line.person_id: old
        for line in fresh.students
        if line.person_id not in touched
        and (old := written.sheet.person(line.person_id)) is not None
        and is_worse(line, old)
    }
    if not held_back:
        return fresh
    people = tuple(held_back.get(line.person_id, line) for line in fresh.people)
    return replace(fresh, people=people, questions=(*fresh.questions, _question(held_back)))


def is_worse(fresh: PersonSheet, old: PersonSheet) -> bool:
    """Whether the fresh verdict is worse than the one people have read."""
    if fresh.verdict not in SCALE or old.verdict not in SCALE:
        return False
    return SCALE[fresh.verdict] < SCALE[old.verdict]


def _locked(fresh: Sheet, written: WrittenSheet, newer: Sequence[Correction]) -> Sheet:
    """What was locked stands; what would differ is a question."""
    if newer:
        return fresh
    differing = [
        line.person_id
        for line in fresh.students
        if (old := written.sheet.person(line.person_id)) is not None and old.verdict is not line.verdict
    ]
    question = Question(kind=QuestionKind.LATE_FACTS, person_ids=tuple(differing))
    return replace(written.sheet, questions=(question,) if differing else ())


def _question(held_back: dict[str, PersonSheet]) -> Question:
    return Question(kind=QuestionKind.LATE_FACTS, person_ids=tuple(held_back))
