"""Points of towns go in one by one; the middle and radius of the area they span comes out."""

from __future__ import annotations

import math
from dataclasses import dataclass

KM_PER_DEGREE = 111.2
_EARTH_DIAMETER = 12742.0


def km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres (haversine, mean radius)."""
    a, b = math.radians(lat1), math.radians(lat2)
    x = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return _EARTH_DIAMETER * math.asin(min(1.0, math.sqrt(x)))


@dataclass(slots=True)
class Extent:
    """The box around some towns, and their people."""

    south: float = 90.0
    north: float = -90.0
    west: float = 540.0
    east: float = -540.0
    population: int = 0

    def add(self, lat: float, lon: float, population: int) -> None:
        """Take in one town. A box that begins near the date line goes on past it, not round the world."""
        if self.west <= self.east and abs(lon - self.west) > 180:
            lon += 360 if lon < self.west else -360
        self.south, self.north = min(self.south, lat), max(self.north, lat)
        self.west, self.east = min(self.west, lon), max(self.east, lon)
        self.population += population

    def circle(self) -> tuple[float, float, float]:
        """Latitude and longitude of the middle, and half the diagonal in km (at least 5)."""
        lat, lon = (self.south + self.north) / 2, (self.west + self.east) / 2
        radius = km(self.south, self.west, self.north, self.east) / 2
        return round(lat, 5), round((lon + 180) % 360 - 180, 5), round(max(5.0, radius), 1)
