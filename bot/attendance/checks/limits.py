"""The numbers of asking that are the same for every course: attendance-rules, section 4."""

from datetime import timedelta
from typing import Final

#: Who was in for this long before a question is asked; who came later is asked too, and it counts only if confirmed.
PRESENT_BEFORE: Final = timedelta(seconds=120)
#: A question that could not be opened within this of its moment fails nobody.
MAX_OPENING_DELAY: Final = timedelta(minutes=2)
#: Slack takes four minutes for a thousand students; who has not got the question by then is not asked.
ASK_WITHIN: Final = timedelta(minutes=10)
#: While somebody is being asked, and while somebody is awaited, it is looked at this often. The trainer's card is not
#: edited more often, and a look at a thousand people takes a third of a second of a processor.
WHILE_ASKING: Final = timedelta(seconds=10)
WHILE_AWAITED: Final = timedelta(seconds=30)
#: Deadlines within this of the first one are looked at with it.
TOGETHER: Final = timedelta(seconds=10)
#: Not looked at for longer than this: the bot was down. Longer than any look takes, shorter than any window.
OUTAGE: Final = timedelta(minutes=2)

#: Questions out of turn have draws above this: their moments are nobody's but the trainer's.
OUT_OF_TURN: Final = 10_000
