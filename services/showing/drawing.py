"""A small map of the services of a list, drawn by the server: where they are to one another and to the big towns.

No map tiles and no outline of the country: dots in their true places (plate carrée, narrowed by the cosine of the
middle latitude), lines of latitude and longitude, and the chief towns of the regions for orientation. The list below
says the same in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.models import Place
from services.presenting import Row, listed
from services.taxonomy import PlaceKind

WIDTH = 320
MARGIN = 24
LEAST_SPAN = 1.2  # degrees: no map shows less than about a hundred kilometres
TALLEST = 420
TOUCH = 24  # dots nearer than this become one
SIGN, LINE = 7, 16  # about how wide a sign of a name is, and how tall a line


@dataclass(frozen=True)
class Dot:
    """A place on the map. With `keys`, services are there; without, it is a town for orientation.

    `name` is all the places that it stands for, `label` the one that is written beside it, where there is room.
    """

    x: int
    y: int
    name: str
    label: str = ""
    keys: tuple[str, ...] = ()

    def covers(self, other: Dot) -> bool:
        """Whether the label of the one would be written over the label or the dot of the other."""
        across, down = abs(self.x - other.x), self.y - other.y
        reach = SIGN * len(self.label) / 2
        labels = bool(self.label and other.label) and across < reach + SIGN * len(other.label) / 2 and abs(down) < LINE
        under = bool(self.label) and across < reach + TOUCH / 2 and 0 < down < 2 * LINE
        over = bool(other.label) and across < SIGN * len(other.label) / 2 + TOUCH / 2 and 0 < -down < 2 * LINE
        return labels or under or over


@dataclass(frozen=True)
class Drawing:
    """What the template draws, in units of a `width` × `height` box."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    towns: tuple[Dot, ...]
    across: tuple[int, ...]
    down: tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """Which degrees the drawing shows, and how large a degree of latitude is in it."""

    south: float
    west: float
    north: float
    east: float
    scale: float
    squeeze: float

    def place(self, point: tuple[float, float]) -> tuple[int, int]:
        latitude, longitude = point
        x = (longitude - self.west) * self.scale * self.squeeze + MARGIN
        return round(x), round((self.north - latitude) * self.scale + MARGIN)

    def holds(self, point: tuple[float, float]) -> bool:
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east

    @property
    def size(self) -> tuple[int, int]:
        return WIDTH, round((self.north - self.south) * self.scale) + 2 * MARGIN


def draw(rows: Sequence[Row]) -> Drawing | None:
    """The map of these rows; None if none of them has a point. One query."""
    points = [row.point for row in rows if row.point]
    if not points:
        return None
    frame = frame_of(points)
    dots = _dots(frame, rows)
    degrees = 1 if frame.north - frame.south < 6 else 2
    return Drawing(
        *frame.size,
        dots=dots,
        towns=_towns(frame, dots),
        across=tuple(frame.place((line, frame.west))[1] for line in _lines(frame.south, frame.north, degrees)),
        down=tuple(frame.place((frame.south, line))[0] for line in _lines(frame.west, frame.east, degrees)),
    )


def _dots(frame: Frame, rows: Sequence[Row]) -> tuple[Dot, ...]:
    """The services as dots; those that would touch are one. A label stands only where it covers no other."""
    groups: list[tuple[int, int, list[Row]]] = []
    for row in rows:
        if row.point:
            x, y = frame.place(row.point)
            near = next((found for gx, gy, found in groups if math.hypot(gx - x, gy - y) < TOUCH), None)
            if near is None:
                groups.append((x, y, [row]))
            else:
                near.append(row)
    dots: list[Dot] = []
    for x, y, found in sorted(groups, key=lambda group: -len(group[2])):
        names = listed(dict.fromkeys(row.where for row in found))
        keys = tuple(row.service.key for row in found)
        dot = Dot(x, y, names, found[0].where, keys)
        dots.append(replace(dot, label="") if any(dot.covers(other) for other in dots) else dot)
    return tuple(dots)


def frame_of(points: Sequence[tuple[float, float]]) -> Frame:
    """The smallest frame around these points that is neither too near nor too tall."""
    latitudes, longitudes = zip(*points, strict=True)
    middle = (min(latitudes) + max(latitudes)) / 2
    squeeze = math.cos(math.radians(middle))
    high = max(max(latitudes) - min(latitudes), LEAST_SPAN) * 1.15
    wide = max(max(longitudes) - min(longitudes), LEAST_SPAN) * 1.15
    wide = max(wide, high * (WIDTH - 2 * MARGIN) / (TALLEST - 2 * MARGIN) / squeeze)
    scale = (WIDTH - 2 * MARGIN) / (wide * squeeze)
    centre = (min(longitudes) + max(longitudes)) / 2
    return Frame(middle - high / 2, centre - wide / 2, middle + high / 2, centre + wide / 2, scale, squeeze)


def _lines(first: float, last: float, step: int) -> Iterable[int]:
    return range(math.ceil(first / step) * step, math.floor(last) + 1, step)


def _towns(frame: Frame, dots: Sequence[Dot]) -> tuple[Dot, ...]:
    """The towns nearest to the chief places of the regions, where there is room for a name."""
    places = Place.objects.filter(kind__in=(PlaceKind.REGION, PlaceKind.CITY), latitude__isnull=False)
    cities = [place for place in places if place.kind == PlaceKind.CITY]
    found: list[Dot] = []
    for region in places:
        if region.kind == PlaceKind.REGION and cities:
            town = min(cities, key=lambda city: _apart(city, region))
            point = (town.latitude or 0.0, town.longitude or 0.0)
            dot = Dot(*frame.place(point), str(town.name), str(town.name))
            beside = (*dots, *found)
            free = not any(
                dot.covers(other) or math.hypot(dot.x - other.x, dot.y - other.y) < TOUCH for other in beside
            )
            if frame.holds(point) and free:
                found.append(dot)
    return tuple(found)


def _apart(one: Place, other: Place) -> float:
    return math.hypot((one.latitude or 0) - (other.latitude or 0), (one.longitude or 0) - (other.longitude or 0))
