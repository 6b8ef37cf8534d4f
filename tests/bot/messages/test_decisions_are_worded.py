"""Whatever the ladder decides can be written: contents and message functions agree."""

from hypothesis import given, settings

from bot.attendance.attendance import sheet_of
from bot.attendance.decide import decide
from bot.attendance.lessons import Told
from bot.attendance.wanted import MessageKind
from bot.messages.now import now
from bot.messages.render import render
from bot.messages.why import why
from tests.bot.messages.contents import ROME
from tests.bot.messages.test_limits import check_limits
from tests.builders import (
    NINE,
    replace,
)
from tests.lesson_generator import WholeLesson, whole_lessons

RECIPIENTS = ("ada", "bob", "carol", "grace", "C0PYTHON", "admin")
EVERYTHING_STANDS = {
    (kind.value, recipient): Told(sent_at=NINE, is_wanted=True) for kind in MessageKind for recipient in RECIPIENTS
}


@settings(max_examples=50, deadline=None)
@given(whole_lessons())
def test_every_message_of_a_lesson_can_be_written(whole: WholeLesson) -> None:
    told = replace(whole.facts, told=EVERYTHING_STANDS, admins=("admin",))
    for facts in (whole.facts, told):
        for wanted in decide(facts, now=whole.now).wanted:
            if wanted.content is not None:
                check_limits(render(wanted.kind, wanted.content, ROME))


@settings(max_examples=50, deadline=None)
@given(whole_lessons())
def test_every_verdict_can_be_explained_and_every_lesson_looked_at(whole: WholeLesson) -> None:
    sheet = sheet_of(whole.facts, now=whole.now, explained=True)
    check_limits(now(lesson=whole.facts.lesson, sheet=sheet, reader=ROME))
    for person in sheet.people:
        check_limits(why(person=person, lesson=whole.facts.lesson, names={"grace": "Grace Hopper"}, reader=ROME))
