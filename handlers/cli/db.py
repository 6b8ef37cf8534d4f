"""`rollcall db upgrade`: bring the database's schema up to date."""

import typer

from handlers.cli.context import context_of, upgrade_database
from handlers.cli.loop import run

app = typer.Typer(no_args_is_help=True, help="The database.")


@app.callback()
def database() -> None:
    """The database."""


@app.command()
def upgrade(ctx: typer.Context) -> None:
    """Run the migrations that are missing; nothing happens where none is."""
    run(upgrade_database(context_of(ctx).settings.database_url))
    print("The database has the schema of this program.")
