"""Where findings come from, for other programs: W3C PROV and Web Annotation."""

from joinedup.adapters.provenance.annotations import leaving_annotations, web_annotations
from joinedup.adapters.provenance.prov import provenance

__all__ = ["leaving_annotations", "provenance", "web_annotations"]
