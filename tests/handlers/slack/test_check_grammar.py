"""What may be typed behind `/rollcall check` and `/presence`, and how it is understood."""

from datetime import timedelta

import pytest

from handlers.slack.check_grammar import CheckVerb, NoLength, Series, Span, length_of, parse_check, parse_time, span_of
from handlers.slack.grammar import Verb, Who, parse, sentence, split

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def series(typed: str) -> Series:
    return parse_check(split(f"start {typed}")).series


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("now", CheckVerb.NOW),
        ("Now!", CheckVerb.NOW),
        ("once", CheckVerb.NOW),
        ("start", CheckVerb.START),
        ("enable", CheckVerb.START),
        ("stop", CheckVerb.STOP),
        ("off", CheckVerb.STOP),
        ("status", CheckVerb.STATUS),
        ("confirm heron", CheckVerb.CONFIRM),
        ("", None),
        ("heron", None),
    ],
)
def test_case_synonyms_and_punctuation_do_not_matter(typed: str, verb: CheckVerb | None) -> None:
    assert parse_check(split(typed)).verb is verb


@pytest.mark.parametrize("typed", ["check now", "presence now", "Checks now"])
def test_the_root_command_leads_to_it(typed: str) -> None:
    command = parse(typed)
    assert command.verb is Verb.CHECK
    assert parse_check(command.words).verb is CheckVerb.NOW


def test_status_alone_is_still_who_is_here() -> None:
    assert parse("status").verb is Verb.NOW
    assert parse_check(parse("check status").words).verb is CheckVerb.STATUS


@pytest.mark.parametrize("template", ["opentalk", "Light", "CPE", "cle"])
def test_a_template_is_named(template: str) -> None:
    assert series(template) == Series(template=template.casefold())


def test_nothing_said_is_what_the_course_says() -> None:
    assert series("") == Series()


@pytest.mark.parametrize("typed", ["every 20m", "every 20", "every 20 min", "each 20 minutes", "20m", "every 1200s"])
def test_one_distance_is_for_the_first_question_and_for_those_after_it(typed: str) -> None:
    assert series(typed) == Series(first=Span(20 * MINUTE), then=Span(20 * MINUTE))


@pytest.mark.parametrize("typed", ["after 10m within 20m", "10-30m", "after 10 within 20", "10m–30m", "10-30"])
def test_a_range_has_an_earliest_moment_and_a_length(typed: str) -> None:
    assert series(typed) == Series(first=Span(10 * MINUTE, 20 * MINUTE), then=Span(10 * MINUTE, 20 * MINUTE))


@pytest.mark.parametrize(
    "typed",
    [
        "after 10m within 20m every 1h within 10m",
        "first after 10m within 20m then after 1h within 10m",
        "then 60-70m first 10-30m",
        "10-30m, 60-70m",
        "after 10m within 20m and every 60 min within 10 min",
    ],
)
def test_two_ranges_are_the_first_question_and_those_after_it(typed: str) -> None:
    assert series(typed) == Series(first=Span(10 * MINUTE, 20 * MINUTE), then=Span(HOUR, 10 * MINUTE))


@pytest.mark.parametrize("typed", ["every 20m answer within 3m", "every 20m deadline 3m", "answer in 3 min every 20m"])
def test_the_time_to_answer_is_told_apart_from_a_range(typed: str) -> None:
    assert series(typed) == Series(first=Span(20 * MINUTE), then=Span(20 * MINUTE), answer_within=3 * MINUTE)


@pytest.mark.parametrize("typed", ["cpe no deadline", "without deadline cpe"])
def test_a_question_may_have_no_deadline(typed: str) -> None:
    assert series(typed) == Series(template="cpe", has_no_deadline=True)


@pytest.mark.parametrize(
    "typed", ["start Python 101 cpe", "start cpe Python 101", 'start "Python 101" cpe', "start CPE, Python 101"]
)
def test_what_else_is_typed_names_the_course(typed: str) -> None:
    line = parse_check(split(typed))
    assert line.series == Series(template="cpe")
    assert sentence(line.words).strip(",") == "Python 101"


def test_the_word_that_was_said_aloud_is_kept() -> None:
    assert sentence(parse_check(split("confirm Grey Heron")).words) == "Grey Heron"


@pytest.mark.parametrize("typed", ["every", "every day", "after 10m within", "answer soon", "30-10m", 'every "20m"'])
def test_where_a_length_should_stand_and_none_does_it_is_said(typed: str) -> None:
    with pytest.raises(NoLength):
        series(typed)


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("5", 5 * MINUTE),
        ("5 min", 5 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("2 hours", 2 * HOUR),
        ("soon", None),
        ("", None),
        ("-5m", None),
    ],
)
def test_lengths_are_typed_as_people_write_them(typed: str, length: timedelta | None) -> None:
    assert length_of(typed) == length


@pytest.mark.parametrize(
    ("typed", "who", "length"),
    [
        ("<@U0BOB> 15m", Who(mention="U0BOB"), 15 * MINUTE),
        ("Bob Stone 15 min", Who(name="Bob Stone"), 15 * MINUTE),
        ("Bob Stone 15", Who(name="Bob Stone"), 15 * MINUTE),
        ("Bob Stone", Who(name="Bob Stone"), None),
        ("15m", Who(), 15 * MINUTE),
        ("", Who(), None),
    ],
)
def test_a_longer_time_is_given_to_a_mention_or_a_name(typed: str, who: Who, length: timedelta | None) -> None:
    assert parse_time(split(typed)) == (who, length)


@pytest.mark.parametrize("typed", ["10-30m", "after 10m within 20m", " 10m-30m "])
def test_a_field_of_the_modal_holds_one_range(typed: str) -> None:
    assert span_of(typed) == Span(10 * MINUTE, 20 * MINUTE)


def test_an_empty_field_says_nothing() -> None:
    assert span_of(" ") is None


@pytest.mark.parametrize("typed", ["10-30m 60-70m", "cpe", "soon", "10m please", "answer 3m"])
def test_a_field_with_anything_else_is_wrong(typed: str) -> None:
    with pytest.raises(NoLength):
        span_of(typed)
