"""What may be typed behind `/rollcall`, and how it is understood."""

from datetime import date

import pytest

from handlers.slack.grammar import (
    Mark,
    MarkKind,
    Verb,
    Who,
    leading_day,
    leading_name,
    leading_person,
    parse,
    parse_mark,
    sentence,
    split,
)

BOB = Who(mention="U0BOB")


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("", Verb.MENU),
        ("   ", Verb.MENU),
        ("menu", Verb.MENU),
        ("help", Verb.HELP),
        ("HELP  ", Verb.HELP),
        ("?", Verb.HELP),
        ("Now.", Verb.NOW),
        ("who", Verb.NOW),
        ("status Python 101", Verb.NOW),
        ("summary", Verb.SUMMARY),
        ("mark @bob present", Verb.MARK),
        ("excuse <@U0BOB>", Verb.MARK),
        ("cancelled trainer ill", Verb.CANCEL),
        ("me!", Verb.ME),
        ("Why", Verb.WHY),
    ],
)
def test_case_synonyms_and_spaces_do_not_matter(typed: str, verb: Verb) -> None:
    assert parse(typed).verb is verb


@pytest.mark.parametrize(("typed", "meant"), [("sumary", Verb.SUMMARY), ("hlep", Verb.HELP), ("cancle", Verb.CANCEL)])
def test_an_unknown_verb_gets_the_nearest_suggestion(typed: str, meant: Verb) -> None:
    command = parse(f"{typed} please")
    assert (command.verb, command.suggestion, command.typed) == (None, meant, typed)


def test_nonsense_gets_no_suggestion() -> None:
    assert parse("xyzzy").suggestion is None


def test_a_quoted_verb_is_a_name_and_no_verb() -> None:
    assert parse('"help"').verb is None


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("<@U0BOB|bob.stone> present", Mark(BOB, MarkKind.PRESENT)),
        ("<@U0BOB> excused the flu, again", Mark(BOB, MarkKind.EXCUSED, "the flu, again")),
        ("<@U0BOB>, ABSENT.", Mark(BOB, MarkKind.ABSENT)),
        ("Bob Stone sick fever", Mark(Who(name="Bob Stone"), MarkKind.EXCUSED, "fever")),
        ("@Bob here", Mark(Who(name="Bob"), MarkKind.PRESENT)),
        ("excused <@U0BOB> flu", Mark(BOB, MarkKind.EXCUSED, "flu")),
        ("excused Bob Stone", Mark(Who(name="Bob Stone"), MarkKind.EXCUSED)),
        ("“Will Present” absent", Mark(Who(name="Will Present"), MarkKind.ABSENT)),
        ('"Ann Here" present was on the phone', Mark(Who(name="Ann Here"), MarkKind.PRESENT, "was on the phone")),
        ("<@U0BOB>", Mark(BOB)),
        ("Bob Stone", Mark(Who(name="Bob Stone"))),
        ("present", Mark(Who(), MarkKind.PRESENT)),
        ("", Mark()),
    ],
)
def test_mark_takes_a_mention_or_a_name_and_a_reason(typed: str, mark: Mark) -> None:
    assert parse_mark(split(typed)) == mark


def test_smart_quotes_of_any_language_hold_words_together() -> None:
    words = split("„Python 101“ «late bus» “never closed")
    assert [word.text for word in words] == ["Python 101", "late bus", "never closed"]


def test_what_slack_escaped_is_read_as_it_was_typed_and_makes_no_mention() -> None:
    (word, other) = split("R&amp;D &lt;@U0BOB&gt;")
    assert word.text == "R&D"
    assert (other.text, other.mention) == ("<@U0BOB>", "")


def test_the_longest_course_name_at_the_beginning_is_taken() -> None:
    words = split("python 101 evening the trainer is ill")
    name, rest = leading_name(words, ["Python 101", "Python 101 Evening", "History"])
    assert (name, sentence(rest)) == ("Python 101 Evening", "the trainer is ill")


def test_words_that_begin_with_no_course_are_all_reason() -> None:
    name, rest = leading_name(split("ill today"), ["Python 101"])
    assert (name, sentence(rest)) == ("", "ill today")


def test_a_person_at_the_beginning_is_a_mention_or_quoted() -> None:
    who, rest = leading_person(split("<@U0BOB> Python 101"))
    assert (who, sentence(rest)) == (BOB, "Python 101")
    assert leading_person(split("Python 101"))[0] == Who()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 3, 2)),
        ("Yesterday", date(2026, 3, 1)),
        ("2026-02-27", date(2026, 2, 27)),
        ("2026-02-31", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day_is_today_yesterday_or_a_date(typed: str, day: date | None) -> None:
    assert leading_day(split(typed), today=date(2026, 3, 2))[0] == day
