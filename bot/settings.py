"""What the environment decides: read once, checked once, every problem told in one message."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import ConfigurationError

#: Shorter keys can be guessed.
SHORTEST_SECRET_KEY = 32
HIGHEST_PORT = 65535
#: Bytes.
UNITS = {"MB": 1000**2, "GB": 1000**3, "TB": 1000**4}
#: The two drivers that Rollcall brings.
DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")

#: Which setting holds the webhook secrets of a platform and so switches it on.
PLATFORM_SECRETS = {
    "zoom": "zoom_webhook_secret_token",
    "100ms": "hms_webhook_secret",
    "vcaas": "vcaas_callback_token",
}

#: What a platform's API wants to know of us, all or nothing, and where it is found.
API_CREDENTIALS = {
    "zoom": (
        ("zoom_account_id", "zoom_client_id", "zoom_client_secret"),
        "*App Credentials* of the Server-to-Server OAuth app",
    ),
    "100ms": (("hms_app_access_key", "hms_app_secret"), "*Developer* in the dashboard"),
    "vcaas": (("vcaas_api_url", "vcaas_api_header"), "what HiLink wrote to you"),
}


def _several(value: Any) -> Any:
    """Several secrets, separated by commas, are good at once while they are rotated."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _port(value: Any) -> Any:
    if isinstance(value, str) and not (value.strip().isdecimal() and int(value) <= HIGHEST_PORT):
        raise ValueError(f'"{value}" is no port: give a whole number from 0 to {HIGHEST_PORT}')
    return value


