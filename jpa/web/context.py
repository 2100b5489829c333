"""What every page shows: the officer, the rail, the marking, captions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from flask import Flask, g, request, url_for
from flask_login import current_user
from markupsafe import Markup

from jpa.model.access import Action, can
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.limits import limits_of, meet_of
from jpa.model.marking import Marking, Tlp
from jpa.model.officer import Officer
from jpa.model.record import Report
from jpa.model.value_types import COUNTRY_NAMES
from jpa.model.value_types.dates import caption_date
from jpa.services import agencies, cases
from jpa.web.gate import ask, installation
from jpa.web.texts import gettext as _

TLP_CLASS: Final = {
    Tlp.RED: "tlp-red",
    Tlp.AMBER_STRICT: "tlp-amber",
    Tlp.AMBER: "tlp-amber",
    Tlp.GREEN: "tlp-green",
    Tlp.CLEAR: "tlp-clear",
}


def init(app: Flask) -> None:
    """Give templates what they share."""

    @app.context_processor
    def _shared() -> dict[str, Any]:
        shown: dict[str, Any] = {"ENTITY_TYPES": ENTITY_TYPES, "LINK_TYPES": LINK_TYPES, "COUNTRIES": COUNTRY_NAMES}
        if current_user.is_authenticated:
            officer = current_user.account.officer
            shown |= {"officer": officer, "rail": rail(officer), "may": lambda action: can(officer, Action(action))}
        return shown

    app.template_filter("day")(lambda text: _apart(caption_date(text)) if text else "")
    app.template_filter("moment")(lambda at: _apart(written(at)))
    app.template_filter("instant")(lambda text: _apart(written(datetime.fromisoformat(text))))
    app.template_filter("bytes")(sized)
    app.template_filter("agency")(agency_name)
    app.template_filter("period")(period_name)
    app.template_filter("probability")(probability)
    app.template_filter("tlp_class")(lambda tlp: TLP_CLASS[tlp])


def probability(value: float) -> str:
    """Write a probability with two digits; what is not certain is never rounded to it."""
    return "> 0.99" if 0.995 <= value < 1 else f"{value:.2f}"


def agency_name(agency: str) -> str:
    """Name an agency by its id; the list of all is read once in a request. What no longer stands in it keeps its id."""
    if "agencies" not in g:
        g.agencies = {a.id: a.name for a in agencies.list_agencies(installation().stores, ask())}
    return str(g.agencies.get(agency, agency))


def period_name(jpa: str) -> str:
    """Name a joint period of the officer's state by its id; any other keeps its id."""
    if "periods" not in g:
        periods, _plans = cases.list_frames(installation().stores, ask())
        g.periods = {period.id: period.name for period in periods}
    return str(g.periods.get(jpa, jpa))


def rail(officer: Officer) -> list[dict[str, Any]]:
    """Return the subjects of the left rail that the officer's roles open, in groups; the first has no heading."""
    groups: list[tuple[str, list[tuple[str, str, Action]]]] = [
        (
            "",
            [
                ("start.home", _("Start"), Action.READ),
                ("cases.listed", _("Cases"), Action.READ),
                ("resolution.queue", _("Might be the same"), Action.READ),
                ("networks.listed", _("Networks"), Action.READ),
                ("incidents.listed", _("Incidents"), Action.READ),
                ("imports.listed", _("Imports"), Action.IMPORT),
                ("jobs.listed", _("Jobs"), Action.READ),
            ],
        ),
        (
            _("Sharing"),
            [
                ("packages.listed", _("Packages"), Action.READ_PACKAGE),
                ("grants.listed", _("Grants"), Action.READ),
                ("requests.listed", _("Requests"), Action.COUNT_REQUEST),
                ("blind.listed", _("Blind questions"), Action.READ_BLIND),
                ("planned.listed", _("Planned actions"), Action.READ_PLANS),
                ("agreements.listed", _("Agreements"), Action.READ_AGREEMENT),
            ],
        ),
        (
            _("Statistics"),
            [
                ("figures.dashboard", _("Figures"), Action.READ_STATISTICS),
                ("releases.listed", _("Releases"), Action.READ_RELEASE),
                ("returns.listed", _("Returns"), Action.READ_RETURN),
                ("forms_filled.show", _("Forms"), Action.READ_STATISTICS),
                ("quality.questions", _("Open questions"), Action.READ_STATISTICS),
            ],
        ),
        (
            _("Registers"),
            [
                ("frames.listed", _("Joint periods"), Action.READ_DIRECTORY),
                ("admin.agencies", _("Agencies"), Action.READ_DIRECTORY),
                ("admin.states", _("States"), Action.READ_DIRECTORY),
                ("admin.officers", _("Officers"), Action.ADMINISTER),
                ("leads.listed", _("Cases without a lead"), Action.ADMINISTER),
                ("start.audit", _("Audit"), Action.READ_AUDIT),
            ],
        ),
    ]
    shown = [
        (heading, [(e, label) for e, label, action in subjects if e == "start.home" or can(officer, action)])
        for heading, subjects in groups
    ]
    addresses = {e: url_for(e) for _heading, subjects in shown for e, _label in subjects}
    above = [e for e, address in addresses.items() if e != "start.home" and request.path.startswith(address)]
    home = request.endpoint == "start.home"
    here = "start.home" if home else max(above, key=lambda e: len(addresses[e]), default="")
    return [
        {
            "heading": heading,
            "subjects": [{"address": addresses[e], "label": label, "here": e == here} for e, label in subjects],
        }
        for heading, subjects in shown
        if len(subjects) > 0
    ]


def marking(reports: Iterable[Report]) -> dict[str, Any]:
    """Return the bar's marking: the meet of what the page shows, as whatever is made of it would be marked."""
    found = list(reports)
    markings = [r.marking for r in found] or [Marking()]
    met = meet_of(limits_of(m, agency="", state="", case="") for m in markings)
    handling = sorted({m.handling for m in markings if m.handling != ""})
    return {"tlp": met.tlp, "handling": ", ".join(handling), "pap": met.pap}


def sized(count: int) -> str:
    """Write a size for officers: 512 bytes, 12.4 kB, 3.1 MB."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _apart(text: str) -> Markup:
    """Keep a date in its own order on a page that is read from right to left."""
    return Markup("<bdi>{}</bdi>").format(text)


def written(at: datetime | float) -> str:
    """Write a moment for officers: 12 March 2024, 14:07 UTC."""
    moment = datetime.fromtimestamp(at, tz=UTC) if isinstance(at, float) else at.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
