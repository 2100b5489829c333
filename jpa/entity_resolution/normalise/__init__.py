"""Names of any script folded to comparable forms; the original is never touched."""

from jpa.entity_resolution.normalise.names import fold, search_forms, skeleton, tokens

__all__ = ["fold", "search_forms", "skeleton", "tokens"]
