"""A text and the place of an institution's kind in it ("General Staff") go in; whose institution it is comes out.

Theory. There are two general staffs in a war, and to take them for one source hides a witness. Whose it is stands
beside the name ("Ukraine's General Staff", «Генштаб ЗСУ», "Defence Ministry of Russia", "police in Moscow");
or was said where the text named the same kind before or after, of one country only; or the text speaks of one country
alone. An abbreviation only one country has («ДСНС») says it itself; an institution without a country in a text in
Ukrainian is Ukraine's, for no other press writes that language. Else nobody knows, and that is the answer.
The countries are those at war or much in the news of disasters, with neighbours; en · uk · ru · de · fr · es stems, the
capital, and for armies their abbreviations. Not done: regions ("the Kherson police"), "both ministries".
"""

from __future__ import annotations

import re
from functools import lru_cache

# Country, stems in Latin letters (as people capitalise them), stems in Cyrillic: its names, people and capital.
_COUNTRY: tuple[tuple[str, str, str], ...] = (
    (
        "UA",
        r"Ukrain\w*|ukrain\w*|Ucrania\w*|ucrani\w+|Kyiv|Kiev",
        r"украин\w*|україн\w*|київ\w*|києв\w*|киев\w*|зсу|всу",
    ),
    (
        "RU",
        r"Russia\w*|Russland\w*|russisch\w*|Russie|russes?|Rusia|rus[oa]s?|Moscow|Moskau\w*|Moscou|Moscú|Kremlin",
        r"росси\w+|росі[йяїє]\w*|русск\w+|рф|москв\w*|московськ\w*",
    ),
    ("BY", r"Belarus\w*|belarus\w*|Bielorrusia|Biélorussie|Minsk", r"б[еі]лорус\w*|беларус\w*|мінськ\w*|минск\w*"),
    (
        "PL",
        r"Poland|Polish|Polen|polnisch\w*|Pologne|polonais\w*|Polonia|polac[oa]s?|Warsaw",
        r"польщ\w*|польс\w*|польш\w*",
    ),
    (
        "DE",
        r"German(?:y|s)?|Deutschland\w*|deutsch\w*|Allemagne|allemand\w*|Alemania|alem[aá]n\w*|Berlin",
        r"німец\w*|німеч\w*|германи\w*|немец\w*",
    ),
    ("FR", r"France|French|Frankreich\w*|französisch\w*|français\w*|Francia|francés\w*|Paris", r"франц\w+"),
    ("ES", r"Spain|Spanish|Spanien\w*|spanisch\w*|Espagne|espagnol\w*|España|español\w*|Madrid", r"іспан\w+|испан\w+"),
    ("IT", r"Ital(?:y|ians?|ien\w*|ie|ia)|italien\w*|italian[oa]s?|Rome", r"італі\w+|итал\w+"),
    ("GB", r"Britain|British|U\.?K\.?|Großbritannien\w*|britisch\w*|britanni\w*|británic\w*|London", r"британ\w+"),
    (
        "US",
        r"U\.S\.|US|USA|Americans?|American|United States|amerikanisch\w*|États-Unis|Estados Unidos|Washington",
        r"сша|американ\w+",
    ),
    ("CN", r"China|Chinese|chinesisch\w*|Chine|chinois\w*|chin[oa]s?|Beijing|Peking", r"китай\w*|китаю|китає\w*"),
    ("JP", r"Japan(?:ese)?|japanisch\w*|Japon|japonais\w*|Japón|Tokyo", r"япон\w+"),
    ("KR", r"South Korean?|Südkorea|südkoreanisch\w*|Corée du Sud|Corea del Sur|Seoul", r"південнокоре\w+|южнокоре\w+"),
    (
        "KP",
        r"North Korean?|Nordkorea|nordkoreanisch\w*|Corée du Nord|Corea del Norte|Pyongyang",
        r"північнокоре\w+|северокоре\w+",
    ),
    ("IN", r"Indians?|India|Indien|indisch\w*|Inde|New Delhi", r"інді[яїйє]\w*|инди[яий]\w*"),
    ("PK", r"[Pp]akistan\w*|Islamabad", r"пакистан\w*"),
    ("AF", r"[Aa]fghan\w*|Afganist[aá]n|afgan[oa]s?|Kabul", r"афган\w+"),
    ("IL", r"[Ii]srael\w*|Israël|israélien\w*|Jerusalem", r"ізраїл\w+|израил\w+"),
    ("PS", r"[Pp]alestin\w+|[Pp]alästin\w+|Gazans?|Gaza|Hamas", r"палестин\w+|хамас\w*"),
    ("LB", r"Leban\w+|[Ll]ibanes\w*|Liban|libanais\w*|Líbano|Beirut", r"ліван\w*|ливан\w*"),
    ("SY", r"Syrian?s?|Syrien|syrisch\w*|Syrie|syrien\w*|Siria|siri[oa]s?|Damascus", r"сирі[яїйє]\w*|сири[яий]\w*"),
    ("IR", r"Iran(?:ian)?s?|Irán|[Ii]ranisch\w*|iranien\w*|iran[ií]\w*|Tehran|Teheran", r"іран\w*|иран\w*|тегеран\w*"),
    ("IQ", r"Iraqi?s?|Irak|irakisch\w*|irakien\w*|iraqu[ií]\w*|Baghdad", r"ірак\w*|ирак\w*"),
    ("YE", r"Yemeni?s?|Jemen|jemenitisch\w*|Yémen|yéménite\w*|Houthis?", r"ємен\w*|йемен\w*"),
    (
        "TR",
        r"Turkey|Turkish|Turks?|Türkei|Türkiye|türkisch\w*|Turquie|turc|turque|Turquía|turc[oa]s?|Ankara",
        r"туреч\w+|турец\w+|турци\w+",
    ),
    ("AM", r"[Aa]rmeni\w+|Arménie|Yerevan", r"вірмен\w+|армян\w+|армени\w+"),
    ("AZ", r"[Aa]zerbaijan\w*|[Aa]serbaidschan\w*|Azerbaïdjan|Baku", r"азербайдж\w+"),
    ("GE", r"Georgians?|Georgia|Georgien|georgisch\w*|Géorgie|Tbilisi", r"грузин\w*|грузи[яиюей]\w*|грузі[яїює]\w*"),
    ("MD", r"[Mm]oldo?[vw]\w+|[Mm]oldaw\w+|Chi[sș]in[aă]u", r"молдов\w+|молдав\w+"),
    ("RO", r"Romanians?|Romania|Rumänien|rumänisch\w*|Roumanie|roumain\w*|Rumania|Bucharest", r"румун\w+|румын\w+"),
    ("SD", r"Sudan(?:ese)?|sudanesisch\w*|Soudan|soudanais\w*|Sudán|Khartoum", r"судан\w*"),
    ("ET", r"Ethiopians?|Ethiopia|[Ää]thiopi\w+|Éthiopie|Etiopía|Addis Ababa", r"ефіоп\w+|эфиоп\w+"),
    ("NG", r"Nigerians?|Nigeria|nigerianisch\w*|Abuja", r"нігері\w+|нигери\w+"),
    ("KE", r"Kenyans?|Kenya|Kenia|kenianisch\w*|Nairobi", r"кені[яїй]\w*|кени[яий]\w*"),
    ("MX", r"Mexic(?:o|ans?)|mexikanisch\w*|Mexique|mexicain\w*|México|mexican[oa]s?", r"мексик\w+"),
    ("CO", r"Colombians?|Colombia|kolumbianisch\w*|Colombie|colombian[oa]s?|Bogot[aá]", r"колумбі\w+|колумби\w+"),
    ("VE", r"Venezuelans?|Venezuela|venezolan\w*|vénézuélien\w*|Caracas", r"венесуел\w+|венесуэл\w+"),
    ("PT", r"Portugal|portug[uiê]\w+|Portuguese", r"португал\w+"),
    ("GR", r"Greece|Greeks?|Griechenland\w*|griechisch\w*|Grèce|Grecia|Athens", r"греці\w+|грец\w+|греческ\w+"),
    ("AT", r"Austrian?s?|Österreich\w*|österreichisch\w*|Autriche|Vienna", r"австрі\w+|австри\w+"),
    ("CH", r"Switzerland|Swiss|Schweiz\w*|Suisse|Suiza", r"швейцар\w+"),
    ("NL", r"Netherlands|Dutch|Niederl[aä]nd\w*|niederländisch\w*|Pays-Bas|Países Bajos", r"нідерланд\w+|нидерланд\w+"),
    ("BE", r"Belgi(?:um|ans?|en|que|ca)|belgisch\w*|belges?|Brussels", r"бельгі\w+|бельги\w+"),
    ("CZ", r"Czechs?|Czechia|Tschechien|tschechisch\w*|tchèques?|Chequia|Prague", r"чех\w+|чес[ьк]\w+|чеш\w+"),
    ("SK", r"Slovak\w*|Slowak\w*|slowakisch\w*", r"словач\w+|словак\w+"),
    ("HU", r"Hungar\w+|Ungarn|ungarisch\w*|Hongrie|Hungría|Budapest", r"угор\w+|венгр\w+|венгер\w+"),
    ("BG", r"Bulgari\w+|bulgarisch\w*", r"болгар\w+"),
    ("RS", r"Serbia\w*|Serbs?|Serbien|serbisch\w*|Serbie|Belgrade", r"серб\w+"),
    ("SE", r"Sweden|Swedish|Schweden|schwedisch\w*|Suède|Suecia", r"швед\w+|швец\w+"),
    ("FI", r"Finland|Finnish|Finnland|finnisch\w*|Finlande", r"фін[лс]\w+|финл\w+|финск\w+"),
    ("NO", r"Norway|Norwegian|Norwegen|norwegisch\w*|Norvège|Noruega", r"норве\w+"),
    ("DK", r"Denmark|Danish|Dänemark|dänisch\w*|Danemark|Dinamarca", r"данськ\w+|датск\w+|дані[яїює]\w*"),
    ("LT", r"Lithuania\w*|Litauen|litauisch\w*|Lituanie", r"литов\w+|литв\w+"),
    ("LV", r"Latvia\w*|Lettland|lettisch\w*|Lettonie", r"латві\w+|латви\w+"),
    ("EE", r"Estonia\w*|Estland|estnisch\w*|Estonie", r"естон\w+|эстон\w+"),
    ("CA", r"Canad(?:a|ians?)|Kanada|kanadisch\w*|Ottawa", r"канад\w+"),
    ("AU", r"Australi\w+|australisch\w*|Canberra", r"австралі\w+|австрали\w+"),
    ("BR", r"Bra[sz]il\w*|brasil\w+|brasilianisch\w*", r"бразил\w+"),
    ("AR", r"Argentin\w*|argentin\w+", r"аргентин\w+"),
    ("EG", r"Egypt\w*|Ägypten|ägyptisch\w*|Égypte|Egipto|Cairo", r"єгип\w+|египет\w*"),
    ("SA", r"Saudis?|Saudi Arabia|Saudi-Arabien|Riyadh", r"саудів\w+|саудов\w+"),
    ("JO", r"Jordanian?s?|Jordan's|Jordanien|Jordanie", r"йордан\w+|иордан\w+"),
    ("QA", r"Qatari?s?|Katar", r"катар\w*"),
    ("LY", r"Libyan?s?|Libyen|libysch\w*|Libye|Libia", r"лівійськ\w+|ліві[яїює]\w*|ливи[яиюей]\w*"),
    ("SO", r"Somali\w*|somali\w*", r"сомал\w+"),
    ("CD", r"Congo\w*|Kongo\w*", r"конго\w*"),
    ("ZA", r"South African?|Südafrika|südafrikanisch\w*|Afrique du Sud|Sudáfrica", r"південноафр\w+|южноафр\w+"),
    ("KZ", r"Kazakh\w*|Kasachstan|kasachisch\w*", r"казах\w+"),
    ("ID", r"Indonesi\w+|indonesisch\w*", r"індонез\w+|индонез\w+"),
    ("PH", r"Philippin\w+|Filipin\w+|philippinisch\w*", r"філіппін\w+|филиппин\w+"),
    ("TH", r"Thai(?:s|land)?|thailändisch\w*", r"таїланд\w*|таиланд\w*"),
    ("MM", r"Myanmar\w*|Burm\w+", r"м'янм\w+|мьянм\w+"),
    ("BD", r"Bangladesh\w*|Bangladesch\w*", r"бангладеш\w*"),
    ("CL", r"Chile(?:ans?|n[oa]s?)?", r"чилі\w*|чили\w*"),
    ("PE", r"Peru\w*|Perú|peruan\w+", r"перу|перуан\w+"),
    ("HT", r"Haiti\w*|haïti\w*|Haïti", r"гаїті\w*|гаити\w*"),
)  # fmt: skip
_OWN = re.compile(r"(?i)\bдснс\b|\bнацполіц\w+")  # kinds only Ukraine calls so
_ANY = "|".join(f"(?P<{code}>{latin}|(?i:{cyrillic}))" for code, latin, cyrillic in _COUNTRY)
_ARMY = (
    r"armed|forces|military|army|navy|state|national|federal|federation|people|republic|збройн\w+|сил\w*|вооруж[её]нн\w+"
    r"|вс|арм\w+|федерац\w+|streitkräfte\w*|armee|armées|fuerzas|armadas"
)
_LINK = r"of|in|for|the|to|der|des|den|von|du|de|del|la|las|los|le|les|в|у"
_BEFORE = re.compile(rf"(?<!\w)(?:{_ANY})(?:['’]s?)?(?:\s+(?i:{_ARMY})(?:['’]s?)?){{0,3}}\s+(?i:the\s+)?$")
_AFTER = re.compile(rf"(?:\s+(?i:{_LINK}|{_ARMY})\b){{0,5}}\s+\(?(?:{_ANY})(?!\w)")
_INSIDE = re.compile(rf"(?<!\w)(?:{_ANY})(?!\w)")
NONE_NAMED = ""
_UKRAINIAN, _RUSSIAN = re.compile("[іїєґІЇЄҐ]"), re.compile("[ыэъёЫЭЪЁўЎ]")
_REACH, _READ, _AROUND = 80, 20_000, 2_000  # characters beside a name; of a text; in which its language is told


def country_beside(text: str, start: int, end: int) -> str | None:
    """The country the words of a name, or those beside it, give."""
    surface = text[start:end]
    found = _INSIDE.search(surface) or _BEFORE.search(text[max(0, start - _REACH) : start])
    found = found or _AFTER.match(text[end : end + _REACH])
    if found:
        return found.lastgroup
    return "UA" if _OWN.search(surface) else None


def country_about(text: str, start: int, end: int) -> str | None:
    """The country of a name that has none beside it: None where in doubt, `NONE_NAMED` where the text names none."""
    around = text[max(0, start - _AROUND) : end + _AROUND]
    if _UKRAINIAN.search(around) and not _RUSSIAN.search(around):
        return "UA"
    spoken_of = _spoken_of(text)
    return None if len(spoken_of) > 1 else min(spoken_of, default=NONE_NAMED)


@lru_cache(maxsize=1)  # asked for each institution of a text, one text after the other
def _spoken_of(text: str) -> frozenset[str]:
    return frozenset(str(m.lastgroup) for m in _INSIDE.finditer(text[:_READ]))
