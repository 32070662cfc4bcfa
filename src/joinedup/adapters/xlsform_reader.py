"""From the sheets of an XLSForm to an instrument: every problem with its place, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from joinedup.adapters.xlsform_headings import Heading, heading
from joinedup.adapters.xlsform_kinds import UNNAMED, Kind, kind_of
from joinedup.adapters.xlsform_workbook import Cells, Grid, under_headings
from joinedup.study.problems import Place, Problem, StudyError
from joinedup.study.survey import Choice, Element, Group, Instrument, Item, Words
from joinedup.survey.instrument import SELECTS, answering, faults

NO_SHEET, NO_COLUMN, BAD_NAME, TWICE, NO_LIST = "J093", "J094", "J095", "J096", "J097"
UNBALANCED, NO_EXPRESSION = "J098", "J099"
RESERVED = frozenset(("response", "person", "wave", "instrument_version"))
SHEETS = ("survey", "choices", "settings")
OTHER = "other"


@dataclass(slots=True)
class Row:
    """A row of a sheet: its texts by field, those with languages, and further columns as written."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    def language(self, name: str) -> Words:
        return self.words.get(name, {})


@dataclass(slots=True)
class Open:
    """A group whose end has not been reached."""

    row: Row
    repeat: bool
    children: list[Element] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)


def instrument_of(sheets: Mapping[str, Grid], name: str) -> Instrument:
    """The instrument in the sheets of the workbook `name`. Raises StudyError with every problem and its place."""
    form = _Form(name, {_known(sheet): grid for sheet, grid in sheets.items()})
    found = form.instrument()
    for fault in faults(found):
        if fault.refused:
            form.problem(NO_EXPRESSION, fault.row, fault.column, f"{fault.reason}.", "Correct the cell.")
    if form.problems:
        raise StudyError(form.problems)
    return replace(found, launch_problems=tuple(fault.problem for fault in faults(found) if not fault.refused))


def _known(sheet: str) -> str:
    plain = sheet.strip().lower()
    return plain if plain in SHEETS else sheet


