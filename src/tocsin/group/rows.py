"""The row that `tocsin group` prints for one document."""

from __future__ import annotations

from tocsin.records import Membership


def row(input: str, membership: Membership) -> dict[str, str | None]:
    """The fields of the contract, in its order."""
    return {
        "input": input,
        "document": membership.document,
        "copy_of": membership.copy_of,
        "kind": membership.kind,
        "reason": membership.reason,
        "family": membership.family,
        "story": membership.story,
    }
