"""The first words of a text in, its dateline out: place, day, agency, and where in the text it stands.

Theory. A dateline opens a report and ends in a dash or, in Russian and Ukrainian, after the agency in strokes or full
stops: "KYIV, July 4 (Reuters) –", "LYSYCHANSK, Ukraine (AP) —", "Berlin (dpa) -", «КИЕВ, 4 июля. /ТАСС/.»,
«Київ. УНН.», "القاهرة (رويترز) -", 【ワシントン共同】, "新华社北京7月4日电". One of two must vouch for it: an agency's
name, or a place in capitals before the dash. "PARIS — " passes, "Paris — " does not, for sentences begin so. A year not
written is that which brings the day nearest to the day of publication.
Chosen not to do: "Asunción: The government …", a place before a colon or a full stop, which is how captions and lists
begin, too; and finding the place on the map, which is geotagging's.
"""

from __future__ import annotations

import re
from datetime import date

from etl.extract.agencies import ANY, agency
from etl.extract.datewords import month_of
from etl.records import Dateline

_AGENCY = rf"(?P<agency>{ANY})"
_DASH = r"\s*(?:[-–—―]{1,2}|--)\s+"
_DAY = (
    r"(?:(?P<m1>[^\W\d_]{3,12})\.?\s+(?P<d1>\d{1,2})|(?P<d2>\d{1,2})\.?\s+(?P<m2>[^\W\d_]{3,12}))\.?"
    r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
)
_FIRST = r"[^\W\d_a-zà-ÿа-яіїєґё]"  # a capital, or a letter of a script without them
_CAPITALS = r"[^\W\d_a-zà-ÿа-яіїєґё]{1,20}"
_REGION = (
    rf"(?:,\s{_FIRST}[^\W\d_]{{0,20}}(?:[ .'’\-]{{1,2}}{_FIRST}[^\W\d_]{{0,20}}){{0,3}}\.?)?"  # ", Ukraine", ", D.C."
)
_SHOUTED = rf"(?P<place>{_FIRST}{_CAPITALS}(?:[ .'’\-]{{1,2}}{_CAPITALS}){{0,3}}{_REGION})"
_SMALL = r"(?:(?:am|an der|im|in|de|del|la|el|sur|upon|на)[ \-])?"
_WRITTEN = rf"(?P<place>{_FIRST}[^\W\d_]{{1,25}}(?:[ /.'’\-]{{1,2}}{_SMALL}{_FIRST}[^\W\d_]{{0,20}}){{0,3}}{_REGION})"
_IN_BRACKETS = rf"\(\s*(?:via )?{_AGENCY}(?:[^)\n]{{0,30}})\)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_WRITTEN}(?:,?\s+{_DAY})?,?\s*{_IN_BRACKETS}{_DASH}",  # Berlin, 4 July (dpa) -
        rf"{_SHOUTED}(?:,\s+{_DAY})?,?\s*{_AGENCY}{_DASH}",  # PARIS, July 4, AFP —
        rf"{_SHOUTED},\s+{_DAY}{_DASH}{_AGENCY}\.\s+",  # КИЕВ, 4 июл — РИА Новости.
        rf"{_SHOUTED},\s+{_DAY}\s*/(?P<agency>[^/\n]{{2,40}})/\.?\s+",  # КИЕВ, 4 июля. /ТАСС/.
        rf"{_WRITTEN}\.\s+(?:{_DAY}\.?\s+)?{_AGENCY}\.\s+",  # Київ. 4 липня. УНН.
        rf"{_SHOUTED}(?:,\s+{_DAY})?{_DASH}",  # PARIS, July 4 —
        rf"{_IN_BRACKETS}{_DASH}",  # (CNN) —
        # In Chinese and Japanese.
        rf"【(?P<place>[^】\n＝=]{{1,12}}?)[＝=・]?(?:{_AGENCY})[^】\n]{{0,10}}】",
        (
            r"(?P<agency>新华社|新華社|中新社|中新网|中央社)(?P<place>[^\d\n]{2,8}?)(?P<m3>\d{1,2})月(?P<d3>\d{1,2})日[电電]"
            r"(?:[（(][^)）\n]{0,40}[)）])?\s*"
        ),
    )
)
_REACH = 160  # characters of a paragraph in which a dateline ends
_PARAGRAPHS = 2  # the first may be a standfirst


def dateline(body: str, about: date | None) -> Dateline | None:
    """The dateline of a body, whose paragraphs a blank line parts; `about` is the day near which it was written."""
    start = 0
    for paragraph in body.split("\n\n")[:_PARAGRAPHS]:
        for form in _FORMS:
            found = form.match(paragraph[:_REACH])
            if found and not paragraph[found.end() : found.end() + 1].islower() and found.end() < len(paragraph):
                return _read(found, start, about)
        start += len(paragraph) + 2
    return None


def _read(found: re.Match[str], start: int, about: date | None) -> Dateline:
    parts = found.groupdict()
    named = parts.get("agency")
    return Dateline(
        start=start + found.start(),
        end=start + found.end(),
        place=(parts.get("place") or "").strip(" ,.") or None,
        dated_on=_day(parts, about),
        agency=(agency(named) or named.strip()) if named else None,
    )


def _day(parts: dict[str, str], about: date | None) -> date | None:
    day = next((int(d) for k in ("d1", "d2", "d3") if (d := parts.get(k))), 0)
    name = next((m for k in ("m1", "m2", "m3") if (m := parts.get(k))), "")
    month = int(name) if name.isdigit() else month_of(name)
    if about is None or not month:
        return None
    years = (int(parts["year"]),) if parts.get("year") else (about.year - 1, about.year, about.year + 1)
    days = [found for year in years if (found := _date(year, month, day))]
    return min(days, key=lambda near: abs(near - about), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
