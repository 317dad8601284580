"""Numbers with what they count: '99 soldiers', 'USD $17 billion', 'between 7 and 9', 'dozens of'."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from tocsin.interpret.forms import Screen, taken
from tocsin.interpret.tokens import Sentence
from tocsin.records import Quantity, Span
from tocsin.rules.calendar import Calendar

# How many words may stand between a number and the noun that it counts ('400 Russian military contractors').
WORDS_TO_NOUN = 4


class _Grammar(NamedTuple):
    """`screen` tells where a number may stand."""

    screen: Screen
    number: re.Pattern[str]
    noun: re.Pattern[str]
    coins: re.Pattern[str]
    of: re.Pattern[str]


def _any(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered) + ")" if ordered else "(?!)"


@cache
def _grammar(c: Calendar) -> _Grammar:
    letters = [w for w in c.currencies if w[-1].isalpha()]
    signs = [w for w in c.currencies if not w[-1].isalpha()]
    currency = rf"(?:{_any(letters)}\s?)?{_any(signs)}|{_any(letters)}(?=\s?\d)"
    small = _any(w for w in c.numbers if w not in c.counted["articles"])
    words = rf"(?:{small}(?:[\s-]{small})*)"
    figure = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    scale = rf"(?:[\s-]{_any(c.scales)})+\b"
    one = rf"(?:{figure})(?:{scale})?|{words}(?:{scale})?|{_any(c.counted['articles'])}{scale}"
    to = rf"(?:\s?[-–]\s?|\s+{_any(c.amounts['to'])}\s+)"
    approx = rf"(?P<approx>{_any((*c.amounts['approx'], *c.amounts['least'], *c.amounts['most']))})\s+"
    number = (
        rf"(?<![\w$€£.,/-])(?:{approx})?(?:"
        rf"(?P<rough>{_any(c.rough)})(?!\w)|"
        rf"(?:(?P<between>{_any(c.amounts['between'])})\s+)?(?:(?P<currency>{currency})\s?)?(?P<low>{one})"
        rf"(?:{to}(?:{currency})?(?P<high>{one}))?"
        rf"(?:\s?(?P<percent>{_any(c.amounts['percent'])})|(?:\s|-)(?P<after>{_any(letters)})(?!\w))?"
        r")(?![\w/]|[.,]\d)"
    )
    noun = r"[\s-]+(?P<word>[^\W\d_][\w'’.-]*[\w])"
    coins = rf"\s+(?:{_any(c.amounts['of'])}\s+)?(?P<coin>{_any(letters)})(?!\w)"
    screen = Screen({"number": [*(c.numbers.keys() - c.counted["articles"]), *c.scales, *c.rough]})
    of = rf"\s+{_any(c.amounts['of'])}(?=\s)"
    return _Grammar(screen, re.compile(number, re.I), re.compile(noun), re.compile(coins, re.I), re.compile(of))


def find(text: str, sentences: Iterable[Sentence], blocked: Iterable[Span], c: Calendar) -> tuple[Quantity, ...]:
    """Quantities in text order. `blocked` are spans (dates, models of weapons) whose digits count nothing."""
    covered, grammar = taken(text, blocked), _grammar(c)
    found: list[Quantity] = []
    for sentence in sentences:
        if not grammar.screen.kinds(text[sentence.start : sentence.end]):
            continue
        for match in grammar.number.finditer(text, sentence.start, sentence.end):
            if 1 in covered[match.start() : match.end()]:
                continue
            quantity = _quantity(match, text, sentence.end, c)
            if quantity is not None:
                found.append(quantity)
    return tuple(found)


def _quantity(match: re.Match[str], text: str, limit: int, c: Calendar) -> Quantity | None:
    """A quantity, or None where the number counts nothing (a bare figure, an age, a time span)."""
    start, end = match.start(), match.end()
    low, high = _values(match, c)
    approx = bool(match["approx"] or match["rough"])
    money = " ".join((match["currency"] or match["after"] or "").lower().split())
    if money:
        unit = c.currencies.get(money) or c.currencies.get(money.replace(" ", ""))
        unit = unit or next(unit for name, unit in c.currencies.items() if money.endswith(name))
        return Quantity(text[start:end], (start, end), low, high, unit, None, approx)
    if (coins := _money_after(text, end, c)) is not None:
        return Quantity(text[start : coins[1]], (start, coins[1]), low, high, coins[0], None, approx)
    if match["percent"]:
        return Quantity(text[start:end], (start, end), low, high, "%", None, approx)
    if _names_a_thing(match, text, c):
        return None
    return _counted(match, text, limit, c, low, high, approx)


def _money_after(text: str, end: int, c: Calendar) -> tuple[str, int] | None:
    """'millions of dollars', 'three million U.S. dollars': the currency and where its name ends."""
    match = _grammar(c).coins.match(text, end)
    return (c.currencies[" ".join(match["coin"].lower().split())], match.end()) if match else None


def _counted(
    match: re.Match[str], text: str, limit: int, c: Calendar, low: float, high: float | None, approx: bool
) -> Quantity | None:
    """The quantity with the noun that follows: '35 tons of equipment', '13 other European countries'."""
    start, end = match.start(), match.end()
    words = _words_after(text, end, limit, c)
    if words and _singular(words[0][0], c) in c.counted["never"]:
        return None
    if not words:
        return _bare(match, text, low, high, approx)
    for size in (2, 1):
        measured = " ".join(w.lower() for w, _ in words[:size])
        if measured in c.measures and len(words) >= size:
            stop = words[size - 1][1]
            of, stop = _of_what(text, stop, limit, c)
            return Quantity(text[start:stop], (start, stop), low, high, c.measures[measured], of, approx)
    of, stop = _head(words, low, c)
    if of is None:
        return _bare(match, text, low, high, approx)
    unit = "person" if of in c.counted["people"] else None
    return Quantity(text[start:stop], (start, stop), low, high, unit, of, approx)


def _bare(match: re.Match[str], text: str, low: float, high: float | None, approx: bool) -> Quantity | None:
    """A figure that stands for people or things told before ('killed 40', 'at least 12'): figures and
    approximations only, never a number word, nor what follows a name ('Boeing 747')."""
    before = text[max(0, match.start() - 24) : match.start()].split()
    named = bool(before) and before[-1][0].isupper() and before[-1][-1].isalpha() and len(before) > 1
    if low == 1 or (not approx and (named or not match["low"][0].isdigit())):
        return None
    return Quantity(match[0], match.span(), low, high, None, None, approx)


def _words_after(text: str, end: int, limit: int, c: Calendar) -> list[tuple[str, int]]:
    """The words of the noun phrase after a number, with where each ends."""
    words: list[tuple[str, int]] = []
    noun = _grammar(c).noun
    while len(words) <= WORDS_TO_NOUN:
        match = noun.match(text, end, limit)
        if match is None:
            break
        word = match["word"]
        if word.lower() in c.counted["stops"] or word.lower() in c.amounts["of"]:
            break
        end = match.end()
        words.append((word, end))
        if word.endswith(("'s", "’s")):
            break
    return words


def _of_what(text: str, end: int, limit: int, c: Calendar) -> tuple[str | None, int]:
    """What a measure is of: '35 tons of equipment' gives 'equipment' and where it ends."""
    of = _grammar(c).of.match(text, end, limit)
    if of is None:
        return None, end
    words = _words_after(text, of.end(), limit, c)
    head, stop = _head(words, 1, c) if words else (None, end)
    return (head, stop) if head else (None, end)


def _head(words: list[tuple[str, int]], low: float, c: Calendar) -> tuple[str | None, int]:
    """The counted noun: the first plural (or known person noun) among the words; its singular."""
    for word, end in words:
        lower = word.lower().removesuffix("'s").removesuffix("’s")
        single = _singular(lower, c)
        if lower in c.counted["modifiers"]:
            continue
        if word[0].islower() and (single != lower or single in c.counted["people"] or lower in c.singular):
            return single, end
    if low != 1:
        return None, 0
    lowers = [(w, e) for w, e in words if w[0].islower() and w.lower() not in c.counted["modifiers"]]
    return (_singular(lowers[0][0], c), lowers[0][1]) if lowers else (None, 0)


def _singular(word: str, c: Calendar) -> str:
    """The singular of a noun: from the list, else by its ending."""
    word = word.lower()
    if word in c.singular:
        return c.singular[word]
    for ending, instead in c.plural_endings.items():
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + instead if ending else word
    return word


def _names_a_thing(match: re.Match[str], text: str, c: Calendar) -> bool:
    """A number that names ('Flight 370', 'Article 5', 'Antonov 124') and counts nothing."""
    before = text[max(0, match.start() - 24) : match.start()].split()
    if not before or match["approx"]:
        return False
    return before[-1].lower().strip(".") in c.counted["models_before"]


def _values(match: re.Match[str], c: Calendar) -> tuple[float, float | None]:
    if match["rough"]:
        low, high = c.rough[" ".join(match["rough"].lower().split())]
        return low, high if high != low else None
    low = _value(match["low"], c)
    if not match["high"]:
        return low, None
    high = _value(match["high"], c)
    return _same_scale(match, low, high, c)


def _same_scale(match: re.Match[str], low: float, high: float, c: Calendar) -> tuple[float, float | None]:
    """'2 to 3 million': the scale of the second number holds for the first."""
    scale = _scale(match["high"], c)
    if low < high / scale * 10 and scale > 1 and _scale(match["low"], c) == 1:
        low *= scale
    return (low, high) if low < high else (low, None)


def _scale(words: str, c: Calendar) -> float:
    scale = 1.0
    for word in re.split(r"[\s-]+", words.lower()):
        scale *= c.scales.get(word, 1.0)
    return scale


def _value(words: str, c: Calendar) -> float:
    """The number that figures and number words say: '2,000', 'three million', 'twenty-five thousand'."""
    total = 0.0
    current: float | None = None
    for word in re.split(r"[\s-]+", words.lower()):
        if word in c.scales:
            current = (1.0 if current is None else current) * c.scales[word]
            if c.scales[word] >= 1000:
                total, current = total + current, None
        elif word in c.numbers:
            current = (current or 0.0) + c.numbers[word]
        else:
            current = float(word.replace(",", ""))
    return total + (current or 0.0)
