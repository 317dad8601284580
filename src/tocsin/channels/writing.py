"""The words of mails and pages, from templates: HTML is escaped, plain text is not."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin.publish.bulletin import readable


@functools.cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("tocsin.channels"),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["readable"] = readable
    return made


def rendered(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)
