"""Words of direction and small numbers in English, Ukrainian and Russian: what stands before "of X" to place an event.

A direction is degrees clockwise from north. Keys are in small letters with single spaces; a hyphen counts as a space.
"""

from __future__ import annotations

_ENGLISH = {
    "north": 0, "north northeast": 22, "northeast": 45, "north east": 45, "east northeast": 68, "east": 90,
    "east southeast": 112, "southeast": 135, "south east": 135, "south southeast": 158, "south": 180,
    "south southwest": 202, "southwest": 225, "south west": 225, "west southwest": 248, "west": 270,
    "west northwest": 292, "northwest": 315, "north west": 315, "north northwest": 338,
}  # fmt: skip
# After "на" (Ukrainian) and "к" (Russian): "на південний захід від", "к юго-западу от".
_UKRAINIAN = {
    "північ": 0, "північний схід": 45, "схід": 90, "південний схід": 135, "південь": 180, "південний захід": 225,
    "захід": 270, "північний захід": 315,
}  # fmt: skip
_RUSSIAN = {
    "северу": 0, "северо востоку": 45, "востоку": 90, "юго востоку": 135, "югу": 180, "юго западу": 225,
    "западу": 270, "северо западу": 315, "север": 0, "северо восток": 45, "восток": 90, "юго восток": 135, "юг": 180,
    "юго запад": 225, "запад": 270, "северо запад": 315,
}  # fmt: skip
BEARINGS = _ENGLISH | _UKRAINIAN | _RUSSIAN
# Comparatives that take the name in the genitive: "північніше Лимана", "севернее Лимана".
CARDINALS = {
    "північніше": 0, "східніше": 90, "південніше": 180, "західніше": 270,
    "севернее": 0, "северо-восточнее": 45, "восточнее": 90, "юго-восточнее": 135, "южнее": 180,
    "юго-западнее": 225, "западнее": 270, "северо-западнее": 315,
}  # fmt: skip
NUMBERS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0,
    "nine": 9.0, "ten": 10.0, "a dozen": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0,
    "fifty": 50.0, "sixty": 60.0, "a hundred": 100.0,
}  # fmt: skip
