"""A performance of a scenario before a bot that knows one trick."""

import json
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.platforms import Endpoint
from sandbox.player import StoryPlayer, move_in, open_classrooms
from sandbox.scenario_file import read
from sandbox.slack.workspace import Workspace
from sandbox.story import Line, Scenario
from tests.sandbox.classroom.receiver import SECRET, HandClock

MANIFEST = {
    "features": {
        "bot_user": {"display_name": "Bot"},
        "slash_commands": [{"command": "/hello", "description": "x"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
}
BUTTON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "greet.back",
            "text": {"type": "plain_text", "text": "Hello back"},
            "value": "1",
            "accessibility_label": "Return the greeting",
        },
        {
            "type": "static_select",
            "action_id": "greet.later",
            "placeholder": {"type": "plain_text", "text": "Greet later"},
            "options": [
                {"text": {"type": "plain_text", "text": f"In {minutes} min"}, "value": str(minutes)}
                for minutes in (5, 10)
            ],
        },
    ],
}
STORY = """
happens:
  - {at: "17:55", starts: grace}
  - {at: "18:00", joins: bob}
  - {at: "18:01", clicks: bob, button: hello back}
  - {at: "18:02", types: ada, text: /hello there, in: "#python-101"}
  - {at: "18:30", leaves: bob, delivery: {lost: yes}}
  - {at: "19:00", ends: grace}
told:
  - {at: "18:00:02", to: bob, says: Hello Bob, shows: Hello back}
  - {at: "18:01:00", to: bob, becomes: Hello yourself}
  - {at: "18:02:00", to: "#python-101", says: ada says hello}
never:
  - {to: grace}
"""


class Greeter:
    """Greets whom Zoom says to have joined, edits the greeting at a click, repeats a command in the channel."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.asked: list[str] = []
        self.typed: list[str] = []
        self.status = 200

    async def webhook(self, request: web.Request) -> web.Response:
        event = json.loads(await request.read())
        self.asked.append(event["event"])
        if event["event"] == "meeting.participant_joined":
            name = event["payload"]["object"]["participant"]["user_name"]
            for person in self.workspace.persons.values():
                if person.name == name and name.startswith("Bob"):
                    text = f"*Hello* {name.split()[0]} &amp; <@{person.id}>\nmore"
                    channel = self.workspace.direct_channel(person.id)
                    self.workspace.messages.post(channel, self.workspace.bot.id, text, blocks=(BUTTON,))
        return web.Response(status=self.status)

    async def slack(self, request: web.Request) -> web.Response:
        fields = await request.post()
        if "command" in fields:
            self.typed.append(str(fields["text"]))
            channel = self.workspace.channels[str(fields["channel_id"])]
            self.workspace.messages.post(channel, self.workspace.bot.id, "ada says hello")
            return web.Response()
        payload = json.loads(str(fields["payload"]))
        message = self.workspace.messages.find(payload["channel"]["id"], payload["message"]["ts"])
        action = payload["actions"][0]
        chosen = action.get("selected_option", {}).get("value")
        self.workspace.messages.edit(message, text=f"In {chosen} then" if chosen else "Hello yourself")
        return web.Response()


class Performance:
    def __init__(self, scenario: Scenario, url: str, clock: HandClock) -> None:
        self.clock = clock
        clock.at = scenario.begins_at
        self.workspace = Workspace(clock=clock, manifest=MANIFEST)
        self.greeter = Greeter(self.workspace)
        self.printed: list[str] = []
        move_in(scenario, self.workspace)
        self.rooms = open_classrooms(
            scenario, endpoints={"zoom": Endpoint(url + "zoom", SECRET)}, clock=clock, rng=random.Random(1)
        )
        self.player = StoryPlayer(scenario, self.workspace, self.rooms, clock, on_line=self.hear)
        self.workspace.connect_app(url + "slack")

    def hear(self, line: Line) -> None:
        self.printed.append(self.player.scenario.printed(line))

    async def play(self) -> None:
        while (at := self.player.next_at()) is not None:
            assert self.player.is_idle
            self.clock.at = max(self.clock.at, at)
            await self.player.run_due(self.clock.now())

    async def close(self) -> None:
        await self.workspace.close()
        for room in self.rooms.values():
            await room.close()


@pytest.fixture
async def perform(clock: HandClock) -> AsyncIterator:
    performances: list[Performance] = []
    app = web.Application()

    async def to_greeter(request: web.Request) -> web.Response:
        greeter = performances[-1].greeter
        return await (greeter.webhook if request.path == "/zoom" else greeter.slack)(request)

    app.router.add_post("/zoom", to_greeter)
    app.router.add_post("/slack", to_greeter)
    server = TestServer(app)
    await server.start_server()

    def make(text: str) -> Performance:
        performances.append(Performance(read(text, file="story.yaml"), str(server.make_url("/")), clock))
        return performances[-1]

    yield make
    for performance in performances:
        await performance.close()
    await server.close()


async def test_a_story_that_comes_out_as_written_has_no_differences(perform):
    show = perform(STORY)
    await show.play()
    assert show.player.differences() == []
    assert show.clock.now() == show.player.scenario.ends_at


async def test_every_line_is_printed_as_it_happens(perform):
    show = perform(STORY)
    await show.play()
    assert show.printed == [
        "18:00  zoom  Bob Stone  Hello Bob & @Bob Stone",
        "18:01  zoom  Bob Stone  Hello yourself",
        "18:02  zoom  #python-101  ada says hello",
    ]


async def test_zoom_tells_what_happens_between_the_steps(perform):
    show = perform(STORY)
    await show.play()
    assert sorted(show.greeter.asked) == [
        "meeting.ended", "meeting.participant_joined", "meeting.participant_joined", "meeting.participant_left",
        "meeting.started",
    ]  # fmt: skip


async def test_a_story_that_does_not_come_out_says_how(perform):
    show = perform(STORY.replace("Hello Bob", "Good evening").replace("ada says", "bob says"))
    await show.play()
    assert {sentence.split(": ", 1)[1] for sentence in show.player.differences()} == {
        "never told 'Good evening' (line 10)",
        "told 'Hello Bob & @Bob Stone': not in the story",
        "never told 'bob says hello' (line 12)",
        "told 'ada says hello': not in the story",
    }


@pytest.mark.parametrize(
    ("click", "outcome"),
    [
        ("button: greet.back", "Hello yourself"),
        ("button: return the greeting", "Hello yourself"),
        ("button: Greet later, choose: 10 min", "In 10 then"),
    ],
)
async def test_a_button_is_found_by_its_label_its_spoken_label_or_its_id(perform, click, outcome):
    show = perform(
        f'happens: [{{at: "18:00", starts: grace}}, {{at: "18:00", joins: bob}}, {{at: "18:01", clicks: bob, {click}}}]'
    )
    await show.play()
    assert show.player.problems == []
    assert show.workspace.persons["U0BOB"].inbox[0].text == outcome


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("leaves: ada", "18:03:00  leaves ada (line 2): ada is not in"),
        ("clicks: ada, button: Hello back", "18:03:00  clicks ada (line 2): Ada Lovelace sees no 'Hello back'"),
        ("types: ada, text: /goodbye", "18:03:00  types ada (line 2): /goodbye is not a command of the manifest"),
        (
            "types: ada, text: '/hello {}', heard: '/(x)/', from: bob",
            "18:03:00  types ada (line 2): Bob Stone has nothing to read aloud",
        ),
        ("submits: ada", "18:03:00  submits ada (line 2): Ada Lovelace has no open form"),
    ],
)
async def test_what_somebody_could_not_do_is_a_difference(perform, step, problem):
    show = perform(f'happens:\n  - {{at: "18:03", {step}}}')
    await show.play()
    assert show.player.differences() == [problem]


async def test_what_somebody_reads_aloud_can_be_typed(perform):
    show = perform(
        """
