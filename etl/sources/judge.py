"""The text of an odd feed goes in; what feedparser makes of it comes out, or a reason, whatever the text does to it.

Theory. feedparser is the reference for feeds that no rule foresaw, and forgiving has a price: 1.4 MB of nested tags
took it 27 s. So it works in a child process with a limit on time and memory, kept for the next feed; one that dies
costs the feed it had, and nothing else.
"""

from __future__ import annotations

import atexit
import os
import threading

from etl.crew import Died, Limits, Member
from etl.errors import Reason
from etl.sources.feed_text import beginning
from etl.sources.stated import StatedFeed

LIMITS = Limits(seconds=1.5, megabytes=300)


class Judge:
    """One child at most; may be asked from several threads."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._member = Member("etl.sources.judge_worker", limits)
        self._limits = limits
        self._lock = threading.Lock()

    def ask(self, text: str) -> StatedFeed | tuple[Reason, str]:
        """What feedparser makes of a feed, or a reason and a line for a person."""
        begins = beginning(text)
        if not isinstance(begins, int):
            return begins
        with self._lock:
            try:
                answer = self._member.ask(text)
            except TimeoutError:
                return Reason.TIMED_OUT, f"the parser took over {self._limits.seconds:g} s"
            except Died as death:
                return Reason.BROKEN_FEED, f"the parser broke on it: {death}"
        if not isinstance(answer, StatedFeed | tuple):
            raise TypeError(f"judge answered {type(answer).__name__}")
        return answer

    def close(self) -> None:
        """End the child; another starts when it is asked again."""
        with self._lock:
            self._member.stop()


_judges: dict[int, Judge] = {}  # by process: a child's pipes are no good to a fork


def shared() -> Judge:
    """The judge of this process."""
    mine = _judges.get(os.getpid())
    if mine is None:
        mine = _judges[os.getpid()] = Judge()
        atexit.register(mine.close)
    return mine
