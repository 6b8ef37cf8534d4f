"""Who asks for a link without anybody having pressed it: link previews, mail scanners, browsers that load ahead. Pure.

None of them says so in one way. What is taken for a machine in vain still leads into the room, only less personally.
"""

import re
from collections.abc import Mapping

#: In the words of their user agents: https://api.slack.com/robots, and those of other messengers and mail programs.
_MACHINES = re.compile(
    r"(?<!cu)bot\b|crawler|spider|preview|slack-imgproxy|linkexpanding"  # Cubot makes telephones
    r"|facebookexternalhit|facebookcatalog|whatsapp"
    r"|google-safety|googleimageproxy|google-pagerenderer|safebrowsing|yahoomailproxy|zohomail"
    r"|ms-office|msoffice|microsoft office|microsoft outlook|safelinks|office protocol discovery"
    r"|mimecast|proofpoint|barracuda|symantec|trendmicro|sophos|forcepoint|urlscan|virustotal",
    re.IGNORECASE,
)
#: headers by which browsers and proxies say that they load ahead, and what they say
_AHEAD = {
    "Sec-Purpose": ("prefetch", "prerender"),
    "Purpose": ("prefetch", "preview"),
    "X-Purpose": ("prefetch", "preview"),
    "X-Moz": ("prefetch",),
}


def is_machine(method: str, headers: Mapping[str, str]) -> bool:
    """Whether nobody pressed; `headers` are looked up as a request's are, whatever the case of their names."""
    agent = headers.get("User-Agent", "")
    loads_ahead = any(word in headers.get(name, "").lower() for name, words in _AHEAD.items() for word in words)
    return method == "HEAD" or not agent or loads_ahead or _MACHINES.search(agent) is not None
