"""`rollcall serve` on a Slack that it waits for as briefly as a test does: all else is as it is served.

python -m tests.lessons.impatient_bot
"""

import sys
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import ClientTimeout

from bot import __main__ as program

#: Wire time, as `Program` has it: a call that hangs, and after that a message whose process died.
GIVES_UP_AFTER = 1.5
LEASE = timedelta(seconds=5)

if __name__ == "__main__":
    impatient: Any = partial(program.Program, slack_timeout=ClientTimeout(total=GIVES_UP_AFTER), lease=LEASE)
    program.Program = impatient  # type: ignore[misc]  # the one that `main` assembles
    sys.argv = ["rollcall", "serve"]
    program.main()
