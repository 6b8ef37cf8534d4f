"""When a run asks: uniform where the definitions say so, with distances and margins, and the same from the same seed."""

import hmac
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise

import pytest

from bot.attendance.checks.plan import draw, hash_of, moments_by_plan, moments_by_ranges, seed_of, usable_time, word_of
from bot.attendance.checks.refused import CheckRefused, RefusalCode
from bot.attendance.checks.settings import CheckSettings, Template, TimeRange, custom, settings_of
from bot.attendance.lessons import Lesson
from tests.builders import NINE, a_lesson, at, during

SEEDS = [seed_of(b"secret", f"run {number}") for number in range(10_000)]


def offsets(template: Template, lesson: Lesson, seed: str) -> list[float]:
    """Minutes from the lesson's start."""
    moments = moments_by_plan(settings_of(template), lesson, seed)
    return [(moment - lesson.planned_start).total_seconds() / 60 for moment in moments]


def is_uniform(values: list[float], start: float, end: float) -> bool:
    """Ten bins of equal width hold about the same: within five standard deviations of a tenth."""
    assert min(values) >= start
    assert max(values) < end
    bins = Counter(int((value - start) / (end - start) * 10) for value in values)
    expected = len(values) / 10
    return all(abs(bins[number] - expected) < 5 * (expected * 0.9) ** 0.5 for number in range(10))


def test_cpe_asks_three_times_in_fifty_minutes_each_uniform_in_its_slot():
    # usable 10 … 45; slots of 35/3 min, of which the last third is left free
    lesson, slot = a_lesson(minutes=50), 700 / 60
    plans = [offsets(Template.CPE, lesson, seed) for seed in SEEDS]
    assert {len(plan) for plan in plans} == {3}
    for place in range(3):
        start = 10 + place * slot
        assert is_uniform([plan[place] for plan in plans], start, start + slot - 233 / 60)
    assert min(later - earlier for plan in plans for earlier, later in pairwise(plan)) >= 233 / 60


def test_in_a_long_lesson_two_questions_are_ten_minutes_apart():
    lesson = a_lesson(minutes=180)
    plans = [offsets(Template.CPE, lesson, seed) for seed in SEEDS[:2_000]]
    slot = 165 / 11
    assert {len(plan) for plan in plans} == {11}  # three per fifty minutes, and never fewer
    assert min(later - earlier for plan in plans for earlier, later in pairwise(plan)) >= slot / 3 - 1 / 60


def test_light_asks_once_an_hour_ten_minutes_apart_and_once_at_the_end():
    plans = [offsets(Template.LIGHT, a_lesson(minutes=120), seed) for seed in SEEDS]
    assert {len(plan) for plan in plans} == {3}
    assert is_uniform([plan[0] for plan in plans], 10, 50)  # slots of 50 min, less ten minutes
    assert is_uniform([plan[1] for plan in plans], 60, 100)
    assert is_uniform([plan[2] for plan in plans], 110, 115)
    assert min(later - earlier for plan in plans for earlier, later in pairwise(plan)) >= 10


def test_cle_asks_once_in_fifty_minutes_and_once_five_to_ten_minutes_before_the_end():
    plans = [offsets(Template.CLE, a_lesson(minutes=50), seed) for seed in SEEDS]
    assert {len(plan) for plan in plans} == {2}
    assert is_uniform([plan[0] for plan in plans], 10, 30)  # 10 … 40, less ten minutes
    assert is_uniform([plan[1] for plan in plans], 40, 45)


def test_nobody_is_asked_in_a_break_nor_at_the_edges():
    lesson = a_lesson(minutes=90, breaks=(during(40, 50),))
    for seed in SEEDS[:1_000]:
        for moment in offsets(Template.CPE, lesson, seed):
            assert 10 <= moment < 85
            assert not 40 <= moment < 50


def test_with_less_than_ten_usable_minutes_there_is_one_in_the_middle_third():
    plans = [offsets(Template.CPE, a_lesson(minutes=24), seed) for seed in SEEDS]
    assert {len(plan) for plan in plans} == {1}
    assert is_uniform([plan[0] for plan in plans], 13, 16)  # usable 10 … 19


