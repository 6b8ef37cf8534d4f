"""What VCaaS pushes beside attendance: devices, recordings, quizzes and polls; a mistake in it costs nobody anything."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.attendance.records import AskedInMeeting, GivenInMeeting, Interaction, PlatformRecord
from handlers.platforms.vcaas import connector
from tests.handlers.platforms.fixtures import PLATFORMS, load

POLL = {"id": "p-1", "content": {"options": [{"value": "1", "label": "Yes"}], "content": "Again?"}}


def record(**changes: Any) -> PlatformRecord:
    """The recorded push, with other parts in place of its own."""
    was = load(PLATFORMS / "vcaas" / "fixtures" / "meeting_data.http").delivery(account="an account")
    changed = json.dumps(json.loads(was.body) | changes).encode()
    (found,) = connector.normalise(replace(was, body=changed))
    assert isinstance(found, PlatformRecord)
    return found


def test_devices_and_recordings_are_told() -> None:
    assert record().devices == (("ada-1", "Chrome 142"), ("grace-1", "Chrome 142"))
    assert record().recordings == ("https://videos.example.com/mtg-7731.mp4",)


def test_a_quiz_has_its_question_its_right_answer_and_what_each_person_said() -> None:
    assert record().asked == (
        AskedInMeeting(
            kind=Interaction.QUIZ,
            id="q-1",
            text="2 + 2?",
            options=(("A", "4"), ("B", "5")),
            correct="A",
            accuracy="0.5",
        ),
    )
    assert record().given == (GivenInMeeting(external_id="ada-1", kind=Interaction.QUIZ, asked="q-1", value="A"),)


def test_a_poll_has_no_right_answer() -> None:
    answers = {"count": 1, "answers": [{"id": "p-1", "pollOption": {"value": "1", "label": "Yes"}}]}
    found = record(
        meetingInteractiveData={"pollData": {"totalCount": 1, "detailDatas": [POLL]}},
        attendeeInteractiveDatas=[{"externalId": "ada-1", "attendeePollData": answers}],
    )
    assert [(each.kind, each.text, each.correct) for each in found.asked] == [(Interaction.POLL, "Again?", "")]
    assert found.given == (GivenInMeeting(external_id="ada-1", kind=Interaction.POLL, asked="p-1", value="1"),)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "ftp://example.com/1", "https://a b", "https://a|b", 7])
def test_an_address_that_is_no_page_is_none(url: object) -> None:
    assert record(meetingVideoData={"videoUrls": [url]}).recordings == ()


@pytest.mark.parametrize("nonsense", [None, "", 7, [], {"quizData": 7}, {"quizData": {"detailDatas": [7]}}])
@pytest.mark.parametrize("part", ["meetingVideoData", "meetingInteractiveData", "attendeeInteractiveDatas"])
def test_nonsense_beside_attendance_leaves_attendance_as_it_is(part: str, nonsense: object) -> None:
    assert record(**{part: nonsense}).stays == record().stays


def test_whose_answer_it_is_nobody_knows_without_an_id_of_the_school() -> None:
    answers = {"count": 1, "answers": [{"id": "q-1", "selection": "A"}]}
    assert record(attendeeInteractiveDatas=[{"externalId": "", "attendeeQuizData": answers}]).given == ()
