"""What the environment says of VCaaS."""

from typing import ClassVar

from bot.variables import Header, PlatformVariables, Secrets, WebAddress, named


class VcaasSettings(PlatformVariables):
    """VCaaS: its webhooks, and its API."""

    switched_on_by: ClassVar = "callback_token"
    credentials: ClassVar = ("api_url", "api_header")
    credentials_from: ClassVar = "what HiLink wrote to you"

    callback_token: Secrets = named(
        "VCAAS_CALLBACK_TOKEN",
        (),
        "switches VCaaS on: the secret part of its callback URLs; several, comma-separated, while rotating",
    )
    api_url: WebAddress = named("VCAAS_API_URL", "", "where VCaaS's API is, to create meetings")
    api_header: Header | None = named(
        "VCAAS_API_HEADER", None, "by which VCaaS knows you, as HiLink told you: `Name: value`"
    )
