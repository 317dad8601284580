"""Before anything imports numpy: one thread for its arithmetic, as the command line has it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tocsin.threads import single

single()

if TYPE_CHECKING:
    from desks import Office


@pytest.fixture(scope="session")
def exercise_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled exercise, derived once for all tests that want a copy of it."""
    from desks import derived_exercise

    return derived_exercise(tmp_path_factory.mktemp("exercise-template") / "home")


@pytest.fixture
def office(exercise_template: Path, tmp_path: Path) -> Office:
    """A desk of its own, on a copy of the exercise."""
    from desks import office_at

    return office_at(exercise_template, tmp_path / "office")
