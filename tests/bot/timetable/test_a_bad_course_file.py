"""A bad course file names every mistake with its place, its value and the remedy."""

from pathlib import Path

import pytest

from bot.timetable.course_file import read_course_file
from bot.timetable.problems import BadCourseFile

HERE = Path(__file__).parent

FILES = {
    "roster.csv": "Name,email,until\nBob Kahn,bob@example.com,2027-13-01\nAda,ada@@example.com,,,\nAnn,no@example.com,\n",
    "broken.ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
}


def read(path: str) -> str:
    if path not in FILES:
        raise FileNotFoundError(2, "No such file or directory")
    return FILES[path]


def test_every_mistake_of_a_course_file_is_named_with_its_place_its_value_and_the_remedy() -> None:
    text = (HERE / "bad_course_file.yaml").read_text()
    with pytest.raises(BadCourseFile) as caught:
        read_course_file(text, read=read, platforms=["zoom"])
    shown = [
        f"{problem.place.file or 'courses.yaml'}:{problem.place.line}: {problem}" for problem in caught.value.problems
    ]
    assert "\n".join(shown) + "\n" == (HERE / "bad_course_file.txt").read_text()


def refusal(text: str) -> str:
    with pytest.raises(BadCourseFile) as caught:
        read_course_file(text, read=read, platforms=["zoom"])
    (problem,) = caught.value.problems
    return f"{problem.place.line}: {problem}"


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("", 1, "the file is empty"),
        ("# nothing but a comment\n", 1, "the file is empty"),
        ("just a text", 1, "a mapping of keys and values belongs here"),
        ("courses: []\nextra: 1", 2, "extra: is unknown here"),
        ("courses:\n  - [1, 2", 2, "this is no YAML"),
        ("courses:\n\t- a: 1", 2, "this is no YAML"),
        ("a: 1\n---\nb: 2", 2, "a second document begins here"),
        ("courses:\n  - name: a\x00b", 2, "character #0000 cannot stand in a text"),
        ("courses:\n  - name: a\ud800b", 2, "half a character"),
        ("courses: &all\n  - *all", 1, "anchors (&) and aliases (*) are not read"),
        ("courses:\n  - !!python/object:os.system {}", 2, "tags (!) are not read"),
        ("courses:\n  - {[a]: 1}", 2, "cannot be a key"),
        ("courses: " + "[" * 5_000, 1, "levels deep"),
        ("courses: " + "x" * 1024 * 1024, 1, "larger than 1 MiB"),
    ],
)
def test_what_is_no_course_file_at_all_is_refused_with_one_sentence(text: str, line: int, part: str) -> None:
    shown = refusal(text)
    assert shown.startswith(f"{line}: ")
    assert part in shown


def test_a_billion_laughs_are_refused_at_the_first() -> None:
    laughs = "a: &a [lol, lol]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abc", "bcd", strict=True)
    )
    assert refusal(laughs).startswith("1: anchors")


def test_nothing_is_missing_where_the_word_is_spelt_in_another_case() -> None:
    assert "courses[0].Name: is unknown here: did you mean `name`?" in "\n".join(
        str(problem)
        for problem in _problems(
            'courses:\n  - {Name: x, channel: "#a", timezone: UTC, platform: zoom, room: r, schedule: sessions}'
        )
    )


def _problems(text: str) -> tuple[object, ...]:
    with pytest.raises(BadCourseFile) as caught:
        read_course_file(text, read=read, platforms=["zoom"])
    return caught.value.problems
