"""Which files set what counts besides the hand-ins themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_REMEMBERED = ("settings", "roster", "overrides")


@dataclass(frozen=True, slots=True)
class Files:
    """Where a course's settings are; None where there are none."""

    settings: Path | None = None
    roster: Path | None = None
    overrides: Path | None = None

    def named(self) -> tuple[str, ...]:
        """The paths of those that are there."""
        found = (getattr(self, name) for name in _REMEMBERED)
        return tuple(str(path) for path in found if path is not None)

    def remembered(self) -> dict[str, str]:
        """The paths as the results keep them; empty for none."""
        found = {name: getattr(self, name) for name in _REMEMBERED}
        return {name: str(path.resolve()) if path else "" for name, path in found.items()}
