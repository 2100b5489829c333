"""A marking as the entry page offers it: TLP, release set, and the names that the set speaks of."""

from collections.abc import Sequence

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from jpa.errors import InvalidInputError
from jpa.model.case import Jpa
from jpa.model.marking import HANDLING, Marking, Release, Tlp, said_pap, states_named


def read_marking(form: MultiDict[str, str], jpas: Sequence[Jpa]) -> Marking:
    """Read the marking off a form; unmarked stays in the own agency."""
    tlp, release = form.get("tlp", Tlp.AMBER_STRICT.value), form.get("release", Release.OWN_AGENCY.value)
    if tlp not in set(Tlp) or release not in set(Release):
        raise InvalidInputError(_("The marking was not understood."), {"release": _("Choose one of the list.")})
    names: tuple[str, ...] = ()
    if release == Release.NAMED_STATES:
        names = states_named(form.get("release_states", ""))
    if release == Release.JPA:
        names = tuple(i for i in form.getlist("release_jpa") if i in {j.id for j in jpas})
    return Marking(Tlp(tlp), Release(release), names, form.get("handling", ""), said_pap(form.get("pap", "")))


def read_own_marking(form: MultiDict[str, str], jpas: Sequence[Jpa]) -> Marking | None:
    """Read the marking of an entry that may leave it to its report: None where no level is chosen."""
    if form.get("tlp", "") == "":
        return None
    handling = form.get("handling", "").strip()
    if handling and handling.upper() not in HANDLING:
        problem = _("It is none of %(codes)s.", codes=" ".join(HANDLING))
        raise InvalidInputError(_("The marking was not understood."), {"handling": problem})
    return read_marking(form, jpas)


def typed_marking(marking: Marking) -> dict[str, str]:
    """Return a marking as the form says it."""
    typed = {"tlp": marking.tlp.value, "release": marking.release.value, "handling": marking.handling}
    typed["pap"] = marking.pap.value
    if marking.release is Release.NAMED_STATES:
        typed["release_states"] = ", ".join(marking.names)
    if marking.release is Release.JPA:
        typed["release_jpa"] = marking.names[0]
    return typed
