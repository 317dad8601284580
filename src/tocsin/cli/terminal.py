"""What people see in a terminal. Numbers come with their words, colours never alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from tocsin.records import Assessment, Bulletin, Judgement, Published, Reason, Statement
from tocsin.rules import Rules
from tocsin.rules.warning import odds_between

console = Console(highlight=False)

_STYLES = {5: "green", 4: "blue", 3: "yellow", 2: "dark_orange", 1: "red"}


def level_text(level: int | None, colour: str | None) -> str:
    """'5 green', in its colour; 'unwatched' where there is none."""
    if level is None:
        return "[dim]– unknown[/]"
    return f"[{_STYLES[level]} bold]{level} {colour}[/]"


def refusal(row: dict[str, Any]) -> None:
    console.print(f"[red]refused[/] {escape(row['input'])}: {escape(row['refused']['reason'])}", soft_wrap=True)


def document(row: dict[str, Any]) -> None:
    """One read document: what is known of it, then its text."""
    known = [("title", row["title"]), ("published", _dated(row)), ("source", row["source"]), ("origin", row["origin"])]
    known += [("language", row["language"]), ("authors", ", ".join(row["authors"])), ("flags", ", ".join(row["flags"]))]
    console.rule(f"[bold]{escape(row['input'])}[/]", align="left")
    for name, value in known:
        if value:
            console.print(f"[dim]{name:>10}[/]  {escape(str(value))}", soft_wrap=True)
    console.print()
    console.print(escape(row["text"]))
    console.print()


def _dated(row: dict[str, Any]) -> str | None:
    return f"{row['published']} ({row['published_basis']})" if row["published"] else None


def membership(row: dict[str, Any]) -> None:
    kind = f"{row['kind']} of {row['copy_of']}" if row["copy_of"] else "its own text"
    titled = f" “{escape(row['story_title'])}”" if row.get("story_title") else ""
    console.print(
        f"[bold]{escape(row['input'])}[/]  {kind}  family {row['family']}  story {row['story']}{titled}\n"
        f"    [dim]{escape(row['reason'])}[/]",
        soft_wrap=True,
    )


def statement(row: dict[str, Any]) -> None:
    """One statement: act, parties, assertion, and the sentence under it."""
    source = ", ".join(a["name"] for a in row["source"]) or "?"
    target = ", ".join(a["name"] for a in row["target"]) or "?"
    when = f", {row['when']['start']}" if row["when"] and row["when"]["start"] else ""
    by = f", says {row['attribution']['name']}" if row["attribution"] else ""
    act = row["type"] or "told"
    console.print(
        f"[bold]{act}[/] {escape(source)} → {escape(target)} "
        f"[dim]({row['modality']}, {row['stance']}, {row['time']}{when}{escape(by)}; {row['rule']})[/]",
        soft_wrap=True,
    )
    console.print(f"    “{escape(row['text'])}”", soft_wrap=True)


# ------------------------------------------------------------------ assessments


def exercise_banner() -> None:
    console.print(Panel("EXERCISE   EXERCISE   EXERCISE — nothing here is real news", style="bold black on yellow"))


def levels(assessment: Assessment) -> None:
    """The levels alone: overall, then area by area."""
    if assessment.exercise:
        exercise_banner()
    overall = assessment.overall
    console.print(
        f"As of {assessment.as_of}: overall {level_text(overall.level, overall.colour)} — {escape(overall.phrase)}",
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("area", "level", "war in 30 days", "nuclear", "confidence", "reports / origins"):
        table.add_column(heading)
    for j in assessment.judgements:
        watched = j.level is not None
        table.add_row(
            j.name,
            level_text(j.level, j.colour) + (" [dim]stale[/]" if j.status == "stale" else ""),
            escape(j.war.words) if watched else "[dim]–[/]",
            escape(j.nuclear.words) if watched else "[dim]–[/]",
            j.confidence if watched else "[dim]–[/]",
            f"{j.coverage.documents} / {j.coverage.origins} {j.coverage.status}",
        )
    console.print(table)


def assessment(
    found: Assessment, rules: Rules, statements: Mapping[str, Statement], *, only: str | None = None
) -> None:
    """The whole assessment: the levels, then for each watched area what is for, against and disputed."""
    levels(found)
    summaries = {f.key: f.summary for f in found.findings}
    for judgement in _worth_telling(found, only):
        _area(judgement, summaries)
    _disputed(found, statements)
    console.print(f"\n[dim]{escape(rules.levels.disclaimer)}[/]")


def _worth_telling(found: Assessment, only: str | None) -> list[Judgement]:
    """The area asked for; else what is watched or raised, and where there is no such area, what is thinly covered."""
    if only is not None:
        return [j for j in found.judgements if j.area == only]
    assessed = [j for j in found.judgements if j.level is not None and j.status == "assessed"]
    first = [j for j in assessed if j.coverage.status == "watched" or j.level != max(_STYLES)]
    return first or assessed


def _area(judgement: Judgement, summaries: Mapping[str, str]) -> None:
    console.print()
    console.rule(f"[bold]{escape(judgement.name)}[/]  {level_text(judgement.level, judgement.colour)}", align="left")
    console.print(f"{escape(judgement.decided_by.text)} [dim]({judgement.decided_by.rule})[/]", soft_wrap=True)
    if judgement.level is not None:
        _axes(judgement)
    console.print(f"{escape(judgement.confidence_text)}", soft_wrap=True)
    _reasons("What speaks for it", judgement.reasons_for, summaries)
    _reasons("What speaks against", judgement.reasons_against, summaries)
    _reasons("Disputed", judgement.contradictions, summaries)
    _reasons("Missing", judgement.missing, summaries)
    _reasons("What would raise it", judgement.would_raise, summaries)
    _reasons("What would lower it", judgement.would_lower, summaries)
    if judgement.hypotheses:
        console.print("[bold]Hypotheses[/], the least contradicted first")
        for h in judgement.hypotheses:
            console.print(f"  • {escape(h.text)} [dim]({len(h.inconsistent)} against it)[/]", soft_wrap=True)


def _axes(judgement: Judgement) -> None:
    """W and N, each with its range: a percentage for what is calibrated, odds for what is judged."""
    war, nuclear = judgement.war, judgement.nuclear
    console.print(
        f"A serious clash between states within {war.horizon_days} days: {escape(war.words)} "
        f"({100 * war.low:.1f} to {100 * war.high:.1f} %).",
        soft_wrap=True,
    )
    console.print(
        f"A nuclear alert, preparation or use: {escape(nuclear.words)} ({odds_between(nuclear.low, nuclear.high)}), "
        "a structured judgement, not a measured rate.",
        soft_wrap=True,
    )


def _reasons(heading: str, reasons: Iterable[Reason], summaries: Mapping[str, str]) -> None:
    shown = list(reasons)
    if not shown:
        return
    console.print(f"[bold]{heading}[/]")
    for reason in shown[:8]:
        console.print(f"  • {escape(reason.text)}", soft_wrap=True)
        for key in reason.findings[:3]:
            if key in summaries and summaries[key] not in reason.text:
                console.print(f"      [dim]{key}[/] {escape(summaries[key])}", soft_wrap=True)
    if len(shown) > 8:
        console.print(f"  [dim]… and {len(shown) - 8} more[/]")


def _disputed(found: Assessment, statements: Mapping[str, Statement]) -> None:
    for finding in found.findings:
        if not (finding.asserted and finding.denied and statements):
            continue
        console.print()
        console.print(f"[bold]Disputed:[/] {escape(finding.summary)} [dim]{finding.key} {finding.grade}[/]")
        for value in finding.values:
            high = f"–{value.high:g}" if value.high is not None else ""
            console.print(f"    {value.value:g}{high} {escape(value.of or '')} — {escape(value.by)}", soft_wrap=True)
        for stance in ("asserted", "denied"):
            for key in getattr(finding, stance)[:4]:
                if key in statements:
                    console.print(f"    [dim]{stance:>8}[/] “{escape(statements[key].text)}”", soft_wrap=True)


def timeline(judgements: Iterable[Judgement]) -> None:
    """One line for each change of level or of what decided; runs without a change are counted."""
    last: Judgement | None = None
    same = 0
    for judgement in judgements:
        if last and (last.level, last.status, last.decided_by.rule) == (
            judgement.level,
            judgement.status,
            judgement.decided_by.rule,
        ):
            same += 1
            continue
        _unchanged(same)
        _timeline_row(judgement)
        last, same = judgement, 0
    _unchanged(same)


def _unchanged(runs: int) -> None:
    if runs:
        console.print(f"[dim]    … unchanged at {runs} further judgement{'s' if runs > 1 else ''}[/]")


def signed(told: Iterable[Published]) -> None:
    """What people signed, beside what the machine had proposed."""
    rows = list(told)
    console.print("[bold]Signed[/]" if rows else "[dim]nobody has signed a level here[/]")
    for one in rows:
        by = ", ".join(signature.signer for signature in one.signatures)
        machine = "no level" if one.machine_level is None else str(one.machine_level)
        console.print(
            f"{one.issued}  {level_text(one.level, one.colour)}  {one.kind}, signed by {escape(by)}; "
            f"the machine proposed {machine} [dim]({one.id})[/]",
            soft_wrap=True,
        )


def difference(title: str, lines: Iterable[str]) -> None:
    """A draft against what stands: what goes and what comes."""
    console.rule(f"[bold]{escape(title)}[/]", align="left")
    styles = {"+": "green", "-": "red", "@": "dim"}
    for line in lines:
        console.print(escape(line), style=styles.get(line[:1], ""), soft_wrap=True)


def _timeline_row(judgement: Judgement) -> None:
    console.print(
        f"{judgement.as_of}  {level_text(judgement.level, judgement.colour)}  {judgement.status}  "
        f"{escape(judgement.decided_by.text)} [dim]({judgement.decided_by.rule})[/]",
        soft_wrap=True,
    )


def step(time: str, found: Assessment) -> None:
    """One step of a replay in a line: the overall level, and the areas that have one."""
    told = ", ".join(
        f"{escape(j.name)} {j.level}{' stale' if j.expires is not None and j.expires < time else ''}"
        for j in found.judgements
        if j.level is not None
    )
    overall = level_text(found.overall.level, found.overall.colour)
    console.print(f"{time}  {overall}  {told or 'nothing watched'} [dim](judged {found.as_of})[/]", soft_wrap=True)


def proposal(bulletin: Bulletin) -> None:
    mark = "EXERCISE " if bulletin.exercise else ""
    title = f"{mark}proposed for {bulletin.area}: level {bulletin.previous} → {bulletin.level}; a person signs"
    console.print(Panel(escape(bulletin.text), title=title))


# ------------------------------------------------------------------ explaining


def tree(node: dict[str, Any]) -> None:
    """The walk from a level down to the bytes, a line a step, each thing told once and named after that."""
    told: set[str] = set()
    console.print(_label(node), soft_wrap=True)
    if node.get("story"):
        _kin(node)
    _under(node, 1, told)


def _kin(node: dict[str, Any]) -> None:
    """Whose text a document has, and the story that it tells."""
    copy, story = node["copy"], node["story"]
    whose = f"{copy['kind']} of {copy['of']}" if copy["of"] else "its own text"
    console.print(f"  {whose}: [dim]{escape(copy['reason'])}[/]; {len(node['family'])} with this text", soft_wrap=True)
    titled = f"“{escape(story['title'])}” " if story["title"] else ""
    console.print(f"  story {titled}[dim]{story['id']}, {len(story['documents'])} documents[/]", soft_wrap=True)


_BRANCHES = ("indicators", "for", "against", "contradictions", "findings", "asserted", "denied", "unverified")


def _under(node: dict[str, Any], depth: int, told: set[str]) -> None:
    for name in _BRANCHES:
        if node.get(name):
            console.print("  " * depth + f"[bold]{name}[/]", soft_wrap=True)
            for member in node[name]:
                _step(member, depth + 1, told)
    if node.get("document"):
        console.print("  " * depth + _label(node["document"]), soft_wrap=True)


def _step(node: dict[str, Any], depth: int, told: set[str]) -> None:
    key = node.get("id", "")
    if key and key in told:
        console.print("  " * depth + f"[dim]{key}, told above[/]", soft_wrap=True)
        return
    told.add(key)
    console.print("  " * depth + _label(node), soft_wrap=True)
    _under(node, depth + 1, told)


def _label(node: dict[str, Any]) -> str:
    kind = node.get("kind")
    if kind == "area":
        return f"{node['id']}: {level_text(node['level'], node['colour'])} — {escape(node['decided_by']['text'])}"
    if kind == "finding":
        of = f"{node['origins']} independent origins" if node["origins"] != 1 else "one origin"
        return f"{escape(node['summary'])} [dim]{node['id']} {node['grade']}, {of}[/]"
    if kind == "statement":
        by = f", says {node['attribution']}" if node["attribution"] else ""
        start, end = node["span"]
        where = f"characters {start} to {end}" if end > start else "title"
        return f"“{escape(node['sentence'])}” [dim]{node['id']}, {where}{escape(by)}[/]"
    if kind == "document":
        where = node["url"] or node["input"]
        return f"[dim]{escape(str(node['source'] or '?'))}: {escape(where)} {node['bytes']}[/]"
    if "indicator" in node:
        return f"{node['indicator']} {node['state']} {node['value']:.2f} — {escape(node['reason'])}"
    return escape(str(node.get("text", "")))
