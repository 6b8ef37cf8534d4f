"""`rollcall check plan`: whoever has the seed computes the moments again."""

import asyncio

import pytest

from bot.attendance.checks.plan import hash_of, moments_by_plan, seed_of
from bot.attendance.checks.settings import Template, settings_of
from tests.builders import GRACE, a_lesson, at, during
from tests.handlers.check_class import CheckClass
from tests.handlers.cli.conftest import Type

SEED = seed_of(b"secret", "run")
HOUR = ("--start", "2026-03-02T09:00Z", "--end", "2026-03-02T10:00Z")


def test_the_moments_of_a_template_follow_from_the_seed_and_the_lesson(type_: Type):
    lesson = a_lesson(breaks=(during(25, 35),))
    planned = moments_by_plan(settings_of(Template.CPE), lesson, SEED)
    said = type_(
        "check", "plan", "--seed", SEED, "--template", "cpe", *HOUR, "--break", "2026-03-02T09:25Z/2026-03-02T09:35Z"
    )
    assert said.code == 0
    assert said.out.splitlines() == [
        f"hash   {hash_of(SEED)}",
        *(f"plan   {moment:%Y-%m-%dT%H:%M:%SZ}" for moment in planned),
    ]


def test_by_ranges_they_follow_from_the_start_of_the_run(type_: Type):
    said = type_("check", "plan", "--seed", SEED, "--template", "custom", *HOUR, "--first", "600/0", "--then", "1200/0")
    assert said.out.splitlines()[1:] == [
        "plan   2026-03-02T09:10:00Z",
        "plan   2026-03-02T09:30:00Z",
        "plan   2026-03-02T09:50:00Z",
    ]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--seed", SEED), "--start"),
        (("--seed", "zebra", *HOUR), "--seed zebra"),
        (("--seed", SEED, "--template", "weekly", *HOUR), "--template weekly"),
        (("--seed", SEED, "--start", "soon", "--end", "later"), "--start soon"),
        (("--seed", SEED, "--start", "2026-03-02T09:00Z", "--end", "2026-03-02T09:00Z"), "--end"),
        (("--seed", SEED, "--template", "custom", *HOUR, "--first", "10"), "--first 10"),
        (("--seed", SEED, "--template", "custom", *HOUR, "--first", "0/5"), "`after` is 1 to 36000"),
        (("--seed", SEED, *HOUR, "--break", "lunch"), "--break lunch"),
        (("--check", "nothing"), "--check nothing"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_do(type_: Type, sqlite_url: str, words: tuple[str, ...], named: str):
    said = type_("check", "plan", *words, ROLLCALL_DATABASE_URL=sqlite_url)
    assert (said.code, said.out) == (2, "")
    assert named in said.err


def test_of_a_check_that_is_over_it_says_when_it_should_have_asked_and_when_it_did(type_: Type, sqlite_url: str):
    check_id = asyncio.run(_a_check(sqlite_url, is_over=True))
    said = type_("check", "plan", "--check", check_id, ROLLCALL_DATABASE_URL=sqlite_url)
    assert said.out.splitlines()[1:3] == ["plan   2026-03-02T09:10:00Z", "plan   2026-03-02T09:30:00Z"]
    assert said.out.splitlines()[-1] == "asked  2026-03-02T09:10:00Z"


def test_of_a_check_that_runs_nobody_is_told_the_moments(type_: Type, sqlite_url: str):
    check_id = asyncio.run(_a_check(sqlite_url, is_over=False))
    said = type_("check", "plan", "--check", check_id, ROLLCALL_DATABASE_URL=sqlite_url)
    assert (said.code, said.out) == (2, "")
    assert "before it has ended" in said.err


async def _a_check(url: str, *, is_over: bool) -> str:
    lesson = CheckClass(url)
    await lesson.open()
    await lesson.class_is_in()
    check = await lesson.enable(0)
    await lesson.until(10.2)
    if is_over:
        await lesson.checks.disable(lesson.lesson_id, GRACE.id, now=at(12))
    await lesson.close()
    return check.id
