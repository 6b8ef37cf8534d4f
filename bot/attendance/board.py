"""The board: the live message of a running lesson. At the end it shrinks to one line with a link to the summary."""

from datetime import timedelta
from typing import Literal

from bot.attendance.intervals import covers
from bot.attendance.lessons import LessonState
from bot.attendance.sheet import PersonSheet, Presence
from bot.attendance.telling import MOST_LISTED, Telling, epoch
from bot.attendance.wanted import BoardContent, MessageKind

#: It is edited at most this often.
BOARD_GAP_SECONDS = 10
#: Before the lesson the board opens with the first person in the room, but not for a microphone test an hour early.
OPENS_BEFORE = timedelta(minutes=10)

Group = Literal["here", "waiting", "dropped", "on_the_way", "missing", "excused"]


def show_board(telling: Telling) -> None:
    """Want the board, from the moment at which the room opens or the lesson begins."""
    lesson = telling.lesson
    recipient = lesson.staff_channel or lesson.channel
    if not recipient or lesson.is_silent or lesson.is_unplanned:
        return
    is_open = _is_open(telling) and not telling.is_cancelled and not telling.is_over
    if is_open or telling.was_sent(MessageKind.BOARD, recipient):
        telling.want(
            MessageKind.BOARD,
            recipient,
            _content(telling),
            not_after=telling.lesson.planned_end,
            edit_gap_seconds=0 if telling.is_over else BOARD_GAP_SECONDS,
        )


def _is_open(telling: Telling) -> bool:
    lesson = telling.lesson
    if telling.now >= lesson.planned_start:
        return True
    opens_at = lesson.planned_start - OPENS_BEFORE
    if telling.now < opens_at:
        telling.looks.append(opens_at)
        return False
    everybody = (*telling.sheet.people, *telling.sheet.not_enrolled)
    is_anybody_in = any(line.presence in {Presence.PRESENT, Presence.WAITING} for line in everybody)
    return is_anybody_in or any(each.presence is Presence.PRESENT for each in telling.sheet.strangers)


def _content(telling: Telling) -> BoardContent:
    lesson, sheet = telling.lesson, telling.sheet
    shows_names = bool(lesson.staff_channel) or lesson.policy.summary_names
    groups: dict[Group, list[str]] = {
        "here": [],
        "waiting": [],
        "dropped": [],
        "on_the_way": [],
        "missing": [],
        "excused": [],
    }
    for line in telling.students:
        groups[_group(telling, line)].append(line.name if shows_names else "")
    strangers = [each.display_name for each in sheet.strangers if each.presence is Presence.PRESENT]
    named = strangers[:MOST_LISTED]
    content = BoardContent(
        about=telling.about,
        state=_state(telling),
        expected=len(telling.students),
        here=groups["here"],
        waiting=groups["waiting"],
        dropped=groups["dropped"],
        on_the_way=groups["on_the_way"],
        missing=groups["missing"],
        excused=groups["excused"],
        strangers=named if shows_names else ["" for _ in named],
        has_trainer=any(line.presence is Presence.PRESENT for line in telling.trainers),
        feed=sheet.feed.value,
        is_feed_proven=telling.is_feed_proven,
        break_until=_break_until(telling),
        shows_names=shows_names,
    )
    if len(strangers) > len(named):
        content["more_strangers"] = len(strangers) - len(named)
    return content


def _state(telling: Telling) -> Literal["open", "live", "over", "cancelled"]:
    if telling.is_cancelled:
        return "cancelled"
    if telling.is_over:
        return "over"
    return "live" if telling.lesson.state is LessonState.LIVE else "open"


def _group(telling: Telling, line: PersonSheet) -> Group:
    if line.presence is Presence.PRESENT:
        return "here"
    if line.presence is Presence.WAITING:
        return "waiting"
    if line.excused:
        return "excused"
    said = telling.said_by(line.person_id)
    if said is not None and said.during is not None and said.during.end > telling.now:
        telling.looks.append(said.during.end)
        return "on_the_way"
    return "missing" if line.person_id in telling.missing else "dropped"


def _break_until(telling: Telling) -> int | None:
    """The end of the break that runs now; its beginning and end are moments to look at."""
    for pause in telling.breaks:
        for moment in (pause.start, pause.end):
            if moment > telling.now:
                telling.looks.append(moment)
        if covers([pause], telling.now):
            return epoch(pause.end)
    return None
