"""The two questions about a whole lesson: did it take place, and was it one?"""

from bot.attendance.lessons import CorrectionKind
from bot.attendance.wanted import About
from bot.messages.blocks import actions, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
from bot.messages.questions import took_place_buttons, was_lesson_buttons


def did_it_take_place(
    *,
    about: About,
    students_there: int,
    held_seconds: int,
    planned_seconds: int,
    answer: str,
    answered_by: str,
    reader: Reader,
    answered_at: int | None = None,
) -> Message:
    """DID_IT_TAKE_PLACE; once answered it says by whom, and the buttons are gone."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        title = escape(about["title"])
        if answer == CorrectionKind.NOT_HELD:
            return _("{title} did not take place", title=title)
        if answer:
            return _("{title} took place", title=title)
        return _("Did {title} take place?", title=title)

    _ = rich.text
    students = rich.count("{n} student was there", "{n} students were there", students_there)
    held = _("a trainer for {held} of {planned}", held=rich.length(held_seconds), planned=rich.length(planned_seconds))
    lines = [f"*{fact(rich)}*", _("{when}: {students}, {held}.", when=_when(rich, about), students=students, held=held)]
    if answer:
        lines.append(_answered(rich, answered_by, answered_at))
    blocks = [section("\n".join(lines))]
    if not answer:
        blocks += actions(*took_place_buttons(rich, about["lesson_id"]))
    return Message(fact(plain), blocks)


def was_this_a_lesson(
    *,
    about: About,
    people: int,
    answer: str,
    answered_by: str,
    reader: Reader,
    answered_at: int | None = None,
) -> Message:
    """WAS_THIS_A_LESSON, about people who met in a course's room outside of its timetable."""
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        title = escape(about["title"])
        if answer == CorrectionKind.NO_LESSON:
            return _("{title}: that was not a lesson", title=title)
        if answer:
            return _("{title}: that was a lesson", title=title)
        return _("{title}: was this a lesson?", title=title)

    there = rich.count("{n} person was in the room", "{n} people were in the room", people)
    lines = [f"*{fact(rich)}*", rich.text("{when}: {there}.", when=_when(rich, about), there=there)]
    if answer:
        lines.append(_answered(rich, answered_by, answered_at))
    blocks = [section("\n".join(lines))]
    if not answer:
        blocks += actions(*was_lesson_buttons(rich, about["lesson_id"]))
    return Message(fact(plain), blocks)


def _when(write: Writer, about: About) -> str:
    return f"{write.date(about['start'])} – {write.time(about['end'])}"


def _answered(write: Writer, by: str, at: int | None) -> str:
    if not by:
        return write.text("Nobody answered.")
    if at is None:
        return write.text("Said {name}.", name=escape(by))
    return write.text("Said {name}, {time}.", name=escape(by), time=write.time(at))
