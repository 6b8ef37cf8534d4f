"""What a button carries comes back as it was, and every action has a name of its own."""

import pytest

from bot.errors import BadInput
from bot.messages import actions
from bot.messages.actions import ButtonValue, numbered, pattern

NAMED = {
    name: value
    for name, value in vars(actions).items()
    if name.isupper() and isinstance(value, str) and name != "SEPARATOR"
}


@pytest.mark.parametrize(
    "value",
    [
        ButtonValue("lesson"),
        ButtonValue("lesson", "person"),
        ButtonValue("lesson", "person", "iPad (2) | x"),
        ButtonValue("lesson", detail="Bob |"),
        ButtonValue("lesson", detail="||"),
        ButtonValue("lesson", detail="5"),
        ButtonValue(detail="mark"),
    ],
)
def test_a_value_comes_back_as_it_was(value: ButtonValue) -> None:
    assert ButtonValue.read(str(value)) == value


def test_a_value_is_short_because_slack_counts_it() -> None:
    assert str(ButtonValue("lesson")) == "lesson"
    assert str(ButtonValue("lesson", "person")) == "lesson|person"
    assert str(ButtonValue("lesson", detail="5")) == "lesson||5"


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_what_no_button_of_ours_carries_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        ButtonValue.read(text)


def test_a_listener_matches_the_bare_and_every_numbered_action() -> None:
    listener = pattern(actions.ACCEPT)
    assert listener.match(actions.ACCEPT)
    assert listener.match(numbered(actions.ACCEPT, 12))
    assert not listener.match(f"{actions.ACCEPT}.x")
    assert not listener.match(f"{actions.ACCEPT}ed")
    assert not listener.match("summary-accept")


def test_every_action_has_a_name_of_its_own() -> None:
    assert len(set(NAMED.values())) == len(NAMED)


def test_no_listener_hears_another_action() -> None:
    for name, action in NAMED.items():
        heard = [other for other, each in NAMED.items() if pattern(action).match(each)]
        assert heard == [name]
