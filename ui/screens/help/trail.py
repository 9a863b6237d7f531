"""Which topics were read in which order, as a browser keeps it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trail:
    slugs: tuple[str, ...] = ()
    place: int = -1

    @property
    def current(self) -> str:
        return self.slugs[self.place] if self.slugs else ""

    @property
    def has_before(self) -> bool:
        return self.place > 0

    @property
    def has_after(self) -> bool:
        return self.place < len(self.slugs) - 1

    def to(self, slug: str) -> Trail:
        """What came after the place where it branches off is gone."""
        if slug == self.current:
            return self
        kept = self.slugs[: self.place + 1]
        return Trail((*kept, slug), len(kept))

    def moved(self, steps: int) -> Trail:
        return Trail(self.slugs, min(max(self.place + steps, 0), len(self.slugs) - 1))
