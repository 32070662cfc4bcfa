"""Findings, results and files with what led from one to the other, as W3C PROV (PROV-JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.report.gate.barred import Barred
from joinedup.report.gate.text_labels import TextLabels
from joinedup.study.digest import digest
from joinedup.study.finding import Finding
from joinedup.study.model import Study
from joinedup.study.result import Result, Value
from joinedup.version import __version__

Records = dict[str, dict[str, Any]]
_SOFTWARE = "study:software"


def provenance(
    study: Study,
    results: Mapping[str, Result],
    findings: Mapping[str, Finding],
    files: Mapping[str, Sequence[str]],
) -> str:
    """A PROV-JSON document: files are used by analyses, analyses generate results, findings derive from results.

    `results` and `findings` are gated, their sentences too; `files` names what each result was computed from. Results
    carry their parameters and the digest of their values, findings their verdict and freshness, public texts their
    SHA-256; an affirmation attributes a finding to a person. No quote is in it, no row, no value of a cell and no digest
    of what tells of persons, which could be found out by trying. Its only times are those of the ledger: the same study
    gives the same bytes. See https://www.w3.org/submissions/prov-json/.
    """
    made = _Document(study)
    for result in results.values():
        made.result(result, files.get(result.id, ()))
    for finding in findings.values():
        made.finding(finding)
    made.affirmations()
    prefix = {"study": f"urn:joinedup:{study.id}:", "joinedup": "urn:joinedup:terms:"}
    document = {"prefix": prefix, **{kind: made.records[kind] for kind in sorted(made.records)}}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class _Document:
    """The records of a document, by kind and name."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._barred, self._labels = Barred(study), TextLabels(study)
        self.records: dict[str, Records] = {
            "agent": {
                _SOFTWARE: {
                    "prov:type": _type("prov:SoftwareAgent"),
                    "prov:label": "joinedup",
                    "joinedup:version": __version__,
                }
            }
        }

    def _add(self, kind: str, name: str, **about: Any) -> str:
        self.records.setdefault(kind, {})[name] = {key.replace("__", ":"): value for key, value in about.items()}
        return name

    def _relate(self, kind: str, **ends: str) -> None:
        about = {f"prov:{end}": name for end, name in ends.items()}
        self.records.setdefault(kind, {})[f"_:{kind}-{digest(sorted(about.items()))[:16]}"] = about

    def _file(self, file: str) -> str:
        return self._add("entity", f"study:file/{_name(file)}", prov__label=file)

    def result(self, result: Result, files: Sequence[str]) -> None:
        """The result, the analysis that generated it, and the files that this used."""
        about = {f"joinedup__{key}": value for key, value in result.parameters.items() if self._may_be_told(value)}
        if result.refused:
            about["joinedup__refused"] = result.refused
        entity = self._add(
            "entity",
            f"study:result/{_name(result.id)}",
            prov__label=result.title,
            joinedup__values=digest(result.values),
            joinedup__version=result.version,
            **about,
        )
        activity = self._add("activity", f"study:analysis/{_name(result.id)}", prov__label=result.title)
        self._relate("wasGeneratedBy", entity=entity, activity=activity)
        self._relate("wasAssociatedWith", activity=activity, agent=_SOFTWARE)
        for file in filter(self._may_be_told, sorted(files)):
            self._relate("used", activity=activity, entity=self._file(file))

    def _may_be_told(self, value: Value) -> bool:
        """Whether there is a value, and one that names no site that was promised anonymity."""
        return value is not None and not (isinstance(value, str) and self._barred.site_in(value))

    def finding(self, finding: Finding) -> None:
        """The finding, derived from the results and texts that it cites."""
        entity = self._add(
            "entity",
            f"study:finding/{_name(finding.id)}",
            prov__label=finding.text,
            joinedup__verdict=finding.verdict,
            joinedup__freshness=finding.freshness,
        )
        for piece in finding.evidence:
            if piece.result:
                self._relate("wasDerivedFrom", generatedEntity=entity, usedEntity=f"study:result/{_name(piece.result)}")
            elif name := (piece.passage.text if piece.passage else piece.document):
                self._relate("wasDerivedFrom", generatedEntity=entity, usedEntity=self._text(name))

    def _text(self, id: str) -> str:
        """A public text by its id; any other by its name in a release, for its id may lead to a site."""
        text = self._study.text_by_id.get(id)
        kind = next((kind for kind in self._study.kinds if text is not None and kind.id == text.kind), None)
        if text is None or kind is None:
            return self._add("entity", "study:text/gone", prov__label="A text that is gone")
        if not kind.public:
            called = self._labels.of(id)
            return self._add("entity", f"study:text/{_name(called)}", prov__label=called)
        if self._barred.promised:
            return self._add("entity", f"study:texts/{_name(kind.id)}", prov__label=kind.label)
        return self._add("entity", f"study:text/{_name(id)}", prov__label=id, joinedup__sha256=text.sha256)

    def affirmations(self) -> None:
        """Who stands by which finding, since when."""
        for one in self._study.affirmations:
            person = self._add(
                "agent", f"study:person/{digest(one.by)[:16]}", prov__type=_type("prov:Person"), prov__label=one.by
            )
            act = self._add(
                "activity",
                f"study:affirmation/{digest([one.finding, one.by, one.at])[:16]}",
                prov__startTime=one.at,
                prov__endTime=one.at,
            )
            self._relate("wasAssociatedWith", activity=act, agent=person)
            self._relate("used", activity=act, entity=f"study:finding/{_name(one.finding)}")


def _type(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _name(words: str) -> str:
    """A local name: what PROV does not allow in one stands as its code point."""
    return "".join(char if char.isalnum() or char in "._-/" else f"_{ord(char):x}_" for char in words)
