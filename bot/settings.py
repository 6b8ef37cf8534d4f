"""What the environment decides: read once, checked once, every problem told in one message."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import ConfigurationError

#: Shorter keys can be guessed.
SHORTEST_SECRET_KEY = 32


def _several(value: Any) -> Any:
    """Several secrets, separated by commas, are good at once while they are rotated."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_several)]


def _named(variable: str, default: Any, description: str) -> Any:
    return Field(default=default, validation_alias=AliasChoices(variable), description=description)


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
    slack_api_url: str = _named(
        "SLACK_API_URL", "https://slack.com/api/", "where Slack's Web API is; every call uses it"
    )
    zoom_webhook_secret_token: Secrets = _named(
        "ZOOM_WEBHOOK_SECRET_TOKEN", (), "switches Zoom on; several, comma-separated, while rotating"
    )
    database_url: str = _named(
        "ROLLCALL_DATABASE_URL", "sqlite+aiosqlite:///rollcall.db", "or `postgresql+asyncpg://…`"
    )
    host: str = _named("ROLLCALL_HOST", "127.0.0.1", "the address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = _named("ROLLCALL_PORT", 8080, "the port to listen on")
    public_url: str = _named("ROLLCALL_PUBLIC_URL", "", "how the world reaches this bot, for links")
    secret_key: Secrets = _named(
        "ROLLCALL_SECRET_KEY", (), "any text of at least 32 characters; several, comma-separated, while rotating"
    )
    api_token: SecretStr | None = _named(
        "ROLLCALL_API_TOKEN", None, "a fixed bearer token for the HTTP API, with the scopes `read` and `rooms`"
    )
    data_dir: Path = _named("ROLLCALL_DATA_DIR", Path("rollcall-data"), "where reports are stored")
    log_format: Literal["console", "json"] = _named("ROLLCALL_LOG_FORMAT", "console", "or `json`")

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Check all that is set. Raises `ConfigurationError` with one line for every wrong value."""
        given = {name: value for name, value in environment.items() if value.strip()}
        try:
            return cls.model_validate(given)
        except ValidationError as problem:
            lines = [f"{_variable(error['loc'])}: {error['msg']}" for error in problem.errors(include_input=False)]
            raise ConfigurationError("\n".join(lines)) from None

    def require_to_serve(self) -> None:
        """Raise `ConfigurationError`, naming all that is missing, unless there is enough to serve a workspace."""
        missing = [line for line in (*self._missing_slack(), *self._missing_key()) if line]
        if missing:
            raise ConfigurationError("\n".join([*missing, "To see Rollcall without any account: rollcall demo"]))

    def secrets_by_platform(self) -> dict[str, Sequence[str]]:
        """The webhook secrets of each platform that is switched on."""
        zoom = [secret.get_secret_value() for secret in self.zoom_webhook_secret_token]
        return {"zoom": zoom} if zoom else {}

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
    """The process's environment, over what `.env` says where there is one. Raises `ConfigurationError`."""
    if not env_file.is_file():
        return dict(process)
    try:
        written = dotenv_values(env_file, interpolate=False)
    except (OSError, UnicodeDecodeError) as problem:
        message = f"{env_file.name} cannot be read: {type(problem).__name__}"
        raise ConfigurationError(message) from None
    return {**{name: value for name, value in written.items() if value is not None}, **process}


def _variable(location: tuple[int | str, ...]) -> str:
    return str(location[0]) if location else "settings"
