"""Closed classes of English words that stand beside names: what they tell of the name is learned, never the word.

Each table groups words that say the same thing about a capitalised neighbour: a preposition of place, a title of a
person, the noun of an institution, of a landform. The lists of common words, given names and surnames are files with
their own provenance in their first lines.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"


def word_set(text: str) -> frozenset[str]:
    """The words of a text: how a class of words is written down."""
    return frozenset(text.split())


# What a word before or after a name says of it; one class a word.
PREPOSITIONS = {
    "in": "in", "inside": "in", "within": "in", "into": "into", "across": "in", "throughout": "in",
    "at": "at", "near": "near", "outside": "near", "around": "near", "nearby": "near", "neighboring": "near",
    "neighbouring": "near", "beyond": "near", "surrounding": "near",
    "from": "from", "to": "to", "toward": "to", "towards": "to", "through": "via", "via": "via", "between": "between",
    "of": "of", "for": "for", "by": "by", "with": "with", "against": "against", "on": "on", "over": "over",
    "about": "about", "like": "like", "and": "and", "or": "and", "but": "but", "the": "the", "a": "a", "an": "a",
    "as": "as", "that": "that", "is": "is", "was": "is", "are": "is", "were": "is", "who": "who", "said": "said",
    "says": "said", "told": "said", "than": "than", "visit": "visit", "visited": "visit", "visiting": "visit",
    "leave": "visit", "left": "visit", "enter": "visit", "entered": "visit", "reach": "visit", "reached": "visit",
    "invade": "visit", "invaded": "visit", "capture": "visit", "captured": "visit", "capturing": "visit",
    "control": "visit", "seized": "visit", "bombed": "visit", "attacked": "visit", "attack": "visit", "hit": "visit",
    "hits": "visit", "struck": "visit", "strikes": "visit", "rocked": "visit", "shelled": "visit", "shook": "visit",
    # Ukrainian and Russian
    "в": "in", "у": "in", "во": "in", "на": "in", "під": "near", "под": "near", "біля": "near", "возле": "near",
    "около": "near", "поблизу": "near", "неподалік": "near", "над": "near", "по": "near", "з": "from", "із": "from",
    "зі": "from", "из": "from", "с": "from", "со": "from", "від": "from", "от": "from",
    "до": "to", "к": "to", "через": "via",
    "околиці": "near", "околицях": "near", "окраине": "near", "окраинах": "near", "північніше": "near",
    "східніше": "near", "південніше": "near", "західніше": "near", "севернее": "near", "восточнее": "near",
    "южнее": "near", "западнее": "near", "неподалеку": "near", "рядом": "near",
    "між": "between", "между": "between", "за": "for", "для": "for", "проти": "against", "против": "against",
    "про": "about", "об": "about", "і": "and", "й": "and", "та": "and", "и": "and", "або": "and", "или": "and",
    "місто": "visit", "міста": "visit", "місті": "visit", "город": "visit", "города": "visit", "городе": "visit",
    "атакували": "visit", "атакувала": "visit", "обстріляли": "visit", "атаковали": "visit", "обстреляли": "visit",
    "сказав": "said", "сказал": "said", "заявив": "said", "заявил": "said",
    "his": "his", "her": "his", "their": "his", "its": "his", "our": "his", "my": "his",
}  # fmt: skip
# fmt: off
TITLES = word_set(
    "mr mrs ms miss dr sir lord lady dame sen senator rep representative gov governor mayor president premier minister "
    "chancellor secretary ambassador king queen prince princess pope bishop archbishop cardinal rev reverend father "
    "sister brother imam sheikh ayatollah rabbi judge justice sheriff deputy chief officer detective inspector "
    "constable sgt sergeant cpl corporal pvt private lt lieutenant capt captain maj major col colonel gen general adm "
    "admiral cmdr commander coach manager director chairman chairwoman chairperson spokesman spokeswoman "
    "spokesperson prof professor doctor attorney lawyer councilman councilwoman councilmember commissioner trustee "
    "superintendent principal congressman congresswoman lawmaker actor actress singer author writer reporter "
    "son daughter wife husband widow uncle aunt cousin named aide leader boss star striker midfielder goalkeeper "
    "quarterback pitcher guard forward rookie vice lady first judge democrat republican "
    "президент президента президентом губернатор губернатора мер мэр мера мэра міністр министр генерал прем'єр премьер"
)
PERSON_AFTER = word_set(
    "said says told added asked replied explained noted wrote jr sr iii ii who whose himself herself testified "
    "recalled insisted argued admitted laughed joked smiled scored"
)
# Institutions that bear a person's name or one that means nothing of where they are, unlike a police department.
NAMED_AFTER = word_set(
    "university college academy institute elementary middle high school schools seminary foundation hospital center "
    "centre medical clinic museum stadium arena award prize"
)
INSTITUTIONS = word_set(
    "university college school schools academy institute hospital church cathedral mosque temple synagogue museum "
    "library theater theatre stadium arena airport station police court council commission committee department "
    "ministry agency authority board bureau office center centre company corporation corp inc ltd llc group bank "
    "holdings industries association society foundation fund trust union federation league club team party "
    "times post news herald tribune journal gazette guardian star sun press chronicle observer mirror telegraph "
    "courier dispatch examiner enquirer bulletin democrat republican sentinel record daily weekly magazine "
    "radio television tv network hotel inn resort casino mall plaza tower building hall house home homes "
    "elementary middle high motors airlines airways energy oil gas electric power steel systems services "
    "partners capital insurance medical clinic festival award prize medal cup games open championship marathon bowl "
    "series tour act bill treaty accord accords agreement protocol conference summit convention declaration"
)
SPORTS = word_set(
    "united rovers rangers wanderers athletic albion hotspur villa bulls lions tigers bears eagles giants jets "
    "cowboys packers patriots dolphins ravens steelers browns bengals titans colts texans jaguars chiefs broncos "
    "raiders chargers saints panthers falcons buccaneers vikings redskins cardinals rams seahawks 49ers yankees mets "
    "dodgers cubs astros braves brewers reds pirates phillies nationals marlins rays orioles royals twins indians "
    "angels mariners athletics padres rockies diamondbacks lakers celtics knicks nets heat magic hawks hornets "
    "wizards pistons pacers cavaliers bucks timberwolves spurs mavericks rockets grizzlies pelicans suns warriors "
    "clippers kings jazz nuggets thunder blazers bruins sabres canadiens senators flyers penguins capitals hurricanes "
    "lightning predators blues blackhawks wild flames oilers canucks ducks sharks coyotes avalanche wildcats bulldogs "
    "huskies trojans longhorns aggies sooners tar devils volunteers crimson gators seminoles"
)
LANDFORMS = word_set(
    "river rivers lake lakes creek bay beach island islands isle isles mountain mountains mount hills hill valley "
    "canyon desert peninsula cape gulf sea ocean strait channel falls springs forest park reservoir dam coast delta "
    "basin plateau glacier bridge harbor harbour port canal cove point ridge pass plains"
)
UNITS = word_set(
    "county parish borough township district province oblast region governorate prefecture state republic "
    "municipality canton department territory raion voivodeship emirate division kray krai"
)
# Units a bare name before them is the name of; "State", "Republic" and "Department" also end other names.
NAMING_UNITS = word_set(
    "province oblast region governorate prefecture voivodeship raion krai kray canton emirate district"
)
# Beginnings of Ukrainian and Russian units, written small: in "Луганської області" the adjective alone is no name.
SLAVIC_UNITS = ("област", "район")
SETTLEMENTS = word_set("city town village hamlet suburb capital port municipality settlement community")
STREETS = word_set(
    "street st road rd avenue ave boulevard blvd drive dr lane ln highway hwy route way court ct place pl square "
    "parkway pkwy terrace circle trail freeway expressway turnpike interstate bridge"
)
DIRECTIONS = word_set(
    "north south east west northern southern eastern western central northeast northwest southeast southwest "
    "northeastern northwestern southeastern southwestern upper lower mid greater downtown metropolitan"
)
PEOPLE = word_set(
    "resident residents native natives man woman men women teen teenager boy girl couple family families officials "
    "police authorities firefighters voters mayor residents-only area-based based born bound backed led controlled "
    "held occupied area areas suburb suburbs metro"
)
MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday"
)
# fmt: on


@cache
def common_words() -> dict[str, int]:
    """Word → level, 10 (most common) to 50."""
    levels: dict[str, int] = {}
    for line in _lines("common_words.txt"):
        level, *words = line.split()
        levels.update(dict.fromkeys(words, int(level)))
    return levels


@cache
def given_names() -> frozenset[str]:
    """Given names, capitalised."""
    return frozenset(name for line in _lines("given_names.txt") for name in line.split())


@cache
def surnames() -> dict[str, int]:
    """Surname, capitalised → how common: 0 of the first 500, 1 of the first 2,500, 2 beyond."""
    ordered = [name for line in _lines("surnames.txt") for name in line.split()]
    return {name: 0 if rank < 500 else 1 if rank < 2500 else 2 for rank, name in enumerate(ordered)}


def _lines(name: str) -> list[str]:
    text = (_TABLES / name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
