"""What the columns of any list are called, as fieldtool.imports.words writes them."""

from __future__ import annotations


def _list(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(","))


NUMBER_WORDS = _list(
    """nummer, nr, number, objektnummer, objekt nr, obj nr, obj nr neu, kennung, kennzeichen,
    inventarnummer, inventar nr, asset id, id"""
)
NAME_WORDS = _list("name, bezeichnung, bezeichnun, titel, objektname, title")
EAST_WORDS = _list(
    """lon, long, longitude, lng, laengengrad, geo laenge, laenge, rechtswert, rechts, rechts utm, rw,
    ostwert, ost, easting, utm east, x, x koordinate, xkoord, x coord, point x, koordinate x, utm x,
    coord x, location longitude, geo lon"""
)
NORTH_WORDS = _list(
    """lat, latitude, breitengrad, geo breite, breite, hochwert, hoch, hoch utm, hw, nordwert, nord,
    northing, utm north, y, y koordinate, ykoord, y coord, point y, koordinate y, utm y, coord y,
    location latitude, geo lat"""
)
NEUTRAL_WORDS = frozenset(
    _list("""x, y, x koordinate, y koordinate, xkoord, ykoord, x coord, y coord, point x, point y,
        koordinate x, koordinate y, utm x, utm y, coord x, coord y""")
)
"""In surveying x points north, elsewhere east: such names promise no order."""
POSITION_WORDS = _list("geo point, geo point 2d, geopoint, koordinaten, coordinates, latlon, lat lon")
