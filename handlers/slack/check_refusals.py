"""The protocol's refusals, as sentences for whoever is at Slack's door."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.errors import NotAllowedNow
from bot.messages.check_answers import CheckAnswers
from handlers.slack.office import Caller


def refusal(caller: Caller, code: RefusalCode) -> NotAllowedNow:
    """What this word of the protocol is for this person."""
    return NotAllowedNow(CheckAnswers(caller.reader).refused(code))


@contextmanager
def refusals(caller: Caller) -> Iterator[None]:
    """What is refused inside is told in the caller's language."""
    try:
        yield
    except CheckRefused as refused:
        if refused.code is RefusalCode.INVALID_PARAMETERS:  # the word says little, its sentence which one and why
            raise
        raise refusal(caller, refused.code) from refused