@pytest.mark.parametrize("minutes", [10, 15, 19.9])
def test_with_less_than_five_usable_minutes_there_is_none(minutes: float):
    assert offsets(Template.LIGHT, a_lesson(minutes=minutes), SEEDS[0]) == []


def test_usable_is_the_lesson_less_its_first_ten_and_last_five_minutes_and_its_breaks():
    lesson = a_lesson(minutes=60, breaks=(during(20, 30),))
    assert usable_time(lesson) == [during(10, 20), during(30, 55)]


def test_by_ranges_the_first_comes_after_the_delay_and_each_other_after_an_interval():
    settings = settings_of(Template.OPENTALK)
    first, then = [], []
    for seed in SEEDS:
        one, two, three = islice(moments_by_ranges(settings, NINE, seed), 3)
        first.append((one - NINE).total_seconds())
        then += [(two - one).total_seconds(), (three - two).total_seconds()]
    assert is_uniform(first, 600, 1800)
    assert is_uniform(then, 6300, 8100)


def test_without_anything_to_choose_a_range_is_to_the_second():
    settings = custom(TimeRange(60, 0), TimeRange(90, 0))
    assert list(islice(moments_by_ranges(settings, NINE, SEEDS[0]), 3)) == [at(1), at(2.5), at(4)]


def test_the_same_seed_gives_the_same_plan_and_another_another():
    lesson = a_lesson(minutes=90)
    assert offsets(Template.CPE, lesson, SEEDS[0]) == offsets(Template.CPE, lesson, SEEDS[0])
    assert offsets(Template.CPE, lesson, SEEDS[0]) != offsets(Template.CPE, lesson, SEEDS[1])


def test_anybody_can_draw_again_with_the_recipe_of_the_guide():
    seed = SEEDS[0]
    digest = hmac.new(bytes.fromhex(seed), b"moment 3", sha256).digest()
    assert draw(seed, 3, 1200) == int.from_bytes(digest) * 1200 // 2**256
    assert hash_of(seed) == sha256(seed.encode()).hexdigest()
    assert seed == hmac.new(b"secret", b"run 0", sha256).hexdigest()


def test_the_code_word_is_easy_to_say_and_hard_to_guess():
    words = {word_of(seed, number) for seed in SEEDS[:500] for number in (1, 2)}
    assert len(words) > 990
    assert all(len(word) == 6 and set(word[1::2]) <= set("aeiou") for word in words)


@pytest.mark.parametrize("initial", [TimeRange(0, 0), TimeRange(36_001, 0), TimeRange(1, -1), TimeRange(1, 36_001)])
def test_a_range_out_of_bounds_is_refused(initial: TimeRange):
    for settings in (lambda: custom(initial), lambda: custom(interval=initial)):
        with pytest.raises(CheckRefused) as refused:
            settings()
        assert refused.value.code is RefusalCode.INVALID_PARAMETERS


def test_without_a_window_a_question_is_open_until_the_next():
    assert custom(window=None).window is None


def test_a_range_at_its_bounds_is_taken():
    assert custom(TimeRange(1, 0), TimeRange(36_000, 36_000)).interval == TimeRange(36_000, 36_000)


@pytest.mark.parametrize("window", [timedelta(seconds=29), timedelta(minutes=61)])
def test_a_time_to_answer_that_nobody_could_use_is_refused(window: timedelta):
    with pytest.raises(CheckRefused) as refused:
        custom(window=window)
    assert refused.value.code is RefusalCode.INVALID_PARAMETERS


def test_the_defaults_are_those_of_the_protocol():
    assert (CheckSettings(template=Template.OPENTALK).initial, CheckSettings(template=Template.OPENTALK).interval) == (
        TimeRange(600, 1200),
        TimeRange(6300, 1800),
    )
    assert settings_of(Template.OPENTALK).window is None
    assert {settings_of(each).window for each in Template if each is not Template.OPENTALK} == {timedelta(minutes=5)}


def test_a_plan_is_in_order_and_falls_on_whole_seconds():
    moments = moments_by_plan(settings_of(Template.CPE), a_lesson(minutes=180), SEEDS[7])
    assert list(moments) == sorted(moments)
    assert all(isinstance(moment, datetime) and moment.microsecond == 0 for moment in moments)
