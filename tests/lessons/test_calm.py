"""Nobody is told what is not so."""

import pytest

from tests.lessons.conftest import OpenLesson
from tests.lessons.world import story

#: What happens, and whom nothing must be told that says this.
CALM = {
    "who joins in the second before the reminder gets none": """
happens:
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: ada}
  - {at: 18:02:57, joins: bob}
  - {at: 19:00:30, ends: grace}
told:
  - {at: 17:55:02, to: "#python-101", says: Python 101}
  - {at: 19:00:50, to: "#python-101", says: 2 of 2 attended}
never:
  - {to: ada}
  - {to: bob}
  - {to: grace}
""",
    "who joins in the second of the reminder sees it turn into You joined": """
happens:
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: ada}
  - {at: 18:02:59, joins: bob, delivery: {delay: 8s}}
  - {at: 19:00:30, ends: grace}
told:
  - {at: 17:55:02, to: "#python-101", says: Python 101}
  - {at: 18:03:00, to: bob, says: Python 101 started}
  - {at: 18:03:09, to: bob, becomes: You joined}
  - {at: 19:00:50, to: "#python-101", says: 2 of 2 attended}
never:
  - {to: ada}
  - {to: grace}
""",
    "a microphone test starts no ladder and posts no summary": """
happens:
  - {at: 17:32:00, starts: grace}
  - {at: 17:33:00, ends: grace}
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: [ada, bob]}
  - {at: 19:00:30, ends: grace}
told:
  - {at: 17:55:02, to: "#python-101", says: Python 101}
  - {at: 19:00:50, to: "#python-101", says: 2 of 2 attended}
never:
  - {to: ada}
  - {to: bob}
  - {to: grace}
  - {to: office}
""",
    "who is excused is not reminded": """
happens:
  - {at: 17:55:00, starts: grace}
  - {at: 17:57:00, joins: ada}
  - {at: 18:00:30, types: grace, text: /rollcall mark Bob Stone excused ill, in: "#python-101"}
  - {at: 19:00:30, ends: grace}
told:
  - {at: 17:55:02, to: "#python-101", says: Python 101}
  - {at: 18:00:30, to: grace, whispers: Bob Stone is excused}
  - {at: 19:00:50, to: "#python-101", says: "1 of 2 attended, 1 excused"}
never:
  - {to: ada}
  - {to: bob}
sheet:
  people:
    bob: {verdict: excused}
""",
    "of a cancelled lesson nobody is reminded": """
happens:
  - {at: 17:40:00, types: grace, text: /rollcall cancel, in: "#python-101"}
  - {at: 17:40:05, submits: grace}
never:
  - {to: ada, says: started}
  - {to: bob, says: started}
  - {to: grace, says: waiting}
  - {to: office, says: no trainer}
  - {to: "#python-101", says: attended}
""",
}


@pytest.mark.parametrize("rule", CALM)
async def test_calm(open_lesson: OpenLesson, rule: str) -> None:
    lesson = await open_lesson(story(CALM[rule]))
    await lesson.play()
    forbidden = [each for each in await lesson.differences() if "never, says line" in each]
    assert forbidden == []
    if "told:" in CALM[rule]:
        assert await lesson.differences() == []


async def test_behind_a_feed_that_never_said_anything_nobody_is_told_that_they_are_missing(
    open_lesson: OpenLesson,
) -> None:
    lesson = await open_lesson(story("never: [{to: ada}, {to: bob}]"))
    await lesson.play()
    assert lesson.told("ada") == lesson.told("bob") == []
    assert len(lesson.told("office")) >= 1, "the admins are told once that nothing comes"
