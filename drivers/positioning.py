"""How good a position is, and one position out of many fixes.

Consecutive fixes of one receiver share their errors (satellite orbits and clocks, the air, reflections at
the same walls, the receiver's own smoothing): these change over minutes to hours, so N fixes of one minute
are nowhere near N independent measurements. The average is therefore never called better than its fixes:
its accuracy is the greater of what the receiver claims for one fix and of what the fixes scatter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import median, median_low, mode

from drivers.reading import Fix

AUTONOMOUS_UERE_M = 6.8
UERE_M = {2: 1.7, 4: 0.03, 5: 0.3}
"""User equivalent range error, 1 sigma in metres, by the quality figure of GGA; times HDOP it gives the
horizontal error (DRMS, 63 to 68 %).

Autonomous: the C/A user part of the GPS range error budget (ionosphere 9.8, troposphere 3.9, noise 2.9,
multipath 2.4, other 1.0 m, each 95 %) with a signal-in-space error of 7.0 m (95 %, GPS SPS Performance
Standard 2020) gives 13.2 m (95 %). Differential (2): a quarter, the ratio gpsd uses. RTK float (5) and fixed
(4): cautious figures of ours, unverified; such receivers send GST, which takes precedence.
"""

UNKNOWN_JUMP_M = 1.0

WGS84_A = 6_378_137.0
WGS84_E2 = 0.00669437999014


def error_from_hdop(quality: int, hdop: float) -> float:
    return hdop * UERE_M.get(quality, AUTONOMOUS_UERE_M)


def average(fixes: Sequence[Fix]) -> Fix:
    """One fix, weighted by accuracy, without single jumps; `count` is the number it was made of.

    A fix of unknown accuracy weighs as much as the worst known one. ValueError for no fixes at all.
    """
    if not fixes:
        raise ValueError("no fixes")
    if len(fixes) == 1:
        return fixes[0]
    used = without_jumps(fixes)
    origin = southernmost(used)
    weights = [1 / claim**2 for claim in claims(used)]
    total = sum(weights)
    places = [offset_m(fix, origin) for fix in used]
    east = sum(weight * x for weight, (x, _) in zip(weights, places, strict=True)) / total
    north = sum(weight * y for weight, (_, y) in zip(weights, places, strict=True)) / total
    spread = sum(w * ((x - east) ** 2 + (y - north) ** 2) for w, (x, y) in zip(weights, places, strict=True))
    scatter = math.sqrt(spread / total * len(used) / max(len(used) - 1, 1))
    lon, lat = moved(origin, east, north)
    accuracy, source = accuracy_of(used, math.sqrt(len(used) / total), scatter)
    altitudes = [fix.altitude_m for fix in used if fix.altitude_m is not None]
    satellites = [fix.satellites for fix in used if fix.satellites is not None]
    hdops = [fix.hdop for fix in used if fix.hdop is not None]
    return replace(
        max(used, key=lambda fix: fix.time),
        lon=lon,
        lat=lat,
        altitude_m=median(altitudes) if altitudes else None,
        accuracy_m=accuracy,
        accuracy_source=source,
        quality=mode(fix.quality for fix in used),
        satellites=median_low(satellites) if satellites else None,
        hdop=median(hdops) if hdops else None,
        count=len(used),
    )


def without_jumps(fixes: Sequence[Fix]) -> list[Fix]:
    """Leaves out what is far from the others: more than four times the median distance from the middle,
    and more than half of what the receiver claims as its error."""
    origin = southernmost(fixes)
    places = [offset_m(fix, origin) for fix in fixes]
    middle = (median(x for x, _ in places), median(y for _, y in places))
    distances = [math.dist(place, middle) for place in places]
    known = [fix.accuracy_m for fix in fixes if fix.accuracy_m is not None]
    limit = max(4 * median(distances), median(known) / 2 if known else UNKNOWN_JUMP_M)
    return [fix for fix, distance in zip(fixes, distances, strict=True) if distance <= limit]


def southernmost(fixes: Sequence[Fix]) -> Fix:
    """An origin for metres that does not depend on the order."""
    return min(fixes, key=lambda fix: (fix.lat, fix.lon))


def claims(fixes: Sequence[Fix]) -> list[float]:
    """The receiver's claim for each fix in metres, at least a millimetre."""
    known = [fix.accuracy_m for fix in fixes if fix.accuracy_m is not None]
    worst = max(known, default=1.0)
    return [max(worst if fix.accuracy_m is None else fix.accuracy_m, 0.001) for fix in fixes]


def accuracy_of(fixes: Sequence[Fix], claim: float, scatter: float) -> tuple[float, str]:
    """`claim` is that of one fix. Where the receiver claims nothing, the fixes can stand still and be wrong
    together: then HDOP 1 is assumed, which few receivers beat."""
    sources = [fix.accuracy_source for fix in fixes if fix.accuracy_source is not None]
    if not sources:
        return max(scatter, *(error_from_hdop(fix.quality, 1.0) for fix in fixes)), "scatter"
    return (scatter, "scatter") if scatter > claim else (claim, mode(sources))


def offset_m(fix: Fix, origin: Fix) -> tuple[float, float]:
    """Metres to the east and north, degree by degree on the WGS84 ellipsoid (0.2 m off at a kilometre)."""
    along_meridian, along_parallel = metres_per_degree(origin.lat)
    degrees_east = (fix.lon - origin.lon + 180) % 360 - 180
    return degrees_east * along_parallel, (fix.lat - origin.lat) * along_meridian


def moved(origin: Fix, east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude of the place so far from the origin."""
    along_meridian, along_parallel = metres_per_degree(origin.lat)
    lon = (origin.lon + east_m / along_parallel + 180) % 360 - 180
    return lon, origin.lat + north_m / along_meridian


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Along the meridian and along the parallel, from the ellipsoid's two radii of curvature."""
    sine = math.sin(math.radians(lat))
    bend = 1 - WGS84_E2 * sine**2
    meridian = WGS84_A * (1 - WGS84_E2) / bend**1.5
    parallel = WGS84_A / math.sqrt(bend) * max(math.cos(math.radians(lat)), 1e-9)
    return math.radians(meridian), math.radians(parallel)
