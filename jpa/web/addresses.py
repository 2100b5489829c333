"""Parts of addresses that are checked before anything is asked for."""

from werkzeug.routing import BaseConverter

from jpa.model.ids import ID_PATTERN


class IdConverter(BaseConverter):
    """An id: what cannot be one is not found, and never reaches a store or the log."""

    regex = ID_PATTERN.pattern
