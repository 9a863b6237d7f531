"""What the page of the quality shows. No Qt: it runs in the threads of the lanes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fieldtool.asset_facts import attribute_text, attribute_title, known_class
from fieldtool.imports.records import KEPT_SUFFIX
from fieldtool.naming import asset_text
from fieldtool.profile import Profile
from fieldtool.texts import _, decimal, thousands
from fieldtool.titles import field_title
from fieldtool.upkeep import quality
from fieldtool.upkeep.doubts import DOUBTS, Doubt
from fieldtool.upkeep.quality import NUMBER, PLACE, RECORD, ClassQuality, FieldQuality, WorkItem

LISTED = 500
YEARS = (1, 2, 5, 10)
YEAR_DAYS = 365.25
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Question:
    """`key` and `doubt` are empty for all; `years`: unchanged for so long counts as old."""

    asset_class: str
    years: int = 2
    key: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be looked at in one record."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    asset: str
    title: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """`fields` are rows of a listing; `steps` the first records of the work list, `more` where there are
    others; `keys` what the list can be narrowed to."""

    question: Question
    facts: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, ...], ...]
    keys: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    more: bool


def before(years: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=years * YEAR_DAYS)


def judge(profile: Profile, question: Question, say: Say) -> Judged:
    """Two readings of the class. Raises UnknownAssetClass."""
    told, at = _("{count} looked at …"), before(question.years)

    def tell(done: int) -> None:
        say(told.format(count=thousands(done)))

    found = quality.class_quality(profile.store, question.asset_class, at, tell)
    steps = _steps(profile, question, at, tell)
    return Judged(
        question=question,
        facts=tuple(_facts(found, question.years)),
        fields=tuple(_row(one, found.assets) for one in found.fields),
        keys=tuple((one.key, one.title) for one in found.fields),
        steps=tuple(steps[:LISTED]),
        more=len(steps) > LISTED,
    )


def _steps(profile: Profile, question: Question, at: datetime, tell: Callable[[int], None]) -> list[Step]:
    """One more than are listed, where there are so many."""
    steps: list[Step] = []
    doubt = next((one for one in DOUBTS if one == question.doubt), None)
    wanted = at if doubt == "old" else None
    items = quality.work_list(profile.store, question.asset_class, question.key or None, doubt, wanted, tell)
    for item in items:
        if steps and steps[-1].asset == item.asset.id:
            last = steps.pop()
            steps.append(Step(last.asset, last.title, (*last.notes, note(item))))
            continue
        if len(steps) > LISTED:
            break
        steps.append(Step(item.asset.id, asset_text(item.asset), (note(item),)))
    return steps


def note(item: WorkItem) -> Note:
    asset, key = item.asset, item.key
    said = _(DOUBTS[item.doubt])
    if key == RECORD:
        return Note(key, said)
    kind = known_class(asset.asset_class)
    title = field_title(key) if key in (NUMBER, PLACE) else attribute_title(kind, key)
    value = asset.attributes.get(key)
    if value is None:
        value = asset.attributes.get(key + KEPT_SUFFIX)
    shown = "" if value is None or item.doubt == "missing" else f" ({attribute_text(kind, key, value)})"
    return Note(key, f"{title}: {said}{shown}")


def _facts(found: ClassQuality, years: int) -> list[tuple[str, str]]:
    def total(counts: list[int]) -> str:
        return thousands(sum(counts))

    facts = [
        (_("Complete"), _of(found.complete, found.assets)),
        (_("Implausible values"), total([one.implausible for one in found.fields])),
        (_("Values that do not fit"), total([one.unfit for one in found.fields])),
        (_("Assets with a number that occurs more than once"), total([one.double for one in found.fields])),
    ]
    if found.untouched is not None:
        title = _("Not changed for a year") if years == 1 else _("Not changed for {years} years")
        facts.append((title.format(years=years), _of(found.untouched, found.assets)))
    return facts


def _of(part: int, whole: int) -> str:
    share = decimal(100 * part / whole, 0) if whole else "–"
    told = _("{part} of {whole} ({share} %)")
    return told.format(part=thousands(part), whole=thousands(whole), share=share)


def _row(one: FieldQuality, assets: int) -> tuple[str, ...]:
    share = f"{decimal(100 * one.filled / assets, 0)} %" if assets else "–"
    missing = thousands(assets - one.filled)
    counts = (one.unfit, one.implausible, one.double)
    return (
        one.title + (" *" if one.required else ""),
        share,
        missing,
        *(thousands(count) if count else "–" for count in counts),
    )


def doubt_options() -> list[tuple[str, str]]:
    titles: dict[Doubt, str] = {
        "missing": _("missing values"),
        "unfit": _("values that do not fit"),
        "implausible": _("implausible values"),
        "double": _("numbers that occur more than once"),
        "old": _("records not changed for long"),
    }
    return [("", _("everything that is to be looked at")), *titles.items()]
