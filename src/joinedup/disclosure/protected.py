"""A table that has passed the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from joinedup.disclosure.auditing import Published, audit_published
from joinedup.disclosure.model import Audit, CountTable
from joinedup.disclosure.profiles import Profile

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """A table that has passed the gate.

    `table`: what may leave, with the axes of the input: whole numbers and marks. `status`: a Status for each cell; it
    tells primary from secondary and stays inside. `published`: what `table` tells an attacker. `reason`: why the
    profile asked for was not followed (empty: it was). `source`: the table as it came in; it stays inside.
    """

    name: str
    table: pd.DataFrame
    status: pd.DataFrame
    profile: Profile
    published: Published
    source: CountTable
    reason: str = ""

    @property
    def legend(self) -> str:
        """The sentence for the foot of the table: what its mark says, and why it was rounded if it had to be."""
        return f"{self.profile.legend}. {self.reason}".strip() if self.reason else f"{self.profile.legend}."

    def audit(self) -> Audit:
        """Every primary cell with the interval that the published table leaves; says which are disclosed."""
        return audit_published([self.published], every=True)
