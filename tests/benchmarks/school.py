"""A school as large as one likes, written straight into a store."""

from datetime import datetime, timedelta

from storage.database import Store
from storage.tables import Course, Enrolment, Lesson, Person, Room, table_of

WINDOW_BEFORE = timedelta(minutes=30)
WINDOW_AFTER = timedelta(minutes=120)
LESSON = timedelta(hours=1)
ROWS = 5_000


async def found_school(
    store: Store, *, lessons: int, students: int, starts_at: datetime, created_at: datetime, due_at: datetime | None
) -> None:
    """One course with its own room, trainer and students per lesson; every lesson starts at the same moment."""
    async with store.write() as memory:
        account_id = await memory.accounts.default("zoom")
        workspace_id = memory.workspace_id
    numbers = range(lessons)
    people = [
        {
            "id": f"p{course}-{place}",
            "workspace_id": workspace_id,
            "name": f"Student {course}-{place}",
            "email": f"p{course}-{place}@example.com",
            "slack_user_id": f"U{course}X{place}",
            "informed_at": created_at,
        }
        for course in numbers
        for place in range(students + 1)
    ]
    enrolments = [
        {
            "id": f"e{course}-{place}",
            "course_id": f"c{course}",
            "person_id": f"p{course}-{place}",
            "role": "trainer" if place == students else "student",
        }
        for course in numbers
        for place in range(students + 1)
    ]
    tables = {
        Room: [{"id": f"r{each}", "account_id": account_id, "ref": str(each)} for each in numbers],
        Person: people,
        Course: [
            {
                "id": f"c{each}",
                "workspace_id": workspace_id,
                "key": f"course-{each}",
                "name": f"Course {each}",
                "room_id": f"r{each}",
                "platform": "zoom",
                "channel": f"C{each}",
                "created_at": created_at,
                "join_url": "https://example.com/j/1",
            }
            for each in numbers
        ],
        Enrolment: enrolments,
        Lesson: [
            {
                "id": f"l{each}",
                "workspace_id": workspace_id,
                "course_id": f"c{each}",
                "room_id": f"r{each}",
                "planned_start": starts_at,
                "planned_end": starts_at + LESSON,
                "window_start": starts_at - WINDOW_BEFORE,
                "window_end": starts_at + LESSON + WINDOW_AFTER,
                "due_at": due_at,
            }
            for each in numbers
        ],
    }
    for model, rows in tables.items():
        for start in range(0, len(rows), ROWS):
            chunk = [model(**row).model_dump() for row in rows[start : start + ROWS]]
            columns = list(chunk[0])
            async with store.write() as memory:
                await memory._transaction.insert_new(  # set-up of a benchmark, not a query of the program
                    table_of(model), columns, [tuple(row[name] for name in columns) for row in chunk]
                )
