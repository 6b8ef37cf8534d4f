"""Who is here now: what `/rollcall now` answers."""

from bot.attendance.lessons import Feed, Lesson, LessonState
from bot.attendance.sheet import Flag, PersonSheet, Presence, Sheet
from bot.messages.actions import MARK, REMIND_MISSING, ButtonValue
from bot.messages.blocks import actions, button, section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader
from bot.messages.shared import missing_count

ROOM_FOR_GROUP = 1_500


def now(*, lesson: Lesson, sheet: Sheet, reader: Reader) -> Message:
    """Groups of names, those who are late with how late; trainers and strangers too."""
    plain, rich = written(reader)
    is_live, is_proven = sheet.state is LessonState.LIVE, sheet.feed is Feed.PROVEN
    students = [person for person in sheet.students if not person.excused]
    here = [person for person in students if person.presence is Presence.PRESENT]
    late = [person for person in here if Flag.LATE in person.flags]
    waiting = [person for person in students if person.presence is Presence.WAITING]
    left = [person for person in students if person.presence is Presence.LEFT]
    missing = [person for person in students if person.presence is Presence.NOT_JOINED]
    strangers = [stranger for stranger in sheet.strangers if stranger.presence is Presence.PRESENT]

    def fact(write: Writer) -> str:
        _ = write.text
        counts = [
            (late, write.count("{n} late", "{n} late", len(late))),
            (waiting, write.count("{n} waiting", "{n} waiting", len(waiting))),
            (left, write.count("{n} left", "{n} left", len(left))),
            (missing, missing_count(write, len(missing), is_feed_proven=is_proven)),
            (strangers, write.count("{n} unknown", "{n} unknown", len(strangers))),
        ]
        parts = [_("{n} of {total} here", n=len(here), total=len(students)), *(text for who, text in counts if who)]
        if not is_live:
            parts = [_("not running now"), *parts]
        return _("{title}: {parts}", title=escape(lesson.title), parts=", ".join(parts))

    _ = rich.text
    groups = [
        (_("Here"), [person.name for person in here if person not in late]),
        (_("Late"), [f"{person.name} ({_late(rich, person)})" for person in late]),
        (_("Waiting to be let in"), [person.name for person in waiting]),
        (_("Left"), [person.name for person in left]),
        (_("Missing") if is_proven else _("Not seen"), [person.name for person in missing]),
        (_("Excused"), [person.name for person in sheet.students if person.excused]),
        (_("Unknown"), [stranger.display_name or _("no name") for stranger in strangers]),
        (_("Trainers"), [person.name for person in sheet.trainers if person.presence is Presence.PRESENT]),
    ]
    lines = [f"*{heading}*: {rich.names(names, room=ROOM_FOR_GROUP)}" for heading, names in groups if names]
    blocks = [section(f"*{fact(rich)}*"), *(section(line) for line in lines)]
    if is_live:
        value = ButtonValue(lesson.id)
        remind = button(_("Remind the missing"), action=REMIND_MISSING, value=value) if missing else None
        blocks += actions(remind, button(_("Mark…"), action=MARK, value=value, label=_("Mark a student")))
    listed = plain.names(person.name for person in missing)
    gone = plain.text("Missing: {names}", names=listed) if is_proven else plain.text("Not seen: {names}", names=listed)
    gone = gone if missing else ""
    return Message("\n".join(filter(None, (fact(plain), gone))), blocks)


def _late(write: Writer, person: PersonSheet) -> str:
    return write.length(int(person.late_by.total_seconds())) if person.late_by is not None else write.text("late")
