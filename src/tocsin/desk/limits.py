"""How often one address or person may ask: a window of a minute for each kind of request, kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

PER_MINUTE: Mapping[str, int] = {
    "entry": 20,  # log in, enrol: by address
    "write": 60,  # whatever changes something: by person, or by address where nobody is logged in
    "read": 600,
}
_WINDOW_SECONDS = 60
_MOST_KEYS = 50_000


class Limits:
    """Counts requests in fixed windows; `seconds` is a clock that only rises."""

    def __init__(self, seconds: Callable[[], float], per_minute: Mapping[str, int] = PER_MINUTE) -> None:
        self._seconds, self._allowed = seconds, per_minute
        self._counts: OrderedDict[tuple[str, str], tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, kind: str, who: str) -> int:
        """0 where one more request is allowed, and it is counted; else how many seconds to wait."""
        at = self._seconds()
        window = int(at // _WINDOW_SECONDS)
        with self._lock:
            counted_in, count = self._counts.pop((kind, who), (window, 0))
            count = count + 1 if counted_in == window else 1
            self._counts[kind, who] = (window, count)
            while len(self._counts) > _MOST_KEYS:
                self._counts.popitem(last=False)
        return 0 if count <= self._allowed[kind] else int((window + 1) * _WINDOW_SECONDS - at) + 1
