"""The timetable: the course file, the lessons it plans, and what a changed file changes. Pure: text in, values out."""
