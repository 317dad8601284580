"""What a story is called: the headline of one of its own reports, the most central one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from tocsin.group.features import brief_words
from tocsin.rules import Rules


def story_title(titles: Sequence[str | None], rules: Rules) -> str | None:
    """The title whose content words most of the others share, for its length; the earliest of equals. None where
    no report has a title. `titles` are those of a story's reports, in order of arrival."""
    given = [title for title in titles if title]
    held = [brief_words(title, rules).tolist() for title in given]
    times = Counter(word for words in held for word in words)
    shared = [sum(times[word] - 1 for word in words) / math.sqrt(len(words) or 1) for words in held]
    return given[shared.index(max(shared))] if given else None
