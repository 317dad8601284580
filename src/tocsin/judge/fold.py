"""The judge's memory: evidence as it arrives, and an assessment of all areas whenever one is asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from tocsin.judge import hypotheses, reasons, temper
from tocsin.judge.answers import Answers
from tocsin.judge.appraisal import Strained, strains
from tocsin.judge.briefings import briefed
from tocsin.judge.cases import Case, Casebook, labels
from tocsin.judge.coverage import Watch, confidence, watch
from tocsin.judge.days import day_number
from tocsin.judge.evidence import PRESENCE, Evidence, Page, page_of, weigh
from tocsin.judge.gist import Gist, Text
from tocsin.judge.indicators import Bench, Signal, observe
from tocsin.judge.levels import Standing, Verdict, decide
from tocsin.judge.odds import Axes, axes
from tocsin.judge.reasons import Ground
from tocsin.judge.tallies import Tallies, with_counts
from tocsin.judge.telling import finding, numbers, only_denied
from tocsin.judge.tension import Tone
from tocsin.judge.witnesses import Witness, outlet
from tocsin.records import (
    Answer,
    Assessment,
    Document,
    Finding,
    Judgement,
    Membership,
    Overall,
    Reason,
    Recipe,
    Statement,
    Tally,
)
from tocsin.rules import Rules
from tocsin.rules.warning import Area, words_pattern

_MONTH = 30
# A page tells of an area in passing where the present acts there are fewer than one in so many of its main area's.
IN_PASSING = 2


class Judge:
    """Folds documents, memberships, statements and answers; judges all areas at a tick.

    Adding costs time in proportion to the statements added; assessing, to the cases of the recent months.
    The same additions in the same order give the same assessment, to the byte.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._book = Casebook(rules)
        self._tone = Tone(rules.joining.tension, rules.joining.undated_share)
        self._temper = temper.Temper(rules.joining.tones)
        self._strained = Strained(rules.joining.briefing.half_life_days)
        self._outlets: dict[str, Witness] = {}
        self._revised: dict[str, int] = {}  # families whose author turned out to be another, and when that was found
        self._revisions = 0
        self._pages: dict[str, list[Page]] = defaultdict(list)
        self._idle: dict[str, Counter[tuple[int | None, str]]] = defaultdict(Counter)
        self._answers = Answers()
        self._forgotten = 0
        self._tallies = Tallies(rules.counts, rules.areas.values())
        self._standing: dict[str, tuple[str, Standing | None, Standing | None]] = {}

    def add(
        self,
        document: Document,
        membership: Membership,
        statements: tuple[Statement, ...],
        gist: Gist | None = None,
    ) -> None:
        """Takes one document in. It must be added once; its statements in text order. `gist` stands for the text
        of a document that comes without it."""
        gist = gist or Text(document, self._rules)
        author = outlet(document, membership, self._rules)
        known = self._outlets.get(membership.family)
        if known is None or (author.reliability, known.reliability) < (known.reliability, author.reliability):
            self._outlets[membership.family] = author
            if known is not None:
                self._revisions += 1
                self._revised[membership.family] = self._revisions
        self._answers.tell(document, statements)
        page = page_of(document, gist, membership, author, self._rules)
        told: dict[str, list[Evidence]] = defaultdict(list)
        weighed = weigh(document, gist, page, statements, self._rules)
        for one in weighed.evidence:
            told[one.area].append(one)
            self._take(one)
        if page.barred is None:
            tones = temper.told(gist, weighed, self._rules)
            grave = page.view is None and any(weighed.main in areas for areas in tones.values())
            areas = self._told_of(told, document, weighed.main if grave else None)
            self._temper.add(page, areas, tones)
            for name in dict.fromkeys((*areas, *self._strain(page, gist))):
                self._pages[name].append(page)

    def _strain(self, page: Page, gist: Gist) -> list[str]:
        """Takes in how strained a briefing says that areas are, and names them."""
        day = page.tells_from
        if not page.briefing or day is None:
            return []
        found = strains(gist.clauses, self._rules.joining.briefing)
        self._strained.add(day, found)
        return [area for area, strain in found.items() if strain.value > 0]

    def _told_of(self, told: Mapping[str, list[Evidence]], document: Document, main: str | None) -> list[str]:
        """The areas that a page watches: those it tells something present of, and `main`, where its sentences are
        grave though no act could be made out in them."""
        areas, title = self._rules.areas, document.title or ""
        present = {name: sum(one.counts for one in evidence) for name, evidence in told.items()}
        most = max((count for name, count in present.items() if not areas[name].rest), default=0)
        found = [name for name, evidence in told.items() if _tells_of(evidence, areas[name], title, most)]
        return found if main is None or main in found else [*found, main]

    def _take(self, one: Evidence) -> None:
        if one.counts:
            case = self._book.add(one)
            if case is not None:
                self._tone.add(case, one)
        else:
            self._idle[one.area][one.page.seen_day, "past" if one.past else "barred"] += 1

    def count(self, tally: Tally) -> None:
        """Takes a day of coded events in; a day told again by the same stream is the later telling."""
        self._tallies.add(tally)

    def answer(self, answer: Answer) -> None:
        """Takes a person's answer: a statement called old news or wrong counts no more, until a later answer
        says that it holds. Other questions are not for the judge."""
        self._answers.take(answer)

    def forget(self, as_of: str) -> None:
        """Lets go what can't matter at this time or later, about once a month: what it remembers then stays in
        proportion to the last years, however long the archive is. Times must not go back by more than the linger."""
        today = day_number(as_of)
        if today is None or today < self._forgotten + _MONTH:
            return
        self._forgotten = today
        limit = today - self._book.linger
        self._book.forget(today)
        self._answers.forget(limit)
        self._tone.forget(limit)
        self._temper.forget(limit)
        self._strained.forget(limit)
        for name, pages in self._pages.items():
            since = today - self._rules.levels.coverage.window_days - _MONTH
            self._pages[name] = [page for page in pages if (page.tells_from or page.seen_day or since) >= since]
        for idle in self._idle.values():
            for day, why in [key for key in idle if key[0] is not None and key[0] < limit]:
                del idle[day, why]

    def resume(self, before: Judge) -> None:
        """Carries the levels in force over from a judge under earlier rules: adoption doesn't forget them."""
        self._standing = {area: kept for area, kept in before._standing.items() if area in self._rules.areas}

    def assess(
        self, as_of: str, recipe: Recipe, exercise: bool = False, areas: Iterable[str] | None = None
    ) -> Assessment:
        """All areas, or those named, as of this time ('YYYY-MM-DD' or a UTC time). Asked twice for one time, with
        nothing added between, it answers the same; no area's judgement depends on another's."""
        today = day_number(as_of)
        if today is None:
            raise ValueError(f"expected a date or time for as_of, found {as_of!r}")
        bench = Bench(self._rules, today, self._outlets, self._answers.barred)
        wanted = self._rules.areas.values() if areas is None else [self._rules.areas[name] for name in areas]
        judged = [self._judge(area, as_of, bench) for area in wanted]
        judgements = tuple(judgement for judgement, _ in judged)
        used = {one.key: one for _, findings in judged for one in findings}
        return Assessment(as_of, recipe, self._overall(judgements), judgements, tuple(used.values()), exercise)

    def _judge(self, area: Area, as_of: str, bench: Bench) -> tuple[Judgement, list[Finding]]:
        cases = list(self._book.around(area.id, bench.today))
        for case in cases:
            case.refresh(bench.barred, self._revised)
        cases = [case for case in cases if bench.telling(case)]
        seen = watch(self._pages[area.id], self._outlets, bench.today, self._rules)
        signals = observe(area, cases, seen.coverage, bench)
        war, nuclear = self._temper.logits(area.id, bench.today)
        heard = briefed(signals, seen, self._strained.at(area.id, bench.today), self._rules)
        if heard is not None:
            war, nuclear = max(war, heard.war), max(nuclear, heard.nuclear)
        tension = self._tone.logit(area.id, bench.today)
        counted = self._tallies.reading(area, bench.today)
        logit, ids = counted.logit if counted else 0.0, heard.told if heard else frozenset()
        told = axes(area, signals, war, seen.coverage, self._rules, nuclear, told=ids, tension=tension)
        found = axes(area, signals, war, seen.coverage, self._rules, nuclear, logit, ids, tension)
        # A stream is one sensor: it makes reported deeds weigh more, and where none is on it moves no level.
        verdict = decide(
            signals,
            found if any(one.on for one in signals) else told,
            seen,
            self._before(area.id, as_of),
            as_of,
            self._rules,
            heard,
        )
        self._remember(area.id, as_of, verdict)
        ground = self._ground(area, cases, signals, seen, found, bench, as_of)
        judgement = self._judgement(ground, found, verdict, as_of)
        if counted is not None:
            judgement = with_counts(judgement, counted, found.war, told.war, area, self._rules)
        return judgement, _rested_on(judgement, ground.findings)

    def _before(self, area: str, as_of: str) -> Standing | None:
        """What the area carried before this tick; asking again for the same tick starts from the same."""
        if area not in self._standing:
            return None
        tick, before, after = self._standing[area]
        return before if tick == as_of else after

    def _remember(self, area: str, as_of: str, verdict: Verdict) -> None:
        self._standing[area] = (as_of, self._before(area, as_of), verdict.standing)

    def _ground(
        self,
        area: Area,
        cases: list[Case],
        signals: list[Signal],
        seen: Watch,
        found: Axes,
        bench: Bench,
        as_of: str,
    ) -> Ground:
        lit = {key for signal in signals for key in signal.observation.findings}
        telling = [case for case in cases if case.key in lit or _worth_telling(case, bench)]
        findings = {case.key: finding(case, area, bench, as_of) for case in telling}
        heard = {case.key: bench.heard(case, area) for case in telling}
        window = self._rules.levels.coverage.window_days
        idle: Counter[str] = Counter()
        for (day, why), count in self._idle[area.id].items():
            if day is None or 0 <= bench.today - day <= window:
                idle[why] += count
        return Ground(
            area=area,
            signals=signals,
            findings=findings,
            kinds={case.key: case.kind for case in telling},
            asserted_by={key: labels(voices.asserted_by, self._rules) for key, voices in heard.items()},
            denied_by={key: labels(voices.denied_by, self._rules) for key, voices in heard.items()},
            taken_back={key: voices.taken_back_by(self._rules) for key, voices in heard.items()},
            only_denied=frozenset(case.key for case in telling if only_denied(case, heard[case.key])),
            numbers={case.key: numbers(findings[case.key], bench.telling(case), bench) for case in telling},
            axes=found,
            watch=seen,
            past=idle["past"],
            barred=idle["barred"],
            bench=bench,
        )

    def _judgement(self, ground: Ground, found: Axes, verdict: Verdict, as_of: str) -> Judgement:
        levels = self._rules.levels
        level = levels.level(verdict.level) if verdict.level is not None else None
        phrase = {"unknown": levels.unknown_phrase, "stale": levels.stale_phrase}.get(verdict.status)
        word, sentence = confidence(ground.watch, _relied(ground, verdict), _lacking(ground), self._rules)
        before = self._before(ground.area.id, as_of)
        return Judgement(
            as_of=as_of,
            area=ground.area.id,
            name=ground.area.name,
            status=verdict.status,
            level=verdict.level,
            colour=level.colour if level else None,
            phrase=phrase or (level.phrase if level else levels.unknown_phrase),
            previous=before.level if before else None,
            war=found.war_words,
            nuclear=found.nuclear_words,
            confidence=word,
            confidence_text=sentence,
            coverage=ground.watch.coverage,
            observations=tuple(signal.observation for signal in ground.signals),
            decided_by=verdict.reason,
            reasons_for=reasons.reasons_for(ground),
            reasons_against=reasons.reasons_against(ground),
            contradictions=reasons.contradictions(ground),
            missing=reasons.missing(ground),
            would_raise=reasons.would_raise(ground, verdict.level or levels.levels[0].number),
            would_lower=reasons.would_lower(ground, verdict.level or levels.levels[0].number),
            hypotheses=hypotheses.ranked(ground.area, ground.signals),
            expires=verdict.standing.expires if verdict.standing else None,
        )

    def _overall(self, judgements: tuple[Judgement, ...]) -> Overall:
        """The worst area that has a level, stale ones included: silence does not make it better."""
        say, levels = self._rules.wording.say, self._rules.levels
        known = [j for j in judgements if j.level is not None]
        unwatched = sum(j.coverage.status == "unwatched" for j in judgements)
        watched = len(judgements) - unwatched
        worst = min(known, key=lambda j: (j.level, j.status != "assessed", -j.war.p, j.area), default=None)
        if worst is None:
            nobody = Reason("overall/unwatched", say("overall_none"))
            return Overall("unknown", None, None, levels.unknown_phrase, nobody, watched, unwatched)
        why = Reason(
            "overall/worst", f"{say('overall', name=worst.name)} {worst.decided_by.text}", worst.decided_by.findings
        )
        return Overall(worst.status, worst.level, worst.colour, worst.phrase, why, watched, unwatched)


