"""What one edition of the public pages is made from: the bulletins that people signed, and what stands under each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from tocsin.publish.bulletin import Sentence, mark_of, run_out, untold_phrase
from tocsin.publish.evidence import Evidence
from tocsin.publish.seal import Seal
from tocsin.records import Judgement, Published, revive
from tocsin.rules import Rules

Status = Literal["actual", "exercise", "test"]
LOCAL = "http://127.0.0.1:8410/"  # where `tocsin serve` shows a home that was given no address


@dataclass(frozen=True)
class Issue:
    """One bulletin as it went out: `entry` is its entry in the public log, `files` are its attachments by name,
    `at` is when it went out and `number` its place in the log."""

    published: Published
    entry: bytes
    files: Mapping[str, bytes]
    at: str
    number: int

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """The body that people signed."""
        body: Mapping[str, Any] = json.loads(self.entry)["body"]
        return body

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(revive(Sentence, one) for one in self.manifest["sentences"])

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence.parse(self.files["evidence.json"])

    @property
    def judgement(self) -> Judgement:
        """The machine's judgement that it was signed on."""
        return self.evidence.judgement


@dataclass(frozen=True)
class AreaView:
    """What the public is told of an area now: 'assessed' as long as its latest bulletin stands, 'stale' once that has
    run out, 'unknown' where there is none or it was withdrawn. `level` is None only where it is unknown."""

    area: str
    name: str
    status: Literal["assessed", "stale", "unknown"]
    level: int | None
    colour: str | None
    phrase: str
    issue: Issue | None


@dataclass(frozen=True)
class OverallView:
    """The worst area that has a bulletin in force; never a mean."""

    status: Literal["assessed", "unknown"]
    level: int | None
    colour: str | None
    phrase: str
    worst: AreaView | None
    told: int
    untold: int


@dataclass(frozen=True)
class Edition:
    """`issues` holds each area's bulletins, oldest first; `now` is the time at which the pages are made, and
    `address` where the site will stand, or ''.

    `status` is that of the home: whatever is not actual is marked everywhere. `seal` signs the CAP
    messages; without one they stand unsigned. `hubs` spread the feeds by WebSub. `log_key` is the public log's
    key, '' where there is no log yet. `subscribable`: whether one can ask to be told, by mail or otherwise.
    """

    name: str
    address: str
    now: str
    issues: Mapping[str, tuple[Issue, ...]]
    rules: Rules
    status: Status = "exercise"
    seal: Seal | None = None
    hubs: tuple[str, ...] = ()
    log_key: str = ""
    subscribable: bool = False
    _views: dict[str, AreaView] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for issues in self.issues.values():
            for issue in issues:
                if issue.published.status != self.status:
                    raise ValueError(f"{issue.published.id}: expected status {self.status}, {issue.published.status}")

    @property
    def base(self) -> str:
        """What every link of a feed begins with: absolute, ending in '/'."""
        return (self.address or LOCAL).rstrip("/") + "/"

    @property
    def drill(self) -> bool:
        """Whether nothing here is real."""
        return self.status != "actual"

    @property
    def mark(self) -> str:
        """What every title begins with: '' only for what is real."""
        return mark_of(self.status)

    def page(self, published: Published) -> str:
        """The address of a bulletin's page."""
        return f"{self.base}bulletin/{published.id}.html"

    def all_issues(self) -> tuple[Issue, ...]:
        """Every bulletin, oldest first."""
        return tuple(sorted((one for issues in self.issues.values() for one in issues), key=lambda one: one.number))

    def issue(self, bulletin: str) -> Issue | None:
        return next((one for issues in self.issues.values() for one in issues if one.published.id == bulletin), None)

    def successor(self, issue: Issue) -> Issue | None:
        """The area's next bulletin: it replaced this one."""
        later = [one for one in self.issues.get(issue.published.area, ()) if one.number > issue.number]
        return later[0] if later else None

    def view(self, area: str) -> AreaView:
        if area not in self._views:
            self._views[area] = self._look(area)
        return self._views[area]

    def _look(self, area: str) -> AreaView:
        levels, name = self.rules.levels, self.rules.areas[area].name if area in self.rules.areas else area
        latest = self.issues[area][-1] if self.issues.get(area) else None
        if latest is None:
            return AreaView(area, name, "unknown", None, None, untold_phrase(self.rules), None)
        told = latest.published
        if told.level is None:
            return AreaView(area, name, "unknown", None, None, told.phrase, latest)
        if run_out(told, self.now):
            return AreaView(area, name, "stale", told.level, told.colour, levels.stale_phrase, latest)
        return AreaView(area, name, "assessed", told.level, told.colour, told.phrase, latest)

    @cached_property
    def views(self) -> tuple[AreaView, ...]:
        """Every area, the worst first; what is out of date after those, what nobody knows last."""
        order = {"assessed": 0, "stale": 1, "unknown": 2}
        areas = {*self.rules.areas, *self.issues}
        return tuple(sorted(map(self.view, areas), key=lambda v: (order[v.status], v.level or 9, v.name)))

    @cached_property
    def overall(self) -> OverallView:
        told = [view for view in self.views if view.status == "assessed"]
        untold = len(self.views) - len(told)
        if not told:
            return OverallView("unknown", None, None, untold_phrase(self.rules), None, 0, untold)
        worst = told[0]
        return OverallView("assessed", worst.level, worst.colour, worst.phrase, worst, len(told), untold)