happens:
  - {at: "17:55", starts: grace}
  - {at: "18:00", joins: bob}
  - {at: "18:02", types: ada, text: "/hello {}", heard: '/hello (\\w+)/', from: bob, in: "#python-101"}
"""
    )
    await show.play()
    assert show.greeter.typed == ["Bob"]


async def test_a_webhook_that_met_a_broken_bot_comes_again_in_lesson_time(perform):
    show = perform(STORY)
    show.greeter.status = 503
    await show.play()
    assert show.greeter.asked.count("meeting.started") == 3  # the fourth try would come after the end of the story


async def test_a_fault_of_slack_is_planned_at_its_step(perform):
    show = perform('happens: [{at: "18:03", slack: rate_limit, method: chat.postMessage, retry_after: 20}]')
    await show.play()
    assert show.workspace.faults.take("chat.postMessage").retry_after == 20


async def test_a_shuffled_feed_is_so_from_its_step_on(perform):
    show = perform('happens: [{at: "17:50", feed: shuffled}, {at: "18:50", feed: in_order}]')
    deliveries = next(iter(show.rooms.values())).deliveries
    show.clock.at = show.player.next_at()
    await show.player.run_due(show.clock.now())
    assert deliveries.is_shuffled
    await show.play()
    assert not deliveries.is_shuffled


async def test_a_clock_that_runs_by_itself_needs_no_driver(perform):
    show = perform(STORY)
    await show.player.play()
    assert show.player.differences() == []


async def test_steps_of_one_moment_happen_in_the_order_of_the_file(perform):
    show = perform('happens: [{at: "18:00", starts: grace}, {at: "18:00", joins: bob}, {at: "18:00", leaves: bob}]')
    await show.play()
    assert show.player.problems == []


async def test_what_people_write_to_each_other_is_not_the_bots_doing(perform):
    show = perform("title: A chat")
    channel = show.workspace.channel_named("python-101")
    show.workspace.messages.post(channel, "U0ADA", "Where is everybody?")
    assert not show.player.transcript


async def test_the_transcript_does_not_grow_without_end(perform):
    show = perform("title: A flood")
    channel = show.workspace.channel_named("python-101")
    for _ in range(20_001):
        show.workspace.messages.post(channel, show.workspace.bot.id, "x")
    assert len(show.player.transcript) == 20_000
    assert show.player.differences()[-1] == "people were told 20000 things and more"


async def test_the_story_is_over_at_its_end_whatever_is_still_to_come(perform):
    show = perform('ends: "19:05"\nhappens: [{at: "19:00", starts: grace, delivery: {again_after: 2h}}]')
    await show.play()
    assert show.player.next_at() is None
    assert show.clock.now() - show.player.scenario.starts_at == timedelta(minutes=65)


async def test_with_a_grain_everything_of_a_moment_happens_together(perform):
    show = perform('grain: 10s\nhappens: [{at: "18:00:01", starts: grace}, {at: "18:00:07", joins: ada}]')
    ten_past = show.player.scenario.starts_at + timedelta(seconds=10)
    assert show.player.next_at() == ten_past
    show.clock.at = ten_past
    await show.player.run_due(ten_past)
    assert {place.since for place in show.rooms["97711976001"].places()} == {ten_past}
    assert show.player.next_at() == ten_past + timedelta(seconds=10)
