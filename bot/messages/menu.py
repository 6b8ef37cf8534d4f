"""What `/rollcall` alone answers: a menu with buttons, fit for who asks."""

from bot.messages.actions import (
    MENU_CANCEL,
    MENU_CHECK,
    MENU_HELP,
    MENU_MARK,
    MENU_ME,
    MENU_NOW,
    MENU_REPORT,
    MENU_SUMMARY,
    MENU_WHY,
)
from bot.messages.blocks import actions, button, context, section
from bot.messages.formatting import written
from bot.messages.message import Message, Reader


def menu(
    *,
    is_student: bool,
    is_trainer: bool,
    is_coordinator: bool,
    is_admin: bool,
    running: list[str],
    reader: Reader,
) -> Message:
    """The buttons of what this person may do; `running` are the titles of lessons of theirs that run now."""
    plain, rich = written(reader)
    _ = rich.text
    does_anything = is_student or is_trainer or is_coordinator
    if running:
        fact = plain.text("Running now: {titles}", titles=plain.names(running))
    elif does_anything or is_admin:
        fact = _("No lesson of yours is running now")
    else:
        fact = _("You are on no roster yet")
    blocks = [section(f"*{fact}*")]
    if not does_anything:
        ask = _("Ask who runs your courses to enrol you.")
        admin = _("You administer this workspace: courses are brought in with `rollcall course import FILE`.")
        blocks.append(section(admin if is_admin else ask))
    blocks += actions(
        button(_("Who is here"), action=MENU_NOW) if is_trainer else None,
        button(_("Presence check"), action=MENU_CHECK) if is_trainer else None,
        button(_("Mark…"), action=MENU_MARK, label=_("Mark a student")) if is_trainer else None,
        button(_("Post the summary"), action=MENU_SUMMARY) if is_trainer else None,
        button(_("Cancel a lesson"), action=MENU_CANCEL) if is_trainer or is_coordinator else None,
    )
    blocks += actions(
        button(_("My attendance"), action=MENU_ME) if is_student else None,
        button(_("Why?"), action=MENU_WHY, label=_("Why this verdict?")) if is_student or is_trainer else None,
        button(_("Course report"), action=MENU_REPORT) if is_trainer else None,
        button(_("Help"), action=MENU_HELP),
    )
    blocks.append(context(_("Every button is also a command: `/rollcall help` lists them.")))
    return Message(fact, blocks)