def _size(value: Any) -> Any:
    """Bytes of `500MB`; a thousand to a unit, as disks are sold."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d+)\s*(MB|GB|TB)", value.strip(), re.IGNORECASE | re.ASCII)
    if found is None:
        raise ValueError(f'"{value}" is no size: give a whole number with MB, GB or TB, such as 500MB')
    return int(found[1]) * UNITS[found[2].upper()]


def _log_format(value: Any) -> Any:
    if value not in {"console", "json"}:
        raise ValueError(f'"{value}" is no log format: give console or json')
    return value


def _web_address(value: Any) -> Any:
    parts = urlsplit(str(value))
    if value and not (parts.scheme in {"http", "https"} and parts.netloc):
        raise ValueError(f'"{value}" is no web address: it begins with https:// or http://')
    return value


def _header(value: Any) -> Any:
    # The value is a secret: it is never repeated.
    name, colon, content = str(value).partition(":")
    if not (colon and content.strip() and re.fullmatch(r"[A-Za-z0-9-]+", name.strip()) and str(value).isprintable()):
        raise ValueError("no header: give its name, a colon and its value, such as Authorization: Bearer …")
    return value


def _database_url(value: Any) -> Any:
    # The value holds a password: it is never repeated.
    if not str(value).startswith(DATABASES):
        raise ValueError(f"no database of ours: it begins with {' or '.join(DATABASES)}")
    return value


Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_several)]
Size = Annotated[int, BeforeValidator(_size)]
Port = Annotated[int, BeforeValidator(_port)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
Header = Annotated[SecretStr, BeforeValidator(_header)]
DatabaseUrl = Annotated[str, BeforeValidator(_database_url)]
LogFormat = Annotated[Literal["console", "json"], BeforeValidator(_log_format)]


def _named(variable: str, default: Any, description: str, *, shown: bool = True) -> Any:
    return Field(default=default, validation_alias=AliasChoices(variable), description=description, repr=shown)


class Settings(BaseModel):
    """Every setting, with what it is for; `repr` hides the secrets."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slack_bot_token: SecretStr | None = _named(
        "SLACK_BOT_TOKEN", None, "the bot's token, `xoxb-…`, from *OAuth & Permissions* of the Slack app"
    )
    slack_signing_secret: SecretStr | None = _named(
        "SLACK_SIGNING_SECRET", None, "proves that requests come from Slack; from *Basic Information* of the Slack app"
    )
    slack_app_token: SecretStr | None = _named(
        "SLACK_APP_TOKEN",
        None,
        "`xapp-…`; with it Slack is reached by Socket Mode and no public URL is needed for Slack",
    )
    slack_api_url: WebAddress = _named(
        "SLACK_API_URL", "https://slack.com/api/", "where Slack's Web API is; every call uses it"
    )
    zoom_webhook_secret_token: Secrets = _named(
        "ZOOM_WEBHOOK_SECRET_TOKEN", (), "switches Zoom on; several, comma-separated, while rotating"
    )
    zoom_account_id: str = _named(
        "ZOOM_ACCOUNT_ID", "", "of a Server-to-Server OAuth app, for reports and registrants; with the two below"
    )
    zoom_client_id: str = _named("ZOOM_CLIENT_ID", "", "the same app's")
    zoom_client_secret: SecretStr | None = _named("ZOOM_CLIENT_SECRET", None, "the same app's")
    zoom_api_url: WebAddress = _named("ZOOM_API_URL", "https://api.zoom.us/v2", "where Zoom's API is")
    zoom_oauth_url: WebAddress = _named("ZOOM_OAUTH_URL", "https://zoom.us/oauth/token", "where Zoom gives tokens")
    hms_webhook_secret: Secrets = _named(
        "HMS_WEBHOOK_SECRET",
        (),
        "switches 100ms on: the value of the header `X-Rollcall-Secret`; several, comma-separated, while rotating",
    )
    hms_app_access_key: SecretStr | None = _named(
        "HMS_APP_ACCESS_KEY", None, "of the 100ms app, for sessions, rooms and tokens; with the one below"
    )
    hms_app_secret: SecretStr | None = _named("HMS_APP_SECRET", None, "the same app's")
    hms_api_url: WebAddress = _named("HMS_API_URL", "https://api.100ms.live/v2", "where 100ms's API is")
    vcaas_callback_token: Secrets = _named(
        "VCAAS_CALLBACK_TOKEN",
        (),
        "switches VCaaS on: the secret part of its callback URLs; several, comma-separated, while rotating",
    )
    vcaas_api_url: WebAddress = _named("VCAAS_API_URL", "", "where VCaaS's API is, to create meetings")
    vcaas_api_header: Header | None = _named(
        "VCAAS_API_HEADER", None, "by which VCaaS knows you, as HiLink told you: `Name: value`"
    )
    database_url: DatabaseUrl = _named(
        "ROLLCALL_DATABASE_URL", "sqlite+aiosqlite:///rollcall.db", "or `postgresql+asyncpg://…`", shown=False
    )
    host: str = _named("ROLLCALL_HOST", "127.0.0.1", "the address to listen on")
    port: Port = _named("ROLLCALL_PORT", 8080, "the port to listen on")
    public_url: WebAddress = _named("ROLLCALL_PUBLIC_URL", "", "how the world reaches this bot, for links")
    secret_key: Secrets = _named(
        "ROLLCALL_SECRET_KEY", (), "any text of at least 32 characters; several, comma-separated, while rotating"
    )
    api_token: SecretStr | None = _named(
        "ROLLCALL_API_TOKEN", None, "a fixed bearer token for the HTTP API, with the scopes `read` and `rooms`"
    )
    data_dir: Path = _named("ROLLCALL_DATA_DIR", Path("rollcall-data"), "where reports are stored")
    storage_quota: Size = _named(
        "ROLLCALL_STORAGE_QUOTA", 5 * UNITS["GB"], "how much the stored reports may take: a number with MB, GB or TB"
    )
    log_format: LogFormat = _named("ROLLCALL_LOG_FORMAT", "console", "or `json`")

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Check all that is set. Raises `ConfigurationError` with one line for every wrong value."""
        settings, wrong = cls._read(environment)
        if wrong:
            raise ConfigurationError("\n".join(wrong))
        return settings

    @classmethod
    def to_serve(cls, environment: Mapping[str, str]) -> "Settings":
        """Check also that nothing is missing for a workspace. Raises `ConfigurationError`, naming all at once."""
        settings, wrong = cls._read(environment)
        problems = [*wrong, *settings.missing_to_serve()]
        if problems:
            raise ConfigurationError("\n".join([*problems, "To see Rollcall without any account: rollcall demo"]))
        return settings

    @classmethod
    def _read(cls, environment: Mapping[str, str]) -> tuple["Settings", list[str]]:
        """The settings, with the default for each wrong value, and a line about each of these."""
        given = {name: value for name, value in environment.items() if value.strip()}
        try:
            return cls.model_validate(given), []
        except ValidationError as problem:
            wrong = {str(error["loc"][0]): error["msg"] for error in problem.errors(include_input=False)}
        good = {name: value for name, value in given.items() if name not in wrong}
        return cls.model_validate(good), [
            f"{variable}: {message.removeprefix('Value error, ')}" for variable, message in wrong.items()
        ]

    def missing_to_serve(self) -> list[str]:
        """One line for everything without which there is no workspace to serve."""
        return [*self._missing_slack(), *self._missing_key(), *self._missing_credentials()]

    def secrets_by_platform(self) -> dict[str, Sequence[str]]:
        """The webhook secrets of each platform that is switched on."""
        given = {platform: getattr(self, name) for platform, name in PLATFORM_SECRETS.items()}
        return {name: [secret.get_secret_value() for secret in secrets] for name, secrets in given.items() if secrets}

    @classmethod
    def variable_by_platform(cls) -> dict[str, str]:
        """The variable that switches each platform on."""
        return {platform: cls._variable(name) for platform, name in PLATFORM_SECRETS.items()}

    @classmethod
    def api_credentials_of(cls, platform: str) -> tuple[Sequence[str], str]:
        """The variables that a platform's API needs, and where to find what goes into them."""
        names, place = API_CREDENTIALS[platform]
        return [cls._variable(name) for name in names], place

    @classmethod
    def _variable(cls, name: str) -> str:
        return str(cls.model_fields[name].validation_alias.choices[0])  # type: ignore[union-attr]  # `_named` gave it

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

    def _missing_credentials(self) -> list[str]:
        """One line for each that an API needs beside others of its set that are given."""
        missing = []
        for names, place in API_CREDENTIALS.values():
            given = [self._variable(name) for name in names if getattr(self, name)]
            if given:
                rest = [self._variable(name) for name in names if not getattr(self, name)]
                remedy = f"{' and '.join(given)} alone say nothing; copy it from {place}, or take them out"
                missing += [f"{variable} is missing: {remedy}" for variable in rest]
        return missing


def environment_of(process: Mapping[str, str], env_file: Path) -> dict[str, str]:
    """The process's environment, over what `.env` says where there is one. Raises `ConfigurationError`."""
    if not env_file.is_file():
        return dict(process)
    try:
        written = dotenv_values(env_file, interpolate=False)
    except (OSError, UnicodeDecodeError) as problem:
        message = f"{env_file.name} cannot be read: {type(problem).__name__}"
        raise ConfigurationError(message) from None
    return {**{name: value for name, value in written.items() if value is not None}, **process}
