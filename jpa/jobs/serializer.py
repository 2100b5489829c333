"""What DBOS writes down of a workflow: plain JSON only, because whoever can write a pickle can run code."""

import json
from typing import Any

from dbos import Serializer


class JsonSerializer(Serializer):
    """Writes ids, numbers and words; an exception is kept as its kind and sentence."""

    def serialize(self, data: Any) -> str:
        """Write plain JSON; TypeError for anything else."""
        if isinstance(data, BaseException):
            data = {"error": type(data).__name__, "message": str(data)}
        return json.dumps(data)

    def deserialize(self, serialized_data: str) -> Any:
        """Read plain JSON."""
        data = json.loads(serialized_data)
        if isinstance(data, dict) and set(data) == {"error", "message"}:
            return RuntimeError(f"{data['error']}: {data['message']}")
        return data

    def name(self) -> str:
        """Name the form."""
        return "jpa_json"
