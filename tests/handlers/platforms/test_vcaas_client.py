"""The client of VCaaS's REST API, as far as it is documented."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import BotError, PlatformBusy, PlatformRefused, PlatformUnavailable
from bot.settings import Settings
from handlers.platforms import vcaas as vcaas_platform
from handlers.platforms.vcaas.client import Meeting, VcaasClient, callbacks_at
from tests.handlers.platforms.answering import QUICK, AnsweringApi, hangs, says, written

STARTS, ENDS = datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
ADDRESS = "https://rollcall.example.com/webhooks/vcaas/the-token"


@pytest.fixture
async def vcaas(answering: AnsweringApi) -> AsyncIterator[VcaasClient]:
    client = VcaasClient(api_url=await answering.start(), header="X-Key: the-key", patience=QUICK)
    yield client
    await client.close()


async def create(vcaas: VcaasClient) -> Meeting:
    return await vcaas.create_meeting(
        "python-101", title="Python 101", starts_at=STARTS, ends_at=ENDS, callbacks=callbacks_at(ADDRESS)
    )


@pytest.mark.parametrize("envelope", [False, True])
async def test_a_meeting_is_created_with_all_its_callbacks(
    answering: AnsweringApi, vcaas: VcaasClient, envelope: bool
) -> None:
    meeting = {"meetingId": 12345, "meetingUrl": "https://class.example.com/12345"}
    answering.will(says({"code": 0, "data": meeting} if envelope else meeting))
    found = await create(vcaas)
    assert found == Meeting(meeting_id="12345", meeting_url="https://class.example.com/12345")
    assert "class.example.com" not in repr(found)
    (asked,) = answering.asked
    assert (asked.method, asked.path, asked.headers["X-Key"]) == ("POST", "/v2/meeting-center/meetings", "the-key")
    assert asked.document == {
        "meetingExternalId": "python-101",
        "meetingTitle": "Python 101",
        "startTime": 1795453200,
        "endTime": 1795458600,
        "callbackUrl": f"{ADDRESS}/meeting-data",
        "realTimeCallbackUrl": {
            "userJoinLeaveUrl": f"{ADDRESS}/user-join-leave",
            "meetingStartEndUrl": f"{ADDRESS}/meeting-start-end",
            "recordingStartEndUrl": f"{ADDRESS}/recording-start-end",
            "endClassForAllUrl": f"{ADDRESS}/end-class-for-all",
        },
        "config": {},
        "docIds": [],
    }


def test_every_kind_of_callback_that_we_take_is_given_a_url() -> None:
    urls = callbacks_at(ADDRESS + "/")
    given = [urls["callbackUrl"], *urls["realTimeCallbackUrl"].values()]
    assert {url.removeprefix(f"{ADDRESS}/") for url in given} == set(vcaas_platform.connector.routes)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says({"message": "the-key is wrong"}, status=401), PlatformRefused),
        (says({"message": "startTime must not be in the past"}, status=400), PlatformRefused),
        (says({}, status=429, headers={"Retry-After": "60"}), PlatformBusy),
        (says({}, status=500), PlatformUnavailable),
        (says({"meetingUrl": "https://class.example.com"}), PlatformUnavailable),
        (says({"data": None}), PlatformUnavailable),
        (written("<html>"), PlatformUnavailable),
        (written(""), PlatformUnavailable),
        (hangs, PlatformUnavailable),
    ],
)
async def test_a_bad_answer_is_one_of_three_errors_and_no_meeting_is_created_twice(
    answering: AnsweringApi, vcaas: VcaasClient, answer: Any, error: type[BotError]
) -> None:
    answering.will(answer)
    with pytest.raises(error) as problem:
        await create(vcaas)
    assert len(answering.asked) == 1
    for secret in ("the-key", "the-token"):
        assert secret not in str(problem.value) + repr(problem.value) + repr(vcaas)


async def test_the_settings_make_a_client_only_with_address_and_header() -> None:
    assert VcaasClient.from_settings(Settings.from_env({"VCAAS_API_URL": "https://x"})) is None
    assert VcaasClient.from_settings(Settings.from_env({"VCAAS_API_HEADER": "X-Key: k"})) is None
    given = {"VCAAS_API_URL": "https://x", "VCAAS_API_HEADER": "X-Key: k"}
    client = VcaasClient.from_settings(Settings.from_env(given))
    assert client is not None
    await client.close()
