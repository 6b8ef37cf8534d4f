"""What is asked once a lesson is over: did it take place, was this a lesson?"""

from bot.attendance.held import took_place
from bot.attendance.ladder_trainers import coordinator_content, coordinators_of
from bot.attendance.lessons import Confirmation, Correction, CorrectionKind, Role
from bot.attendance.sheet import QuestionKind
from bot.attendance.telling import Telling, epoch
from bot.attendance.wanted import DidItTakePlaceContent, MessageKind, WasThisALessonContent


def ask_after_the_end(telling: Telling) -> None:
    """Ask the trainers what only they can know: did it take place, was this a lesson?"""
    kinds = {question.kind for question in telling.sheet.questions}
    answer = took_place(telling.view.facts.corrections)
    for trainer in telling.reachable(Role.TRAINER):
        telling.keep_standing(
            MessageKind.DID_IT_TAKE_PLACE,
            trainer.id,
            _did_it_take_place(telling, answer),
            is_new=QuestionKind.DID_IT_TAKE_PLACE in kinds and not telling.lesson.is_silent,
        )
        telling.keep_standing(
            MessageKind.WAS_THIS_A_LESSON,
            trainer.id,
            _was_this_a_lesson(telling),
            is_new=QuestionKind.WAS_THIS_A_LESSON in kinds and not telling.lesson.is_silent,
        )
    if answer is not None and telling.sheet.confirmation is Confirmation.NOT_HELD:
        content = coordinator_content(telling)
        content["stage"] = "not_held"
        for recipient in coordinators_of(telling):
            telling.want(MessageKind.COORDINATOR_NOT_HELD, recipient, content)


def _did_it_take_place(telling: Telling, answer: Correction | None) -> DidItTakePlaceContent:
    content = DidItTakePlaceContent(
        about=telling.about,
        students_there=sum(bool(line.stays) for line in telling.students),
        held_seconds=telling.sheet.held_seconds,
        planned_seconds=telling.sheet.planned_seconds,
        answer=answer.kind.value if answer is not None else "",
        answered_by=telling.name_of(answer.actor) if answer is not None else "",
    )
    if answer is not None:
        content["answered_at"] = epoch(answer.at)
    return content


def _was_this_a_lesson(telling: Telling) -> WasThisALessonContent:
    kinds = {CorrectionKind.WAS_A_LESSON, CorrectionKind.NO_LESSON}
    answers = [each for each in telling.view.facts.corrections if each.kind in kinds]
    content = WasThisALessonContent(
        about=telling.about,
        people=sum(bool(line.stays) for line in (*telling.sheet.people, *telling.sheet.not_enrolled)),
        answer=answers[-1].kind.value if answers else "",
        answered_by=telling.name_of(answers[-1].actor) if answers else "",
    )
    if answers:
        content["answered_at"] = epoch(answers[-1].at)
    return content
