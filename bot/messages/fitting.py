"""What fits into one message: groups of blocks that belong together are taken whole, or counted in words."""

from collections.abc import Iterable

from bot.attendance.wanted import OpenQuestion
from bot.messages.blocks import context
from bot.messages.formatting import Writer
from bot.messages.message import Block, size
from bot.messages.questions import question_blocks

#: groups of one message: two or three blocks each, of the fifty
MOST_GROUPS = 10


def groups_that_fit(groups: Iterable[list[Block]], *, room: int, most: int = MOST_GROUPS) -> list[list[Block]]:
    """The first groups whose JSON fits into so many characters."""
    taken: list[list[Block]] = []
    for group in groups:
        room -= size(group)
        if room < 0 or len(taken) == most:
            break
        taken.append(group)
    return taken


def questions_that_fit(
    write: Writer, questions: list[OpenQuestion], *, lesson: str, room: int, more: int = 0
) -> list[Block]:
    """Questions with their buttons, as many as fit; the others follow as these are answered, and are counted.

    `more` are those that were left out before.
    """
    groups = (question_blocks(write, each, lesson=lesson, number=number) for number, each in enumerate(questions))
    taken = groups_that_fit(groups, room=room)
    blocks = [block for group in taken for block in group]
    left = len(questions) - len(taken) + more
    if left:
        follow = write.count(
            "{n} more question follows when these are answered.",
            "{n} more questions follow as these are answered.",
            left,
        )
        blocks.append(context(follow))
    return blocks
