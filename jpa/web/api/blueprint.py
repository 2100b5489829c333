"""The blueprint of the API and what each of its operations does alike."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec

from apiflask import APIBlueprint, Schema
from flask.typing import ResponseReturnValue
from marshmallow import RAISE

P = ParamSpec("P")

pages: Final = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="jpa")


def takes(query: type[Schema]) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Check what stands behind the question mark, and refuse a name that is not declared: a slip is told, not ignored."""
    return pages.input(query, location="query", unknown=RAISE)


def answers(shape: type[Schema]) -> Callable[[Callable[P, object]], Callable[P, ResponseReturnValue]]:
    """Answer with what the view returns, written in a declared shape: what is not declared never leaves."""

    def decorate(view: Callable[P, object]) -> Callable[P, ResponseReturnValue]:
        @pages.output(shape)
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Any:
            return view(*args, **kwargs)

        return answer

    return decorate
