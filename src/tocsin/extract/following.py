"""A page that goes on with another article: what follows the first one is no part of it."""

from __future__ import annotations

from typing import Any

FEWEST_LETTERS = 1000  # of an article that is one; elements of that name hold teasers too


def drop_following(tree: Any) -> None:
    """Takes out the `article` elements with a heading of their own (h1) after the first such one."""
    first = None
    for article in list(tree.iter("article")):
        if article.find(".//h1") is None or (first is not None and first in article.iterancestors()):
            continue
        if first is None:
            if len(article.text_content()) < FEWEST_LETTERS:
                return
            first = article
        elif article.getparent() is not None:
            article.drop_tree()
