"""A marking as the entry page offers it: TLP, release set, and the names that the set speaks of."""

from collections.abc import Sequence

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from jpa.errors import InvalidInputError
from jpa.model.case import Jpa
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.value_types import COUNTRY, Context


def read_marking(form: MultiDict[str, str], jpas: Sequence[Jpa]) -> Marking:
    """Read the marking off a form; unmarked stays in the own agency."""
    tlp, release = form.get("tlp", Tlp.AMBER_STRICT.value), form.get("release", Release.OWN_AGENCY.value)
    if tlp not in set(Tlp) or release not in set(Release):
        raise InvalidInputError(_("The marking was not understood."), {"release": _("Choose one of the list.")})
    names: tuple[str, ...] = ()
    if release == Release.NAMED_STATES:
        names = _states(form.get("release_states", ""))
    if release == Release.JPA:
        names = tuple(i for i in form.getlist("release_jpa") if i in {j.id for j in jpas})
    return Marking(Tlp(tlp), Release(release), names, form.get("handling", ""))


def _states(typed: str) -> tuple[str, ...]:
    read = [(text.strip(), COUNTRY.clean(text.strip(), Context(state="")).clean) for text in typed.split(",")]
    unknown = [text for text, code in read if code is None and text != ""]
    if len(unknown) > 0:
        problem = _("“%(name)s” is no state that is known here; write its name or two-letter code.", name=unknown[0])
        raise InvalidInputError(_("The marking was not understood."), {"release": problem})
    return tuple(dict.fromkeys(code for _text, code in read if code is not None))
