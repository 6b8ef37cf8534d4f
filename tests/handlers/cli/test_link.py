"""`rollcall link`: everybody's own way in, for who has no Slack; and a new one where one got about."""

import json
from pathlib import Path

import pytest

from handlers.join_links import JoinLinks
from handlers.keys import Keys
from tests.handlers.cli.conftest import COURSE, Type

SET = {
    "ROLLCALL_SECRET_KEY": "a text of more than thirty-two characters",
    "ROLLCALL_PUBLIC_URL": "https://rollcall.example.com/",
}
LINKS = JoinLinks(Keys([SET["ROLLCALL_SECRET_KEY"]]), SET["ROLLCALL_PUBLIC_URL"])


@pytest.fixture(autouse=True)
def course(type_: Type, course_file: Path) -> None:
    course_file.write_text(COURSE.replace("    schedule", "    join_url: https://example.com/j/1\n    schedule"))
    type_("course", "import", course_file)


def listed(type_: Type) -> dict[str, str]:
    """E-mail → link."""
    shown = json.loads(type_("link", "list", "--course", "Python 101", "--json", **SET).out)
    return {each["email"]: each["link"] for each in shown}


def test_everybody_in_a_course_has_a_link_of_their_own(type_: Type) -> None:
    shown = listed(type_)
    assert set(shown) == {"ada@example.com", "grace@example.com"}
    places = [LINKS.read(link.removeprefix("https://rollcall.example.com/join/")) for link in shown.values()]
    assert len({place.person_id for place in places if place is not None}) == 2
    line = f"Ada Lovelace  ada@example.com  {shown['ada@example.com']}\n"
    assert line in type_("link", "list", "--course", "Python 101", **SET).out


def test_one_person_s_link_is_renewed_or_everybody_s(type_: Type) -> None:
    first = listed(type_)
    said = type_("link", "renew", "--course", "Python 101", "--person", " Ada@example.com", **SET)
    assert said.out == "1 link is good for nothing any more.\n"
    second = listed(type_)
    assert [first[each] == second[each] for each in ("ada@example.com", "grace@example.com")] == [False, True]
    assert type_("link", "renew", "--course", "Python 101", **SET).out == "2 links are good for nothing any more.\n"
    third = listed(type_)
    assert not set(second.values()) & set(third.values())


@pytest.mark.parametrize(
    ("words", "settings", "why"),
    [
        (["list", "--course", "Cobol"], SET, "There is no course 'Cobol'"),
        (["renew", "--course", "Cobol"], SET, "There is no course 'Cobol'"),
        (["renew", "--course", "Python 101", "--person", "eve@example.com"], SET, "nobody in Python 101 has this"),
        (["list", "--course", "Python 101"], {**SET, "ROLLCALL_PUBLIC_URL": ""}, "ROLLCALL_PUBLIC_URL is missing"),
        (["list", "--course", "Python 101"], {**SET, "ROLLCALL_SECRET_KEY": ""}, "ROLLCALL_SECRET_KEY is missing"),
    ],
)
def test_a_wrong_value_is_named(type_: Type, words: list[str], settings: dict[str, str], why: str) -> None:
    refused = type_("link", *words, **settings)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err


def test_a_course_without_a_link_has_none_for_anybody(type_: Type, course_file: Path) -> None:
    course_file.write_text(COURSE)
    type_("course", "import", course_file)
    refused = type_("link", "list", "--course", "Python 101", **SET)
    assert (refused.code, "has no `join_url`" in refused.err) == (2, True)
