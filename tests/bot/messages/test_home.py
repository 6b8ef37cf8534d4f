"""The App Home: what each kind of person finds there."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.messages import actions
from bot.messages.actions import ButtonValue
from bot.messages.message import Block
from tests.bot.messages.contents import LESSON
from tests.bot.messages.spoken import HOMES
from tests.bot.messages.test_limits import elements_of, texts_of


@pytest.mark.parametrize("who", HOMES, ids=lambda who: who.replace(" ", "_"))
def test_the_whole_home_is_as_it_was_agreed(who: str, snapshot: SnapshotAssertion) -> None:
    assert HOMES[who] == snapshot(extension_class=JSONSnapshotExtension)


def buttons_of(view: Block) -> list[str]:
    return [each["action_id"] for each in elements_of(view["blocks"])]


def test_each_finds_what_they_can_do() -> None:
    student = [actions.JOIN, actions.MENU_ME, actions.MENU_WHY]
    trainer = [actions.MENU_NOW, actions.MENU_CHECK, actions.MENU_MARK, actions.MENU_SUMMARY]
    assert buttons_of(HOMES["a student"]) == [*student, actions.MENU_HELP]
    assert buttons_of(HOMES["a trainer"]) == [*trainer, actions.MENU_HELP]
    assert buttons_of(HOMES["an admin"]) == [actions.MENU_HELP]
    assert buttons_of(HOMES["a student whose lesson runs"]) == [*student[1:], actions.MENU_HELP]


def test_join_leads_into_the_next_lesson() -> None:
    (join,) = [each for each in elements_of(HOMES["a student"]["blocks"]) if each["action_id"] == actions.JOIN]
    assert (join["url"], ButtonValue.read(join["value"]).lesson) == ("https://example.com/j/97711976001", LESSON)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("a student", "You can still miss 3\u00a0h\u00a044 (90 % are needed)."),
        ("a student", "you asked to be excused"),
        ("a trainer", "18 of 22 came · 3 questions"),
        ("a trainer", "4 of 5 here"),
        ("a trainer", "3 questions wait for you."),
        ("an admin", "Vcaas: nothing was ever delivered"),
        ("an admin", "14 people are on a roster and not found in Slack: Bob Stone, Kay McNulty and 12 more"),
        ("an idle day", "No lesson is planned."),
        ("an idle day", "No lesson of yours today."),
        ("on no roster", "Hello Hedy Lamarr, you are on no roster yet."),
    ],
)
def test_it_says(who: str, says: str) -> None:
    assert says in "\n".join(texts_of(HOMES[who]["blocks"]))
