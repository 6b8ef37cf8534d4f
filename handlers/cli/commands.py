"""Everything that can be typed behind `rollcall`."""

import typer

from handlers.cli import (
    account,
    check,
    course,
    db,
    delivery,
    demo,
    doctor,
    lesson,
    lesson_show,
    link,
    replay,
    report,
    serve,
    tokens,
)


def command_line() -> typer.Typer:
    """The program as it is typed; its `obj` is the `Context`."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        # Plain help: its boxes call every flag <bool>, as if it wanted a value.
        rich_markup_mode=None,
        # Local variables hold secrets.
        pretty_exceptions_show_locals=False,
        help="The attendance assistant that lives in your school's Slack.",
    )
    serve.register(app)
    demo.register(app)
    doctor.register(app)
    replay.register(app)
    report.register(app)
    app.add_typer(check.app, name="check")
    app.add_typer(course.app, name="course")
    lesson.app.command("show")(lesson_show.show)
    app.add_typer(lesson.app, name="lesson")
    app.add_typer(account.app, name="account")
    app.add_typer(delivery.app, name="delivery")
    app.add_typer(tokens.app, name="token")
    app.add_typer(link.app, name="link")
    app.add_typer(db.app, name="db")
    return app