def _tells_of(evidence: list[Evidence], area: Area, title: str, most: int) -> bool:
    """Whether a page watches an area: it says something present of it, and not in passing. A view counts by what it
    reports of others alone."""
    current = [one for one in evidence if one.counts]
    if evidence[0].page.view is not None and not any(_reported(one) for one in current):
        return False
    about = any(_about(one, area, title) for one in current)
    return about and (any(one.watched for one in current) or IN_PASSING * len(current) >= most)


def _reported(one: Evidence) -> bool:
    return one.statement.attribution is not None or one.statement.stance == "unverified"


def _about(one: Evidence, area: Area, title: str) -> bool:
    """Whether a statement is about the area itself: a state in its focus, a place in it, or one of its keywords."""
    places = {place.country for place in one.statement.place}
    if area.rest or {one.actor, one.other, *places} & (area.focus | area.countries):
        return True
    keywords = words_pattern(area.keywords)
    inside = any(
        box.holds(place.lat, place.lon)
        for box in area.boxes
        for place in one.statement.place
        if place.lat is not None and place.lon is not None
    )
    return inside or bool(keywords.search(one.statement.text.casefold()) or keywords.search(title.casefold()))


def _worth_telling(case: Case, bench: Bench) -> bool:
    """Findings told though no indicator rests on them: forces abroad, what is disputed, what a state denies, and
    numbers of armed people."""
    return case.remembered("worth", None, lambda: _tells_much(case, bench))