class _Form:
    """Reads rows and gathers what is wrong."""

    def __init__(self, name: str, sheets: Mapping[str, Grid]) -> None:
        self.name = name
        self.problems: list[Problem] = []
        cells = {sheet: under_headings(sheets[sheet]) for sheet in SHEETS if sheet in sheets}
        self.headings = {sheet: self._headings(found, sheet) for sheet, found in cells.items()}
        if self.problems:
            raise StudyError(self.problems)
        self.rows = {sheet: list(self._rows(found, sheet)) for sheet, found in cells.items()}
        self.settings = self.rows["settings"][0] if self.rows.get("settings") else Row(2)
        self.other = {sheet: grid for sheet, grid in sheets.items() if sheet not in SHEETS and grid}
        self.questions: dict[str, int] = {}
        self._require()

    def problem(self, number: str, row: int, column: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(number, Place(self.name, row, column), what, remedy))

    def _headings(self, cells: Cells, sheet: str) -> list[Heading]:
        for twice in cells.twice:
            remedy = "Keep one of them, or tell them apart by language: label::English (en)."
            self.problem(TWICE, 1, twice, f"The sheet '{sheet}' has the column '{twice}' twice.", remedy)
        return [heading(written, sheet) for written in cells.headings]

    def _rows(self, cells: Cells, sheet: str) -> Iterator[Row]:
        for number, texts in cells.rows:
            row = Row(number)
            for head, text in zip(self.headings[sheet], texts, strict=True):
                if text and not _place(row, head, text):
                    what = f"The column '{head.as_written}' says again what another column of the row says."
                    self.problem(TWICE, number, head.as_written, what, "Keep one of them.")
            yield row

    def _require(self) -> None:
        if not self.rows.get("survey"):
            what = "The workbook has no sheet 'survey' with a question."
            raise StudyError(
                [Problem(NO_SHEET, Place(self.name), what, "Add one with the columns type, name and label.")]
            )
        for sheet, columns in (("survey", ("type", "name")), ("choices", ("list_name", "name"))):
            for column in columns:
                if self.rows.get(sheet) and not any(row[column] for row in self.rows[sheet]):
                    what = f"The sheet '{sheet}' has no column '{column}', or it is empty."
                    self.problem(NO_COLUMN, 1, column, what, "Write it in the sheet's first row.")

    def instrument(self) -> Instrument:
        """The form, with launch problems still to be found."""
        lists = self._lists()
        body = self._body(lists)
        settings = {key: text for key, text in self._settings().items() if key not in ("version", "form_title")}
        return Instrument(
            self.settings.extra.get("version", ""),
            self.settings["form_title"],
            answering(body),
            body,
            {name: tuple(choices) for name, choices in lists.items()},
            self._languages(),
            settings,
            self.other,
        )

    def _settings(self) -> Mapping[str, str]:
        return {**self.settings.texts, **self.settings.extra}

    def _languages(self) -> tuple[str, ...]:
        used = {
            language
            for sheet in ("survey", "choices")
            for row in self.rows.get(sheet, [])
            for words in row.words.values()
            for language in words
        }
        heads = (head for sheet in ("survey", "choices") for head in self.headings.get(sheet, []))
        return tuple(dict.fromkeys(head.language for head in heads if head.language in used and head.field))

    def _body(self, lists: Mapping[str, Sequence[Choice]]) -> tuple[Element, ...]:
        stack = [Open(Row(0), False)]
        for row in self.rows["survey"]:
            kind = kind_of(row["type"])
            if not row["type"]:
                if row["name"]:
                    what = f"The row of '{row['name']}' has no type."
                    self.problem(BAD_NAME, row.number, "type", what, "Say what kind of question it is.")
                continue
            if kind.edge == "begin":
                self._named(row, stack[-1])
                stack.append(Open(row, kind.name == "repeat"))
            elif kind.edge == "end":
                self._close(stack, row, kind)
            elif self._named(row, stack[-1], kind):
                stack[-1].children.append(self._item(row, kind, lists))
        for left in stack[1:]:
            what = f"The {_word(left.repeat)} '{left.row['name']}' is never closed."
            self.problem(UNBALANCED, left.row.number, "type", what, f"Add a row 'end {_word(left.repeat)}' after it.")
        return tuple(stack[0].children)

    def _close(self, stack: list[Open], row: Row, kind: Kind) -> None:
        if len(stack) == 1:
            what = f"The {kind.name} that ends here was never begun."
            self.problem(UNBALANCED, row.number, "type", what, f"Remove the row, or add 'begin {kind.name}' before.")
            return
        closed = stack.pop()
        if closed.repeat != (kind.name == "repeat"):
            what = (
                f"A {kind.name} ends here, but what is open is the {_word(closed.repeat)} of row {closed.row.number}."
            )
            self.problem(UNBALANCED, row.number, "type", what, f"Write 'end {_word(closed.repeat)}'.")
        stack[-1].children.append(_group(closed, row.number))

    def _named(self, row: Row, inside: Open, kind: Kind | None = None) -> bool:
        name = row["name"]
        question = kind is not None and kind.name != "note"
        known = self.questions if question else inside.names
        if not name and kind is not None and kind.name in UNNAMED:
            return True
        if not name:
            what = f"The {'question' if kind else 'group'} has no name."
            remedy = "Give it one: it heads its answers." if kind else "Give it one."
            self.problem(BAD_NAME, row.number, "name", what, remedy)
        elif question and name in RESERVED:
            what = f"'{name}' heads another column of the responses."
            self.problem(BAD_NAME, row.number, "name", what, "Give the question another name.")
        elif (taken := known.get(name) or inside.names.get(name)) is not None:
            what = f"The name '{name}' is also that of row {taken}."
            self.problem(TWICE, row.number, "name", what, f"Give each {'question' if kind else 'group'} its own name.")
        else:
            known[name] = inside.names[name] = row.number
            return True
        return False

    def _item(self, row: Row, kind: Kind, lists: Mapping[str, Sequence[Choice]]) -> Item:
        options = self._options(row, kind, lists) if kind.name in SELECTS else {}
        return Item(
            row["name"],
            kind.name,
            label(row.language("label")),
            options,
            row.number,
            row.language("label"),
            row.language("hint"),
            kind.list_name,
            kind.or_other,
            row["relevant"],
            row["required"],
            row.language("required_message"),
            row["constraint"],
            row.language("constraint_message"),
            row["calculation"],
            row["choice_filter"],
            row["default"],
            row["read_only"],
            row["appearance"],
            row["parameters"],
            row.extra | ({"repeat_count": row["repeat_count"]} if row["repeat_count"] else {}),
        )

    def _options(self, row: Row, kind: Kind, lists: Mapping[str, Sequence[Choice]]) -> dict[str, str]:
        options: dict[str, str] = {}
        for choice in lists.get(kind.list_name, ()):
            options.setdefault(choice.name, label(choice.labels))
        if not options and not kind.list_name.startswith("${"):
            what = f"The list '{kind.list_name}' has no option in the sheet 'choices'."
            self.problem(NO_LIST, row.number, "type", what, "Add its options there, or correct the list's name here.")
        if kind.or_other:
            options.setdefault(OTHER, "Other")
        return options

    def _lists(self) -> dict[str, list[Choice]]:
        lists: dict[str, list[Choice]] = {}
        seen: set[tuple[str, str]] = set()
        allowed = self.settings.extra.get("allow_choice_duplicates", "").lower() in ("yes", "true")
        for row in self.rows.get("choices", []):
            name, option = row["list_name"], row["name"]
            if not name or not option:
                column, what = ("name", f"An option of the list '{name}'") if name else ("list_name", "An option")
                remedy = "Fill in both list_name and name (sheet 'choices'): the name is the answer's code."
                self.problem(BAD_NAME, row.number, column, f"{what} has no {column}.", remedy)
                continue
            if (name, option) in seen and not allowed:
                what = f"The list '{name}' has the option '{option}' twice."
                remedy = "Give each option of a list its own name (sheet 'choices')."
                self.problem(TWICE, row.number, "name", what, remedy)
            seen.add((name, option))
            lists.setdefault(name, []).append(Choice(option, row.language("label"), row.extra, row.number))
        return lists


def _place(row: Row, head: Heading, text: str) -> bool:
    """Put a cell where it belongs; False where something stands there already."""
    if not head.field:
        target: dict[str, str] = row.extra
        key = head.as_written
    elif head.field in ("label", "hint", "constraint_message", "required_message"):
        target, key = row.words.setdefault(head.field, {}), head.language
    else:
        target, key = row.texts, head.field
    if key in target:
        return False
    target[key] = text
    return True


def _group(closed: Open, end: int) -> Group:
    row = closed.row
    known = ("type", "name", "relevant", "repeat_count", "appearance")
    left = {name: text for name, text in row.texts.items() if name not in known}
    return Group(
        row["name"],
        tuple(closed.children),
        closed.repeat,
        row.language("label"),
        row.language("hint"),
        row["relevant"],
        row["repeat_count"],
        row["appearance"],
        row.extra | left,
        row.number,
        end,
    )


def _word(repeat: bool) -> str:
    return "repeat" if repeat else "group"


def label(words: Words) -> str:
    """The plain label, else the English one, else that of the first language that has one."""
    english = (text for language, text in words.items() if "(en)" in language.lower() or language.lower() == "english")
    return words.get("") or next(english, "") or next(iter(words.values()), "")
