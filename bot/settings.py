"""What the environment decides: read once, checked once, every problem told in one message."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from dotenv.parser import Original, parse_stream
from pydantic import PrivateAttr, SecretStr

from bot.errors import ConfigurationError
from bot.variables import (
    UNITS,
    DatabaseUrl,
    LogFormat,
    PlatformVariables,
    Port,
    Secrets,
    Size,
    Variables,
    WebAddress,
    named,
)

#: Shorter keys can be guessed.
SHORTEST_SECRET_KEY = 32

OfPlatform = TypeVar("OfPlatform", bound=PlatformVariables)


class Settings(Variables):
    """Every setting, with what it is for; `repr` hides the secrets."""

    slack_bot_token: SecretStr | None = named(
        "SLACK_BOT_TOKEN", None, "the bot's token, `xoxb-…`, from *OAuth & Permissions* of the Slack app"
    )
    slack_signing_secret: SecretStr | None = named(
        "SLACK_SIGNING_SECRET", None, "proves that requests come from Slack; from *Basic Information* of the Slack app"
    )
    slack_app_token: SecretStr | None = named(
        "SLACK_APP_TOKEN",
        None,
        "`xapp-…`; with it Slack is reached by Socket Mode and no public URL is needed for Slack",
    )
    slack_api_url: WebAddress = named(
        "SLACK_API_URL", "https://slack.com/api/", "where Slack's Web API is; every call uses it"
    )
    database_url: DatabaseUrl = named(
        "ROLLCALL_DATABASE_URL", "sqlite+aiosqlite:///rollcall.db", "or `postgresql+asyncpg://…`", shown=False
    )
    host: str = named("ROLLCALL_HOST", "127.0.0.1", "the address to listen on")
    port: Port = named("ROLLCALL_PORT", 8080, "the port to listen on")
    public_url: WebAddress = named("ROLLCALL_PUBLIC_URL", "", "how the world reaches this bot, for links")
    secret_key: Secrets = named(
        "ROLLCALL_SECRET_KEY", (), "any text of at least 32 characters; several, comma-separated, while rotating"
    )
    api_token: SecretStr | None = named(
        "ROLLCALL_API_TOKEN", None, "a fixed bearer token for the HTTP API, with the scopes `read` and `rooms`"
    )
    data_dir: Path = named("ROLLCALL_DATA_DIR", Path("rollcall-data"), "where reports are stored")
    storage_quota: Size = named(
        "ROLLCALL_STORAGE_QUOTA", 5 * UNITS["GB"], "how much the stored reports may take: a number with MB, GB or TB"
    )
    log_format: LogFormat = named("ROLLCALL_LOG_FORMAT", "console", "or `json`")

    _environment: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @classmethod
    def from_env(
        cls, environment: Mapping[str, str], *, platforms: Iterable[type[PlatformVariables]] = ()
    ) -> "Settings":
        """Check all that is set. Raises `ConfigurationError` with one line for every wrong value."""
        settings, wrong = cls.read(environment)
        problems = [*wrong, *(line for kind in platforms for line in kind.read(environment)[1])]
        if problems:
            raise ConfigurationError("\n".join(problems))
        return settings

    @classmethod
    def to_serve(
        cls, environment: Mapping[str, str], *, platforms: Iterable[type[PlatformVariables]] = ()
    ) -> "Settings":
        """Check also that nothing is missing for a workspace. Raises `ConfigurationError`, naming all at once."""
        settings, wrong = cls.read(environment)
        read = [kind.read(environment) for kind in platforms]
        problems = [
            *wrong,
            *(line for _, of_platform in read for line in of_platform),
            *settings.missing_to_serve(),
            *(line for values, _ in read for line in values.missing_credentials()),
        ]
        if problems:
            raise ConfigurationError("\n".join([*problems, "To see Rollcall without any account: rollcall demo"]))
        return settings

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> tuple["Settings", list[str]]:
        """As `Variables.read`; what it does not know itself it keeps for `of`."""
        settings, wrong = super().read(environment)
        settings._environment = dict(environment)
        return settings, wrong

    def of(self, platform: type[OfPlatform]) -> OfPlatform:
        """What the same environment says of a platform; the default for each wrong value."""
        return platform.read(self._environment)[0]

    def missing_to_serve(self) -> list[str]:
        """One line for everything without which there is no workspace to serve."""
        return [*self._missing_slack(), *self._missing_key()]

    def _missing_slack(self) -> list[str]:
        missing = []
        if self.slack_bot_token is None:
            missing.append(
                "SLACK_BOT_TOKEN is missing: create the Slack app from manifest.yml, install it, copy `xoxb-…`"
            )
        if self.slack_signing_secret is None and self.slack_app_token is None:
            missing.append(
                "SLACK_SIGNING_SECRET is missing: copy it from *Basic Information* of the Slack app"
                " (or set SLACK_APP_TOKEN to use Socket Mode)"
            )
        return missing

    def _missing_key(self) -> list[str]:
        make_one = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        if not self.secret_key:
            return [f"ROLLCALL_SECRET_KEY is missing: {make_one}"]
        if any(len(key.get_secret_value()) < SHORTEST_SECRET_KEY for key in self.secret_key):
            return [f"ROLLCALL_SECRET_KEY is shorter than {SHORTEST_SECRET_KEY} characters: {make_one}"]
        return []


def environment_of(process: Mapping[str, str], env_file: Path) -> dict[str, str]:
    """The process's environment, over what `.env` says where there is one. Raises `ConfigurationError`.

    A line that cannot be read is named by its number and never quoted: it may hold a secret.
    """
    if not env_file.is_file():
        return dict(process)
    try:
        with env_file.open(encoding="utf-8") as file:
            written = list(parse_stream(file))
    except (OSError, UnicodeDecodeError) as problem:
        message = f"{env_file.name} cannot be read: {type(problem).__name__}"
        raise ConfigurationError(message) from None
    wrong = [
        f"{env_file.name}, line {_line_of(each.original)}, cannot be read: write NAME=value, or # before a comment"
        for each in written
        if each.error
    ]
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    found = {each.key: each.value for each in written if each.key is not None and each.value is not None}
    return {**found, **process}


def _line_of(statement: Original) -> int:
    """Where it begins; empty lines before it are counted as its own."""
    text = statement.string
    return statement.line + text[: len(text) - len(text.lstrip())].count("\n")
