"""Every record of the chain, in one place.

Three kinds of thing exist (see docs/method.md): what we *saw* (entries of the archive), what we
*believe* (the rules, `tocsin.rules`) and what we *conclude* (everything derived from the two).
All records are frozen. A record is written as canonical JSON (RFC 8785) by `plain` and `canonical`;
its version digest is the SHA-256 of that. Where people point at a record it also has a stable `key`.

Conventions: a *span* is `(start, end)`, character offsets into the `Document.text` it belongs to.
A *time* is an RFC 3339 string in UTC with seconds ('2019-03-24T00:00:00Z'), a *date* is 'YYYY-MM-DD'.
Unknown is None, never a guess.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import enum
import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

import rfc8785

T = TypeVar("T")
Span: TypeAlias = tuple[int, int]
Form = Literal["text", "html", "feed", "json", "mail", "pdf", "events"]
Modality = Literal["actual", "intended", "demanded", "possible", "negated"]
Stance = Literal["asserted", "denied", "unverified"]
TimeSense = Literal["current", "past", "future"]
CopyKind = Literal["copy", "excerpt", "update", "translation", "spun"]
State3 = Literal["on", "off", "unknown"]


# ------------------------------------------------------------------ saw: entries of the archive


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes as they came. `body` is their digest ('sha256:…'); the bytes lie in the archive.

    `seen` is when we got them; None only in the study commands, where the sender's date stands in.
    `input` is the name under which they came (a path as given, a URL), `source` the id of the
    source rule that asked for them or ''.
    """

    seen: str | None
    source: str
    url: str
    status: int
    body: str
    form: Form
    input: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The clock is an entry: at a tick the areas are judged."""

    seen: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """From here on these rules decide. `rules` is the digest of the rule bundle, kept as a body."""

    seen: str
    recipe: Recipe
    rules: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's or a model's answer to a question about the evidence, anchored to quoted words."""

    seen: str
    question: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel delivered, in sums; no address."""

    seen: str
    bulletin: str
    channel: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The bytes of a body are erased; its digest stays."""

    seen: str
    body: str
    reason: str


Entry: TypeAlias = Capture | Tick | Adopted | Answer | Receipt | Withdrawn


