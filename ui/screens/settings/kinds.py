"""What each kind of platform wants to know, as named fields. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fieldtool.jsontypes import Json
from fieldtool.texts import N_, _

OptionKind = Literal["text", "number", "pairs", "choice"]


@dataclass(frozen=True, slots=True)
class Option:
    """`choices` are (value, text), the first of them what holds where nothing is said. Of "pairs" each line
    is HERE=THERE."""

    name: str
    kind: OptionKind
    title: str
    hint: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    title: str
    address: str
    tenant: str
    tenant_hint: str
    token_hint: str
    options: tuple[Option, ...]
    checks_login: bool = True


@dataclass(eq=False)
class FieldProblem(Exception):
    """`field` is the name of what cannot be used as it is, `advice` says how it can."""

    field: str
    advice: str


KINDS: dict[str, Kind] = {
    "ngsi-ld": Kind(
        title=N_("Urban data platform (NGSI-LD)"),
        address="https://plattform.example.org",
        tenant=N_("Tenant"),
        tenant_hint=N_("Only where the platform has several (NGSILD-Tenant)."),
        token_hint=N_("The access token of the platform. It goes into the vault and is never shown."),
        options=(
            Option(
                "context",
                "text",
                N_("JSON-LD context"),
                N_("Address of the context that the platform uses; empty for the core context."),
            ),
        ),
    ),
    "chirpstack": Kind(
        title=N_("LoRaWAN network server (ChirpStack)"),
        address="https://netzserver.example.org:8080",
        tenant=N_("Tenant ID"),
        tenant_hint=N_("Needed where application or device profile are given by name."),
        token_hint=N_("An API key of the network server. It goes into the vault and is never shown."),
        options=(
            Option(
                "application",
                "text",
                N_("Application"),
                N_("ID or name of the application that the devices come into."),
                required=True,
            ),
            Option(
                "device_profile",
                "text",
                N_("Device profile"),
                N_("ID or name; for device types that have none of their own below."),
            ),
            Option(
                "device_profiles",
                "pairs",
                N_("Device profiles by device type"),
                N_("One per line: device type=device profile, such as dragino-lse01=LSE01 EU868."),
            ),
        ),
    ),
    "open311": Kind(
        title=N_("Reporting platform (Open311)"),
        address="https://melder.example.org/open311/v2",
        tenant=N_("Jurisdiction"),
        tenant_hint=N_("The jurisdiction_id, where the platform asks for one."),
        token_hint=N_("The api_key of the platform. It goes into the vault and is never shown."),
        checks_login=False,
        options=(
            Option(
                "format",
                "choice",
                N_("Format"),
                N_("In which form the platform answers."),
                (("json", "JSON"), ("xml", "XML")),
            ),
            Option(
                "categories",
                "pairs",
                N_("Categories"),
                N_("One per line: category here=service code there, such as damage=012."),
            ),
            Option(
                "statuses",
                "pairs",
                N_("Words of the statuses"),
                N_("One per line: open, in_progress, waiting or closed=word there."),
            ),
            Option(
                "marker",
                "choice",
                N_("How requests of ours are marked"),
                N_("By a line in the description, or by an attribute where the platform keeps one."),
                (("description", N_("in the description")), ("attribute", N_("by an attribute"))),
            ),
            Option(
                "extended",
                "choice",
                N_("Status messages"),
                N_("Whether the platform takes status and comments (service request updates)."),
                (("yes", N_("are exchanged")), ("no", N_("are not exchanged"))),
            ),
            Option(
                "pull_days",
                "number",
                N_("Days looked back"),
                N_("How far back the first sync takes over requests; empty for 90 days."),
            ),
        ),
    ),
}


def read_options(kind: str, typed: Mapping[str, str]) -> dict[str, Json]:
    """Only what was said. Raises FieldProblem."""
    found: dict[str, Json] = {}
    for option in KINDS[kind].options:
        text = typed.get(option.name, "").strip()
        value = _value(option, text)
        if value is not None:
            found[option.name] = value
        elif option.required:
            raise FieldProblem(option.name, _("Fill in: {field}").format(field=_(option.title)))
    return found


def _value(option: Option, text: str) -> Json:
    if not text:
        return None
    if option.kind == "pairs":
        return _pairs(option, text)
    if option.kind == "number":
        if not (text.isascii() and text.isdigit()):
            raise FieldProblem(
                option.name, _("A whole number is wanted: {field}").format(field=_(option.title))
            )
        return int(text)
    if option.kind == "choice":
        usual = option.choices[0][0]
        return None if text == usual else {"yes": True, "no": False}.get(text, text)
    return text


def _pairs(option: Option, text: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        here, equals, there = (part.strip() for part in line.partition("="))
        if not (here and equals and there):
            told = _("Write one pair per line with an equals sign between them: {field}")
            raise FieldProblem(option.name, told.format(field=_(option.title)))
        found[here] = there
    return found


def option_texts(options: Mapping[str, Json], kind: str) -> list[tuple[str, str]]:
    """As people read them in the list of platforms."""
    titles = {option.name: option for option in KINDS[kind].options} if kind in KINDS else {}
    return [
        (_(titles[name].title) if name in titles else name, _shown(titles.get(name), value))
        for name, value in options.items()
    ]


def _shown(option: Option | None, value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{here}={there}" for here, there in value.items())
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    words = dict(option.choices) if option is not None else {}
    return _(words[text]) if text in words else text