def _tells_much(case: Case, bench: Bench) -> bool:
    telling = bench.telling(case)
    denied = [one for one in telling if one.denied]
    by_state = any(one.speaker is not None and one.speaker.state is not None for one in denied)
    return case.kind == PRESENCE or 0 < len(denied) < len(telling) or by_state or _armed(telling, bench)


def _armed(telling: list[Evidence], bench: Bench) -> bool:
    """Whether numbers of soldiers and the like are told of a state's forces."""
    armed = words_pattern(bench.rules.joining.presence_nouns)
    moving = bench.rules.joining.family("MOBILIZE")
    counted = (q for one in telling if one.kind == moving for q in one.statement.quantities if q.unit == "person")
    return any(armed.search(q.text.casefold()) for q in counted)


def _relied(ground: Ground, verdict: Verdict) -> list[Finding]:
    """The findings on which a judgement rests: those that decided it, and those under indicators that are on."""
    lit = (key for signal in ground.signals if signal.on for key in signal.observation.findings)
    keys = dict.fromkeys((*verdict.reason.findings, *lit))
    return [ground.findings[key] for key in keys if key in ground.findings]


def _lacking(ground: Ground) -> int:
    """How many indicators of deeds are told without the evidence they need."""
    levels = ground.bench.rules.levels
    told = reasons.told_only(ground.signals, levels.quote_floor)
    return sum(one.indicator.weight > 0 and one.indicator.group not in levels.talk_groups for one in told)


def _rested_on(judgement: Judgement, findings: dict[str, Finding]) -> list[Finding]:
    """The findings that the judgement names anywhere, in the order of the ground."""
    groups = (
        (judgement.decided_by,),
        judgement.reasons_for,
        judgement.reasons_against,
        judgement.contradictions,
        judgement.missing,
        judgement.would_raise,
        judgement.would_lower,
    )
    named = {key for group in groups for reason in group for key in reason.findings}
    named |= {key for observation in judgement.observations for key in observation.findings}
    return [one for key, one in findings.items() if key in named]
