"""What a course file says: scalars are text until we give them a type, and what is left out has a default."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.attendance.lessons import END_OF_DAY, Policy
from bot.timetable.course_file import read_course_file
from bot.timetable.people import PersonPlan
from bot.timetable.problems import BadCourseFile
from bot.timetable.schedule import Break
from tests.bot.timetable.builders import PLATFORMS, a_course, a_file, course_text, mistakes


def test_a_course_says_where_and_when_it_meets() -> None:
    course = a_course(staff_channel='"#Trainers"', join_url="https://example.com/j/1", key="py-autumn")
    assert (course.key, course.name, course.channel, course.staff_channel) == (
        "py-autumn",
        "Python 101",
        "#python-101",
        "#trainers",
    )
    assert (course.zone, course.platform, course.room, course.join_url) == (
        "Europe/Rome",
        "zoom",
        "97711976001",
        "https://example.com/j/1",
    )


def test_a_course_without_a_key_gets_one_from_its_name() -> None:
    assert a_course(name='"  Python 101: Ünïcode & more! "').key == "python-101-ünïcode-more"


def test_a_channel_may_be_an_id() -> None:
    assert a_course(channel="C0PYTHON").channel == "C0PYTHON"


def test_the_student_no_is_a_name_and_leading_zeros_stay() -> None:
    course = a_course(students="[{name: No, external_id: 0123}, {name: Null}, {name: 18:00}, {name: 1e3}]", room="0977")
    assert [student.name for student in course.students] == ["No", "Null", "18:00", "1e3"]
    assert course.students[0].external_id == "0123"
    assert course.room == "0977"


def test_a_person_has_the_same_fields_in_every_role() -> None:
    person = (
        "{name: Ada Lovelace, email: ADA@Example.com, slack: U0ADA, external_id: ada-1, registrant_id: lyF4,"
        " from: 2026-11-23, until: 2027-02-26}"
    )
    ada = PersonPlan(
        name="Ada Lovelace",
        email="ada@example.com",
        slack="U0ADA",
        external_id="ada-1",
        registrant_id="lyF4",
        from_on=date(2026, 11, 23),
        until_on=date(2027, 2, 26),
    )
    assert a_course(students=f"[{person}]").students == (ada,)
    assert a_course(trainers=f"[{person}]").trainers == (ada,)
    assert a_course(observers=f"[{person}]").observers == (ada,)
    assert a_course(coordinator=person).coordinator == ada


def test_a_guest_of_one_day_is_enrolled_from_and_until_that_day() -> None:
    (guest,) = a_course(students="[{name: Ada, from: 2026-11-23, until: 2026-11-23}]").students
    assert guest.from_on == guest.until_on == date(2026, 11, 23)


def test_who_has_an_e_mail_only_is_called_by_it() -> None:
    coordinator = a_course(coordinator="{email: office@example.com}").coordinator
    assert coordinator == PersonPlan(name="office@example.com", email="office@example.com")


def test_a_course_without_a_coordinator_leaves_it_to_the_admins() -> None:
    assert a_course().coordinator is None


def test_one_person_may_be_in_two_courses_but_not_twice_in_one() -> None:
    ada = "[{name: Ada, email: ada@example.com}]"
    a_file(course_text(students=ada), course_text(name="Rust 101", students=ada))
    assert mistakes(trainers="[{name: Ada L, email: Ada@example.com}]", students=ada) == [
        "9: courses[0].students[0].email: `ada@example.com` stands already at courses[0].trainers[0] (line 8): keep one of the two"
    ]


@pytest.mark.parametrize("key", ["slack: U0ADA", "external_id: a-1", "registrant_id: r-1"])
def test_two_people_cannot_have_one_id(key: str) -> None:
    (mistake,) = mistakes(students=f"[{{name: Ada, {key}}}, {{name: Bob, {key}}}]")
    assert "stands already at courses[0].students[0] (line 8)" in mistake


def test_breaks_have_an_order_of_their_own() -> None:
    course = a_course(breaks="[{after: 120m, for: 5m}, {after: 1h, for: 10m}]")
    assert course.breaks == (
        Break(after=timedelta(hours=1), length=timedelta(minutes=10)),
        Break(after=timedelta(hours=2), length=timedelta(minutes=5)),
    )


def test_a_course_without_a_policy_has_our_defaults() -> None:
    assert a_course().policy == Policy()


def test_one_number_of_the_policy_may_be_chosen_alone() -> None:
    assert a_course(policy="{minimum: 80%}").policy == Policy(minimum=Fraction(4, 5))


def test_every_number_of_the_policy_can_be_chosen() -> None:
    policy = """
      late_grace: 15m
      early_grace: 0s
      minimum: 87.5%
      bridge: 2m
      min_presence: 5m
      basis: planned
      late_reference: planned
      remind_students_after: [1m, 1m30s, 1h]
      tell_trainer_after: 11m
      waiting_after: 12m
      dropped_after: 13m
      trainer_missing_after: 14m
      coordinator_after: 1h15m
      host_roles: [Instructor, guest teacher]
      presence_checks: cpe
      autostart: yes
      check_rule: 70 %
      check_failure: partial
      summary_names: off
      lock_after: never
      retention: 3650d"""
    assert a_course(policy=policy).policy == Policy(
        late_grace=timedelta(minutes=15),
        early_grace=timedelta(0),
        minimum=Fraction(7, 8),
        bridge=timedelta(minutes=2),
        min_presence=timedelta(minutes=5),
        basis="planned",
        late_reference="planned",
        remind_students_after=(timedelta(minutes=1), timedelta(seconds=90), timedelta(hours=1)),
        tell_trainer_after=timedelta(minutes=11),
        waiting_after=timedelta(minutes=12),
        dropped_after=timedelta(minutes=13),
        trainer_missing_after=timedelta(minutes=14),
        coordinator_after=timedelta(minutes=75),
        host_roles=("instructor", "guest teacher"),
        presence_checks="cpe",
        autostart=True,
        check_rule=Fraction(7, 10),
        check_failure="partial",
        summary_names=False,
        lock_after=None,
        retention=timedelta(days=3650),
    )


def test_a_lesson_may_be_locked_at_the_end_of_its_day() -> None:
    assert a_course(policy="{lock_after: end of day}").policy.lock_after == END_OF_DAY


def test_nobody_is_reminded_where_the_list_of_steps_is_empty() -> None:
    assert a_course(policy="{remind_students_after: []}").policy.remind_students_after == ()


def test_two_names_that_make_one_key_need_keys_of_their_own() -> None:
    (mistake,) = mistakes(course_text(), course_text(name="Python-101"))
    assert mistake.endswith(
        "courses[1].key: `python-101` is already the key of courses[0] (line 2): give each course a key of its own"
    )
    a_file(course_text(), course_text(name="Python-101", key="py-2"))


def test_lessons_that_overlap_in_one_room_are_a_warning() -> None:
    evening = "[{start: 2026-11-23T18:00, duration: 2h}]"
    later = "[{start: 2026-11-23T19:00, duration: 15m}, {start: 2026-11-24T19:00, duration: 2h}]"
    later = later.replace("]", ", {start: 2026-11-23T19:30, duration: 1h}]")
    file = a_file(course_text(schedule=evening), course_text(name="Rust 101", schedule=later))
    assert [str(warning) for warning in file.warnings] == [
        (
            "courses[1]: the lesson of 2026-11-23 19:00 overlaps with a lesson of courses[0], `Python 101`, in the room "
            "`97711976001`: each person counts in the lessons on whose roster they stand"
        )
    ]


def test_lessons_back_to_back_or_in_two_rooms_do_not_overlap() -> None:
    evening, night = "[{start: 2026-11-23T18:00, duration: 2h}]", "[{start: 2026-11-23T20:00, duration: 2h}]"
    assert a_file(course_text(schedule=evening), course_text(name="Rust 101", schedule=night)).warnings == ()
    assert a_file(course_text(), course_text(name="Rust 101", room="2")).warnings == ()


class TestRoster:
    ROSTER = "until,email, Name ,external_id\n2027-02-26,ada@example.com,Ada Lovelace,ada-1\n,bob@example.com,No,\n"

    def test_its_columns_may_stand_in_any_order(self) -> None:
        course = a_course(students="[{name: Eve}, {csv: roster.csv}]", files={"roster.csv": self.ROSTER})
        assert course.students == (
            PersonPlan(name="Eve"),
            PersonPlan(name="Ada Lovelace", email="ada@example.com", external_id="ada-1", until_on=date(2027, 2, 26)),
            PersonPlan(name="No", email="bob@example.com"),
        )

    def test_it_may_come_from_a_spreadsheet(self) -> None:
        roster = '\ufeffname;email\r\n"Lovelace; Ada";ada@example.com\r\n;\r\n\r\n'
        course = a_course(students="[{csv: lists/roster.csv}]", files={"lists/roster.csv": roster})
        assert course.students == (PersonPlan(name="Lovelace; Ada", email="ada@example.com"),)

    @pytest.mark.parametrize(
        ("roster", "line", "part"),
        [
            ("name,mail\nAda,ada@example.com\n", 1, "`mail` is no column of a roster: did you mean `email`?"),
            ("name,email,name\n", 1, "the column `name` stands twice"),
            ("slack\nU0ADA\n", 1, "has neither a column name nor email"),
            ("", 1, "has neither a column name nor email"),
            ("name,email\n\nAda,\nBob,bob\n", 4, "email: `bob` is no e-mail address"),
            ('name,email\n"A\nda",ada@example.com\nBob,x,y\n', 4, "has 3 values for 2 columns"),
            ('name\n"Ada\n', 2, "this is no CSV"),
            ("name,slack\n,U0BOB\n", 2, "say who this is"),
        ],
    )
    def test_its_mistakes_are_named_with_its_own_line(self, roster: str, line: int, part: str) -> None:
        (mistake,) = mistakes(students="[{csv: roster.csv}]", files={"roster.csv": roster})
        assert mistake.startswith(f"{line}: courses[0].students[0]")
        assert part in mistake

    @pytest.mark.parametrize(
        "path", ["../roster.csv", "/etc/passwd", "a/../../b.csv", "https://example.com/a.csv", "C:\\a.csv", "~/a.csv"]
    )
    def test_it_lies_beside_the_file(self, path: str) -> None:
        (mistake,) = mistakes(students=f"[{{csv: '{path}'}}]", files={path: self.ROSTER})
        assert "is no path beside the course file" in mistake

    def test_one_that_is_too_large_is_refused(self) -> None:
        (mistake,) = mistakes(students="[{csv: roster.csv}]", files={"roster.csv": "name\n" + "x\n" * 1024 * 1024})
        assert mistake == "8: courses[0].students[0].csv: `roster.csv` is larger than 1 MiB: split it"


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ({"name": "[a]"}, "2: courses[0].name: is a list, but a single value belongs here"),
        ({"name": "x" * 201}, f"2: courses[0].name: `{'x' * 60}…` is too long: write at most 200 characters"),
        ({"name": '"\\u200e"'}, "2: courses[0].name: holds no character that can be shown: write a text"),
        (
            {"join_url": "'http://[1'"},
            "8: courses[0].join_url: `http://[1` is no link: write it whole, https://example.com/j/97711976001",
        ),
        (
            {"join_url": "ftp://a/b"},
            "8: courses[0].join_url: `ftp://a/b` is no link: write it whole, https://example.com/j/97711976001",
        ),
        (
            {"schedule": "[{start: 1926-11-23T18:00, duration: 1h}]"},
            (
                "7: courses[0].schedule[0].start: `1926-11-23T18:00` is no time of the calendar "
                "(the year 1926 is not from 2000 to 2100): write it as 2026-11-23T18:00"
            ),
        ),
        (
            {"students": "[Ada]"},
            "8: courses[0].students[0]: is a text, but a mapping of keys and values belongs here: write {key: value}",
        ),
        (
            {"breaks": "[10m]"},
            "8: courses[0].breaks[0]: is a text, but a mapping of keys and values belongs here: write {key: value}",
        ),
        (
            {"policy": "{remind_students_after: [[3m]]}"},
            "8: courses[0].policy.remind_students_after[0]: is a list, but a single value belongs here",
        ),
        (
            {"policy": "{remind_students_after: 3m}"},
            "8: courses[0].policy.remind_students_after: is a text, but a list belongs here: write [ … ]",
        ),
        (
            {"schedule": "[{end: 2026-11-23T18:00}]"},
            "7: courses[0].schedule[0].start: is missing: say when the lesson begins: write {start, end}, {rrule, start, duration} or {ics}",
        ),
        ({"schedule": "{ics: t.ics}"}, "7: courses[0].schedule: is a mapping, but a list belongs here: write [ … ]"),
        ({"schedule": "[]"}, "7: courses[0].schedule: plans nothing: write a list of lessons, or the word sessions"),
    ],
)
def test_a_value_of_the_wrong_shape_is_named(keys: dict[str, str], mistake: str) -> None:
    assert mistakes(**keys) == [mistake]


def test_a_file_needs_courses() -> None:
    with pytest.raises(
        BadCourseFile, match="courses: is missing: write courses: and under it one item for each course"
    ):
        read_course_file("{}", read=str, platforms=PLATFORMS)


def test_a_roster_in_another_encoding_is_refused() -> None:
    def latin_1(_: str) -> str:
        return b"J\xfcrgen".decode()

    text = f"courses:\n{course_text(students='[{csv: roster.csv}]')}"
    with pytest.raises(BadCourseFile, match=r"`roster\.csv` is no text in UTF-8: save it again as UTF-8"):
        read_course_file(text, read=latin_1, platforms=PLATFORMS)