# ------------------------------------------------------------------ concluded: per document


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that could not be read: at which step, and why. `input` as in `Document`."""

    input: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repair:
    """`Document.text[span]` stands where the page had `original`; `rule` says which repair did it."""

    span: Span
    original: str
    rule: str


@dataclass(frozen=True, slots=True)
class Document:
    """One article, alone: what `tocsin.extract.read` makes of a capture.

    `key` is stable: the digest of where it came from and of its bytes, so that the same page seen
    twice is one document. `input` names it as the contract says ('path', 'path#3' or the object's
    own id). `seen` is the capture's time, else the sender's date, else None (as-of stands in).
    `source` is the publisher's name, `source_id` the id of its rule; `origin` who wrote it first
    where the page says so, `origin_id` likewise.
    """

    key: str
    input: str
    id: str | None
    url: str | None
    title: str | None
    published: str | None
    published_basis: str | None
    modified: str | None
    language: str | None
    authors: tuple[str, ...]
    source: str | None
    source_id: str | None
    origin: str | None
    origin_id: str | None
    text: str
    flags: tuple[str, ...]
    repairs: tuple[Repair, ...]
    seen: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A mention of somebody who acts. `text`, `span` are None where the actor is implied."""

    text: str | None
    span: Span | None
    id: str | None
    name: str
    country: str | None
    sector: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A mention of a place; lat and lon in degrees (WGS 84), country as ISO 3166 alpha-3."""

    text: str
    span: Span
    name: str
    country: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class When:
    """A mention of a time, as an interval of days, both ends included.

    `basis`: 'text' (the words say it whole), 'relative' (against the document's date),
    'inferred' (the page fixes what it does not say: a weekday with a date, an office held).
    """

    text: str
    span: Span
    start: str | None
    end: str | None
    basis: Literal["text", "relative", "inferred"] | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `high` closes a range; `unit` is 'person', 'USD', 'tonne', 'km' …"""

    text: str
    span: Span
    value: float
    high: float | None
    unit: str | None
    of: str | None
    approx: bool


@dataclass(frozen=True, slots=True)
class Materiel:
    """A mention of a weapon, vehicle, vessel or aircraft of rules/materiel.tsv."""

    text: str
    span: Span
    id: str
    materiel_class: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """The words that carry the event."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """Who did what to whom, where, when, and who says so: one row of `tocsin interpret`.

    `key` is '<document key>.<n>', n counting in text order. `type` is a PLOVER 2022 root or None
    for reported speech or a told fact that is no PLOVER act. `rule` names what decided.
    """

    key: str
    document: str
    span: Span
    text: str
    type: str | None
    mode: str | None
    topics: tuple[str, ...]
    trigger: Trigger
    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    place: tuple[Place, ...]
    when: When | None
    quantities: tuple[Quantity, ...]
    materiel: tuple[Materiel, ...]
    modality: Modality
    stance: Stance
    time: TimeSense | None
    attribution: Actor | None
    rule: str


# ------------------------------------------------------------------ concluded: in the fold


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a document belongs. Decided on arrival, never revised in place.

    `copy_of` and `document` are document keys; `family` is shared by all that carry one text,
    `story` by all about one news event. `reason` names the rule and the figures that decided.
    """

    document: str
    copy_of: str | None
    kind: CopyKind | None
    reason: str
    family: str
    story: str


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Stories that split or merge: these documents of `story` are told under `into` from here on.

    A membership is never rewritten; the last link that names a document says where it stands. Where a
    link names all documents of `story`, the stories have merged. `seen` is the time of the review.
    """

    story: str
    into: str
    documents: tuple[str, ...]
    reason: str
    seen: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """One number as told by one voice, side by side with the others, never averaged."""

    of: str | None
    value: float
    high: float | None
    unit: str | None
    by: str
    statement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Statements about one real-world happening, joined; `asserted`, `denied` and `unverified`
    are statement keys. `origins` counts independent witnesses, named in `witnesses`.
    `grade` is the NATO/Admiralty grade, e.g. 'B2'. `weak` says why it counts for little, or None.
    """

    key: str
    area: str | None
    summary: str
    type: str | None
    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    place: tuple[Place, ...]
    when: When | None
    time: TimeSense | None
    modality: Modality
    asserted: tuple[str, ...]
    denied: tuple[str, ...]
    unverified: tuple[str, ...]
    origins: int
    witnesses: tuple[str, ...]
    grade: str
    values: tuple[Value, ...]
    first_seen: str
    last_seen: str
    weak: str | None


@dataclass(frozen=True, slots=True)
class Observation:
    """An indicator in an area at a tick. `unknown` means that nobody reports from there.

    `value` is the decayed strength, 0 to 1. `reason` names the rule that decided.
    """

    indicator: str
    area: str
    state: State3
    value: float
    findings: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A named reason in one plain sentence, with the findings under it."""

    rule: str
    text: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probability:
    """P of the axis within the horizon, with a range. `words` are ICD 203's, or odds below 1 %."""

    p: float
    low: float
    high: float
    horizon_days: int
    words: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well an area is watched: documents and independent origins within the coverage window."""

    status: Literal["watched", "thin", "unwatched"]
    documents: int
    origins: int


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to read the evidence; ranked by how many findings are inconsistent with it."""

    id: str
    text: str
    inconsistent: tuple[str, ...]
    consistent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One area at one tick. `level` is None where the area is unwatched."""

    as_of: str
    area: str
    name: str
    status: Literal["assessed", "stale", "unknown"]
    level: int | None
    colour: str | None
    phrase: str
    previous: int | None
    war: Probability
    nuclear: Probability
    confidence: Literal["low", "moderate", "high"]
    confidence_text: str
    coverage: Coverage
    observations: tuple[Observation, ...]
    decided_by: Reason
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    contradictions: tuple[Reason, ...]
    missing: tuple[Reason, ...]
    would_raise: tuple[Reason, ...]
    would_lower: tuple[Reason, ...]
    hypotheses: tuple[Hypothesis, ...]
    expires: str | None


@dataclass(frozen=True, slots=True)
class Overall:
    """The worst assessed area; never a mean."""

    status: Literal["assessed", "stale", "unknown"]
    level: int | None
    colour: str | None
    phrase: str
    decided_by: Reason
    watched: int
    unwatched: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """What computed this: digests of the code, the rules and the environment. Never typed by hand."""

    code: str
    rules: str
    environment: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """All areas at one tick, with every finding that any of them rests on."""

    as_of: str
    recipe: Recipe
    overall: Overall
    judgements: tuple[Judgement, ...]
    findings: tuple[Finding, ...]
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What would be announced. The machine only proposes (`status` 'proposed'); people publish."""

    key: str
    area: str
    level: int | None
    previous: int | None
    reason: Reason
    text: str
    supersedes: str | None
    status: Literal["proposed", "published"]
    as_of: str
    exercise: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's consent to exact bytes: `digest` is that of the canonical manifest body which they saw.

    `kind` 'passkey': `proof` holds the WebAuthn assertion (client_data, authenticator_data, signature, base64url);
    'key': it holds an Ed25519 `signature`. `key` is the public key, so that a stranger can check without us.
    """

    signer: str
    kind: Literal["passkey", "key"]
    key: str
    digest: str
    at: str
    proof: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """A bulletin as people signed it. It stands for ever; its successor says what it replaces.

    `level` is the signed one, `machine_level` what the machine had proposed. `text` is plain paragraphs.
    """

    id: str
    kind: Literal["alert", "update", "correction", "cancel"]
    status: Literal["actual", "exercise", "test"]
    area: str
    area_name: str
    level: int | None
    previous: int | None
    machine_level: int | None
    colour: str | None
    phrase: str
    as_of: str
    issued: str
    expires: str | None
    title: str
    text: str
    replaces: tuple[str, ...]
    url: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class DyadScore:
    """The sum of Goldstein values of the events between two states on a day; `a` before `b`, hostile below 0."""

    a: str
    b: str
    score: float


@dataclass(frozen=True, slots=True)
class Tally:
    """One day of a stream of coded events. `stream` names it; `volume` is the sum of absolute scores over the whole
    world, by which scores are divided; `body` is the digest of the bytes that say so."""

    input: str
    stream: str
    day: str
    volume: float
    scores: tuple[DyadScore, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Work:
    """What extract and interpret gave for one document: the part that may be computed anywhere."""

    document: Document
    statements: tuple[Statement, ...] = field(default=())


# ------------------------------------------------------------------ writing records


def plain(value: Any) -> Any:
    """A record as JSON values: dataclasses to objects, tuples to arrays, enums to their values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        items = sorted(value) if isinstance(value, frozenset | set) else value
        return [plain(v) for v in items]
    if isinstance(value, enum.Enum):
        return value.value
    return value


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of a record or of plain values.

    The json module writes the same bytes many times as fast, but for some numbers and names; where one of these
    stands anywhere in the value, rfc8785 writes it."""
    try:
        ready = _ready(value)
        written = json.dumps(ready, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return written.encode()
    except (_Unusual, UnicodeEncodeError):
        encoded: bytes = rfc8785.dumps(plain(value))
        return encoded


class _Unusual(Exception):
    """A value that the json module would write otherwise than RFC 8785 asks."""


def _ready(value: Any) -> Any:
    """As `plain`, with whole floats as integers. Raises _Unusual for numbers that Python writes with an exponent or
    beyond 2**53, and for names outside ASCII, which RFC 8785 sorts by UTF-16."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is tuple or kind is list:
        return [_ready(one) for one in value]
    if kind is float or kind is int:
        return _ready_number(value)
    if dataclasses.is_dataclass(kind):
        return {name: _ready(getattr(value, name)) for name in _field_names(kind)}
    if isinstance(value, Mapping):
        if not all(type(name) is str and name.isascii() for name in value):
            raise _Unusual
        return {name: _ready(one) for name, one in value.items()}
    if isinstance(value, frozenset | set):
        return [_ready(one) for one in sorted(value)]
    if isinstance(value, enum.Enum):
        return _ready(value.value)
    raise _Unusual


def _ready_number(value: float) -> float:
    size = abs(value)
    if not size < 2**53:  # NaN too
        raise _Unusual
    if value == int(value):
        return int(value)
    if size < 1e-4:
        raise _Unusual
    return value


@functools.cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


def revive(kind: type[T], value: Any) -> T:
    """The record of this kind that `plain` was made from. Raises TypeError or ValueError on other shapes."""
    reviver: Callable[[Any], T] = _reviver(typing.cast(Any, kind))
    return reviver(value)


@functools.cache
def _reviver(kind: Any) -> Callable[[Any], Any]:
    """How to turn plain JSON values back into one type: records, tuples, optional values, mappings."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        record: Callable[..., Any] = kind
        hints = typing.get_type_hints(kind)
        parts = {f.name: _reviver(hints[f.name]) for f in dataclasses.fields(kind)}
        return lambda value: record(**{name: parts[name](v) for name, v in value.items()})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        member = _reviver(arguments[0])
        return lambda value: tuple(member(v) for v in value)
    if origin in (typing.Union, types.UnionType):
        present = _reviver(next(a for a in arguments if a is not type(None)))
        return lambda value: None if value is None else present(value)
    if origin is Mapping or origin is collections.abc.Mapping:
        return dict
    if kind is float:
        return float
    return lambda value: value


def moment(text: str, *, end_of_day: bool = False) -> str:
    """An ISO date or datetime as a time in UTC with seconds: '2019-03-24T00:00:00Z'.

    A bare date is its first second, or its last where `end_of_day`; a time without an offset is UTC.
    Raises ValueError on anything else.
    """
    if len(text) == 10:
        datetime.date.fromisoformat(text)
        return text + ("T23:59:59Z" if end_of_day else "T00:00:00Z")
    when = datetime.datetime.fromisoformat(text)
    aware = when if when.tzinfo else when.replace(tzinfo=datetime.UTC)
    return aware.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest(data: bytes) -> str:
    """'sha256:' and 64 hex digits: how every body, rule bundle and record version is named."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def short_key(prefix: str, *parts: str) -> str:
    """A stable key: the prefix and 16 hex digits of the SHA-256 of the parts."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return prefix + hashlib.sha256(joined).hexdigest()[:16]
