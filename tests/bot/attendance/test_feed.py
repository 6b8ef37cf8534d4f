"""Feed health: may silence be taken for absence? Attendance-rules, section 5."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.attendance.decide import decide
from bot.attendance.feed import asking_moments, asks_who_is_in, feed_of, is_catching_up
from bot.attendance.inside import Inside, Shown
from bot.attendance.lessons import CorrectionKind, Feed, FeedFacts, LessonState, Told
from bot.attendance.sheet import Verdict
from bot.attendance.wanted import MessageKind
from tests.builders import (
    ADA,
    BOB,
    a_lesson,
    at,
    correction,
    during,
    facts,
    joined,
    replace,
    stay,
    the_trainer,
)
from tests.fakes.lesson_watch import watched

NOBODY_SEEN = frozenset[str]()
PLANNED = a_lesson(state=LessonState.PLANNED)


def health(feed: FeedFacts, *, now: float = 10, corrections=(), seen=NOBODY_SEEN):
    return feed_of(facts(feed=feed, corrections=corrections), seen=seen, now=at(now))


def pressed(kind: CorrectionKind = CorrectionKind.JOIN_PRESSED, who=BOB, minute: float = 4):
    return correction(kind, who, at=minute, actor=who)


def test_it_is_proven_once_a_delivery_about_this_room_was_applied():
    feed = FeedFacts(room_heard_at=at(-20), account_ever_delivered=False, last_delay=timedelta(hours=1))
    assert health(feed, corrections=[pressed()]).feed is Feed.PROVEN


def test_it_is_unknown_while_nothing_came_and_nothing_speaks_against_an_empty_room():
    found = health(FeedFacts())
    assert (found.feed, found.why, found.next_look_at) == (Feed.UNKNOWN, "", None)


def test_it_is_silent_if_the_account_never_delivered_anything():
    found = health(FeedFacts(account_ever_delivered=False))
    assert (found.feed, found.why, found.since) == (Feed.SILENT, "never_delivered", at(-30))


def test_it_is_silent_if_deliveries_of_the_account_arrive_late():
    late = FeedFacts(last_received_at=at(8), last_delay=timedelta(minutes=2, seconds=1))
    in_time = FeedFacts(last_received_at=at(8), last_delay=timedelta(minutes=2))
    assert (health(late).feed, health(late).why, health(late).since) == (Feed.SILENT, "late_deliveries", at(8))
    assert health(in_time).feed is Feed.UNKNOWN


@pytest.mark.parametrize("kind", [CorrectionKind.JOIN_PRESSED, CorrectionKind.IN_ALREADY])
def test_it_is_silent_three_minutes_after_somebody_pressed_join_and_did_not_appear(kind):
    before, after = (health(FeedFacts(), corrections=[pressed(kind)], now=now) for now in (6.9, 7))
    assert (before.feed, before.next_look_at) == (Feed.UNKNOWN, at(7))
    assert (after.feed, after.why, after.since) == (Feed.SILENT, "pressed_but_unseen", at(4))


def test_the_first_press_counts():
    found = health(FeedFacts(), corrections=[pressed(minute=9), pressed(who=ADA, minute=5)], now=9)
    assert found.since == at(5)


def test_who_pressed_and_appeared_says_nothing_against_it():
    assert health(FeedFacts(), corrections=[pressed()], seen=frozenset({"bob"})).feed is Feed.UNKNOWN


def test_other_buttons_say_nothing_about_it():
    assert health(FeedFacts(), corrections=[pressed(CorrectionKind.CANNOT_COME)]).feed is Feed.UNKNOWN


# What the platform's own API shows


def shown(people: int, *, minute: float = 1.5, came: float | None = None) -> FeedFacts:
    inside = Inside(people=people, came_at=None if came is None else at(came))
    return FeedFacts(shown=Shown(asked_at=at(minute), answered_at=at(minute), inside=inside))


def test_it_is_silent_half_a_minute_after_the_platforms_api_showed_people_of_whom_nothing_was_told():
    before, after = (health(shown(3), now=now) for now in (1.9, 2))
    assert (before.feed, before.next_look_at) == (Feed.UNKNOWN, at(2))
    assert (after.feed, after.why, after.since) == (Feed.SILENT, "seen_by_platform", at(-30))


def test_of_two_things_that_will_speak_against_an_empty_room_the_first_is_looked_at():
    assert health(shown(3), corrections=[pressed(minute=-2)], now=0.9).next_look_at == at(1)
    assert health(shown(3), corrections=[pressed(minute=0)], now=1.6).next_look_at == at(2)


def test_what_the_platform_shows_says_more_than_a_press():
    """The room is the right one, so nobody is sent to look for another."""
    assert health(shown(3), corrections=[pressed(minute=0)], now=9).why == "seen_by_platform"


def test_it_stays_unknown_where_the_platforms_api_shows_nobody_or_says_nothing():
    assert health(shown(0)).feed is Feed.UNKNOWN
    assert health(FeedFacts(shown=Shown(asked_at=at(1.5), error="Zoom refused"))).feed is Feed.UNKNOWN


def test_a_delivery_proves_the_feed_whatever_the_platforms_api_showed():
    assert health(replace(shown(3), room_heard_at=at(1))).feed is Feed.PROVEN


def still_in_from_before(feed: FeedFacts) -> Feed:
    """Ada came for the lesson before this one, and that was told before the window opened."""
    return feed_of(facts(joined(ADA, at=-40), feed=feed), seen=frozenset({"ada"}), now=at(10)).feed


def test_who_was_told_of_before_the_window_opened_and_is_still_in_says_nothing_against_it():
    assert still_in_from_before(shown(1, came=-40)) is Feed.UNKNOWN
    assert still_in_from_before(shown(1)) is Feed.UNKNOWN
    assert still_in_from_before(shown(2, came=-30)) is Feed.SILENT


# When the platform is asked


NOTHING_KNOWN = FeedFacts()


def asks(now: float, feed: FeedFacts = NOTHING_KNOWN, *, health: Feed = Feed.UNKNOWN, state=LessonState.LIVE, **lesson):
    """Whether it is asked at that minute, and in which minute it may be next."""
    given = facts(lesson=a_lesson(**lesson), feed=feed)
    is_asked, following = asks_who_is_in(given, health, state=state, now=at(now))
    return is_asked, None if following is None else (following - at(0)).total_seconds() / 60


def test_it_is_asked_before_the_ladder_speaks_and_in_the_middle_of_the_lesson():
    moments = [(moment - at(0)).total_seconds() / 60 for moment in asking_moments(PLANNED)]
    assert moments == [1.5, 4.5, 7.5, 9.5, 29.5]


def test_a_ladder_of_many_steps_asks_six_times_at_most_and_never_after_the_end():
    steps = tuple(timedelta(minutes=minute) for minute in range(0, 90, 3))
    lesson = replace(PLANNED, policy=replace(PLANNED.policy, remind_students_after=steps))
    moments = asking_moments(lesson)
    assert len(moments) == 6
    assert moments[0] == at(0)
    assert all(later - sooner >= timedelta(minutes=2) for sooner, later in pairwise(moments))
    short = replace(PLANNED, planned_end=at(3))
    assert asking_moments(short) == [at(1.5)]


def test_it_is_asked_once_for_each_moment():
    assert asks(-10, state=LessonState.PLANNED) == (False, 1.5)
    assert asks(1.4) == (False, 1.5)
    assert asks(1.5) == (True, 4.5)
    assert asks(2, shown(0)) == (False, 4.5)
    assert asks(4.5, shown(0)) == (True, 7.5)
    assert asks(50, shown(0, minute=29.5)) == (False, None)


def test_of_moments_that_went_by_the_last_one_is_made_up_for():
    assert asks(20) == (True, 29.5)


@pytest.mark.parametrize("known", [Feed.PROVEN, Feed.SILENT])
def test_it_is_not_asked_where_the_feeds_health_is_known(known):
    assert asks(2, health=known) == (False, None)


def test_it_is_asked_only_about_a_lesson_that_was_planned_and_runs():
    assert asks(2, is_unplanned=True) == (False, None)
    assert asks(2, is_silent=True) == (False, None)
    assert not asks(2, state=LessonState.CANCELLED)[0]
    assert not asks(61)[0]
    assert not asks(61, state=LessonState.PROVISIONAL)[0]


def test_a_lesson_of_which_nothing_is_heard_is_looked_at_when_it_is_to_be_asked_about():
    live = replace(PLANNED, state=LessonState.LIVE)
    sooner, now, later = (decide(facts(lesson=live), now=at(minute)) for minute in (1, 1.5, 29.5))
    assert (sooner.asks_who_is_in, sooner.due_at) == (False, at(1.5))
    assert now.asks_who_is_in
    assert later.asks_who_is_in
    assert not decide(facts(joined(ADA, at=0), lesson=live), now=at(1.5)).asks_who_is_in


def test_where_the_api_shows_people_nobody_is_reminded_and_the_admins_are_told_once():
    watch = watched(facts(lesson=PLANNED, feed=shown(3), admins=("eve",)), until=55)
    assert watch.told("bob") == []
    assert watch.told("grace") == []
    assert watch.told("eve") == [("09:02:05", "feed_silent")]
    ((content,),) = [[each.content for each in watch.decision.wanted if each.kind is MessageKind.FEED_SILENT]]
    assert (content["why"], content["seen"], content["seen_at"]) == ("seen_by_platform", 3, int(at(1.5).timestamp()))


def test_a_lesson_of_which_the_api_alone_knows_ends_without_data_and_not_without_a_lesson():
    watch = watched(facts(lesson=PLANNED, feed=shown(3)), until=80)
    assert {line.verdict for line in watch.decision.sheet.students} == {Verdict.NO_DATA}


def test_while_late_deliveries_arrive_the_next_one_may_bring_what_is_missing():
    late = facts(feed=FeedFacts(last_received_at=at(8), last_delay=timedelta(minutes=20)))
    assert is_catching_up(late, now=at(9.9))
    assert not is_catching_up(late, now=at(10))
    assert not is_catching_up(facts(feed=FeedFacts(last_received_at=at(8))), now=at(8))
    assert not is_catching_up(facts(feed=FeedFacts()), now=at(8))


def test_while_they_arrive_nobody_is_reminded_and_then_who_is_still_missing_is():
    late = FeedFacts(last_received_at=at(2), last_delay=timedelta(minutes=20))
    told = facts(the_trainer(), lesson=PLANNED, feed=late)
    assert watched(told, until=7).told("bob") == [("09:04:00", "reminder_1")]


def test_what_arrives_in_time_between_late_deliveries_does_not_end_the_catching_up():
    late = facts(feed=FeedFacts(late_intervals=(during(-15, 8),), last_received_at=at(9)))
    assert is_catching_up(late, now=at(9.9))
    assert not is_catching_up(late, now=at(10))


def catching_up(now: float, *, sent: float = 3):
    """Bob was reminded at 09:03; the first of what is late came at 09:25."""
    feed = FeedFacts(room_heard_at=at(25), late_intervals=(during(-5, 25),))
    told = {(MessageKind.REMINDER_1, "bob"): Told(sent_at=at(sent), is_wanted=True)}
    lesson = replace(PLANNED, state=LessonState.LIVE)
    decision = decide(facts(the_trainer(), lesson=lesson, feed=feed, told=told), now=at(now))
    return {each.kind: each.content for each in decision.wanted}, decision.due_at


def test_while_they_arrive_a_reminder_that_stands_does_not_turn_into_you_are_missing():
    meanwhile, due_at = catching_up(25.1)
    assert (meanwhile[MessageKind.REMINDER_1]["is_feed_proven"], due_at) == (False, at(27))
    assert not meanwhile[MessageKind.BOARD]["is_feed_proven"]
    afterwards, _ = catching_up(27)
    assert afterwards[MessageKind.REMINDER_2]["is_feed_proven"]


SILENT = replace(PLANNED, state=LessonState.LIVE, coordinator="eve")


def silent(now: float, *kinds: MessageKind, who: str):
    """What stands for somebody behind a feed that fell silent at 09:04."""
    told = {(kind, who): Told(sent_at=at(3), is_wanted=True) for kind in kinds}
    given = facts(lesson=SILENT, corrections=[pressed()], told=told, feed=FeedFacts())
    return [each.content for each in decide(given, now=at(now)).wanted if each.kind in kinds and each.recipient == who]


@pytest.mark.parametrize(
    ("kind", "who"),
    [(MessageKind.REMINDER_1, "bob"), (MessageKind.COORDINATOR_TRAINER_MISSING, "eve")],
)
def test_behind_a_silent_feed_it_is_said_since_when_nothing_is_known(kind, who):
    (content,) = silent(61, kind, who=who)
    assert (content["stage"], content["is_feed_proven"], content["no_data_since"]) == (
        "over",
        False,
        int(at(4).timestamp()),
    )


def test_behind_late_deliveries_nothing_is_known_since_the_window_opened():
    """Not since the newest delivery about another room, which would be another moment with each of them."""
    told = {(MessageKind.REMINDER_1, "bob"): Told(sent_at=at(3), is_wanted=True)}
    late = FeedFacts(last_received_at=at(8), last_delay=timedelta(minutes=5))
    decision = decide(facts(lesson=SILENT, told=told, feed=late), now=at(20))
    (content,) = [each.content for each in decision.wanted if each.kind is MessageKind.REMINDER_1]
    assert content["no_data_since"] == int(at(-30).timestamp())


def test_a_card_that_stands_when_the_feed_falls_silent_is_not_over():
    (card,) = silent(20, MessageKind.TRAINER_CARD, who="grace")
    assert (card["stage"], card["feed"], card["is_feed_proven"]) == ("live", "silent", False)


def test_without_events_a_silent_feed_gives_no_data_and_an_unknown_one_a_lesson_not_held():
    silent = watched(facts(lesson=PLANNED, feed=FeedFacts(account_ever_delivered=False)), until=80)
    unknown = watched(facts(lesson=PLANNED), until=80)
    assert {line.verdict for line in silent.decision.sheet.students} == {Verdict.NO_DATA}
    assert {line.verdict for line in unknown.decision.sheet.students} == {Verdict.NOT_HELD}


def test_silence_in_mid_lesson_by_itself_is_not_unhealthy():
    watch = watched(facts(joined(ADA, at=0), stay(BOB, -5, -1), lesson=PLANNED), until=50)
    assert watch.decision.sheet.feed is Feed.PROVEN
