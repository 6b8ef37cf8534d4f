"""The tree of errors: each has a sentence of its own, and a place in the table."""

from datetime import timedelta

import pytest

from bot import errors
from bot.errors import BotError, ConfigurationError, NotAllowedNow, PlatformBusy, SlackBusy, SlackRefused

OUR_OWN = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]


@pytest.mark.parametrize("error", OUR_OWN, ids=lambda each: each.__name__)
def test_every_error_stands_in_the_table(error):
    assert error.__name__ in (errors.__doc__ or "")


def test_its_docstring_is_what_it_says_by_itself():
    assert str(NotAllowedNow()) == "That is not possible now, or not for you."


def test_a_message_of_its_own_comes_first():
    assert str(NotAllowedNow("This check is over.")) == "This check is over."


def test_an_error_without_a_sentence_says_nothing():
    class Nameless(BotError):
        pass

    Nameless.__doc__ = None
    assert str(Nameless()) == ""


def test_nothing_that_catches_our_errors_swallows_a_wrong_configuration():
    assert not issubclass(ConfigurationError, BotError)


def test_what_slack_said_is_kept_as_facts():
    busy, refused = SlackBusy(code="ratelimited", retry_after=timedelta(seconds=3)), SlackRefused(code="no_text")
    assert (busy.code, busy.retry_after, refused.code) == ("ratelimited", timedelta(seconds=3), "no_text")
    assert str(busy).startswith("Slack asks us to wait")


def test_how_long_a_platform_asks_us_to_wait_is_kept():
    assert (PlatformBusy(retry_after=timedelta(seconds=45)).retry_after, PlatformBusy().retry_after) == (
        timedelta(seconds=45),
        None,
    )
