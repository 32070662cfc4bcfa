"""What gives people away by its form in Britain: numbers with their check digits, postcodes, phones, dates, addresses, ages.

Sources: NHS Data Dictionary (NHS number, modulus 11); HMRC NIM39110 (national insurance numbers); DfE guide to unique
pupil numbers (check letter, modulus 23) and Learning Records Service (unique learner number); Cabinet Office BS 7666
(postcodes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_MONTH = r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"  # fmt: skip
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_ROAD = r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Drive|Close|Crescent|Court|Place|Terrace|Gardens|Grove|Way|Square|Hill|Mews|Walk|Row|Rise|Park|View)"  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatternFound:
    """Something at [start, end) that gives a person away by its form, and what may stand for it.

    `certain`: it is what it looks like, by its check digit or a form that nothing else has.
    """

    start: int
    end: int
    kind: str
    replacement: str
    certain: bool


def nhs_number(digits: str) -> bool:
    """Whether ten digits are an NHS number: the tenth is 11 less the weighted sum modulo 11 (11 is 0, 10 is none)."""
    check = 11 - sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and check % 11 == int(digits[9])


def learner_number(digits: str) -> bool:
    """Whether ten digits are a unique learner number: the tenth is 10 less the weighted sum modulo 11, never 0 as sum."""
    rest = sum(int(d) * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return rest != 0 and 10 - rest == int(digits[9])


def pupil_number(upn: str) -> bool:
    """Whether a letter, eleven digits and a digit or letter are a unique pupil number, by its first letter."""
    values = [int(sign) if sign.isdigit() else _UPN_LETTERS.find(sign) for sign in upn[1:]]
    if -1 in values:
        return False
    return upn[0] == _UPN_LETTERS[sum(v * w for v, w in zip(values, range(2, 14), strict=True)) % 23]


def age_band(age: int) -> str:
    """The band of an age: 0 to 4, 5 to 9, 10 to 14, 15 to 17, 18 and 19, then tens, 90 or over."""
    for low, high in ((0, 4), (5, 9), (10, 14), (15, 17), (18, 19)):
        if low <= age <= high:
            return f"{low} to {high}"
    return "90 or over" if age >= 90 else f"{age // 10 * 10} to {age // 10 * 10 + 9}"


def _ten_digits(match: re.Match[str]) -> tuple[str, str, bool] | None:
    digits = re.sub(r"\D", "", match[0])
    if nhs_number(digits):
        return "NHS number", "[NHS number]", True
    return ("learner number", "[learner number]", True) if learner_number(digits) else None


def _upn(match: re.Match[str]) -> tuple[str, str, bool] | None:
    return ("pupil number", "[pupil number]", True) if pupil_number(match[0].upper()) else None


def _worded_date(match: re.Match[str]) -> tuple[str, str, bool]:
    month = next(name for name in _MONTHS if name.startswith(match["month"][:3].title()))
    return "date", f"[{month} {match['year']}]" if match["year"] else f"[{month}]", False


def _numeric_date(match: re.Match[str]) -> tuple[str, str, bool] | None:
    month, year = int(match["month"]), match["year"]
    if not 1 <= month <= 12:
        return None
    return "date", f"[{_MONTHS[month - 1]} {year}]" if len(year) == 4 else f"[{_MONTHS[month - 1]}]", False


def _age(match: re.Match[str]) -> tuple[str, str, bool] | None:
    age = int(match["age"])
    return ("age", f"[aged {age_band(age)}]", False) if age <= 115 else None


def _is(kind: str) -> Callable[[re.Match[str]], tuple[str, str, bool]]:
    return lambda _: (kind, f"[{kind}]", True)


_NUMERIC = r"(?P<sep>[/.-])"
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str, bool] | None]], ...] = (
    (re.compile(r"[\w.+'-]{1,64}@\w[\w-]{0,62}(?:\.[\w-]{1,62}){1,6}"), _is("e-mail address")),
    (re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{2,300}[^\s<>\".,;:!?)]", re.I), _is("web address")),
    (re.compile(r"(?<![\w.])@[A-Za-z]\w{2,29}\b"), _is("account name")),
    (re.compile(r"(?<![\w+])(?:(?:\+|00)44[\s-]?(?:\(0\)[\s-]?)?|\(?0)[1-37-9](?:[\s()-]{0,2}\d){8,9}(?!\d)", re.A), _is("telephone number")),
    (re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", re.A), _ten_digits),
    (re.compile(r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b", re.A | re.I), _is("national insurance number")),
    (re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b", re.A | re.I), _upn),
    (re.compile(r"\b(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2})\b", re.A), _is("postcode")),
    (re.compile(rf"\b(?:Flat \d+[A-Za-z]?,? )?\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w'’]+ ){{1,3}}{_ROAD}\b"), _is("address")),
    (re.compile(rf"\b{_DAY}(?: of)?[ \t]+{_MONTH}\b\.?(?:,?[ \t]+(?P<year>(?:19|20)\d\d))?", re.I), _worded_date),
    (re.compile(rf"\b{_MONTH}\.?[ \t]+{_DAY}(?![\d:])(?:,?[ \t]+(?P<year>(?:19|20)\d\d))?", re.I), _worded_date),
    (re.compile(rf"(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01]){_NUMERIC}(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}|\d\d)(?![\d/-])", re.A), _numeric_date),
    (re.compile(r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?:0[1-9]|[12]\d|3[01])(?![\d-])", re.A), _numeric_date),
    (re.compile(r"\baged?[ \t]+(?:of[ \t]+)?(?P<age>\d{1,3})\b", re.I | re.A), _age),
    (re.compile(r"\b(?P<age>\d{1,3})[ -](?:years?|yrs?)[ -](?:olds?|of[ -]age)\b", re.I | re.A), _age),
)  # fmt: skip


def find_patterns(content: str) -> Iterator[PatternFound]:
    """Everything in `content` that fits a pattern; patterns may overlap."""
    for pattern, judge in _RULES:
        for match in pattern.finditer(content):
            found = judge(match)
            if found is not None:
                yield PatternFound(match.start(), match.end(), *found)
