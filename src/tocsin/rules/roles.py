"""Words that make an actor of a language: the [actors] table of rules/languages/*.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.rules.calendar import DEFAULT, FOLDER
from tocsin.rules.reading import Examples, Fault, Table, toml
from tocsin.rules.world import SECTORS

if TYPE_CHECKING:
    from tocsin.rules import Rules

WORDS = (
    "modifiers",
    "honorifics",
    "particles",
    "place_prepositions",
    "directions",
    "dealings",
    "joined_before",
    "pronouns",
    "definite",
    "organisation_heads",
    "place_heads",
    "never_names",
    "former",
    "rulers",
    "rules_by",
    "of",
    "attributes",
    "not_qualified",
    "regions",
    "articles",
    "general",
    "needs_owner",
    "determiners",
    "never_places",
    "local_heads",
    "locative",
    "conjunctions",
    "within",
    "offices",
    "guests",
    "owned",
    "of_people",
    "institutions",
    "respelt",
    "alike",
)


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Roles:
    """Role words of one language, in lower case. `titles` (one person) and `heads` (many people, or an
    institution) give each word's sector, '' where it has none; `collectives` the country code of
    adjectives that mean several states; `adjective_after` whether adjectives follow
    their noun. `words` are the closed classes of the module's `WORDS`; of them `respelt` are pairs of
    letters and the sound that they write ('sch S'), `alike` pairs of sounds that spellings confuse."""

    language: str
    words: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    heads: Mapping[str, str]
    collectives: Mapping[str, str]
    adjective_after: bool
    examples: Examples


def parse(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Roles]:
    """Roles by two-letter language, from every languages/*.toml that has an [actors] table."""
    roles: dict[str, Roles] = {}
    for path in sorted(files):
        if path.startswith(FOLDER) and path.endswith(".toml"):
            root = toml(path, files[path], faults)
            if root.has("actors"):
                language = path.removeprefix(FOLDER).removesuffix(".toml")
                roles[language] = _roles(language, root.table("actors"))
    return roles


def roles_of(rules: Rules, language: str | None) -> Roles:
    """The roles of a document's language (a tag such as 'es-VE'); English where there is none."""
    return rules.roles.get((language or DEFAULT).split("-")[0].lower()) or rules.roles[DEFAULT]


def _roles(language: str, table: Table) -> Roles:
    roles = Roles(
        language=language,
        words={name: frozenset(table.texts(name, ())) for name in WORDS},
        titles=_by_sector(table, "titles"),
        heads=_by_sector(table, "heads"),
        collectives={word: code for code, words in table.mapping("collectives").items() for word in words},
        adjective_after=table.flag("adjective_after"),
        examples=table.examples(),
    )
    table.done()
    return roles


def _by_sector(table: Table, field: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for sector, words in table.mapping(field).items():
        if sector != "none" and sector not in SECTORS:
            table.fault(f"{field}.{sector}", f"expected a sector or 'none', found {sector!r}")
        found |= dict.fromkeys(words, "" if sector == "none" else sector)
    return found
