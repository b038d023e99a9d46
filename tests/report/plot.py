# SPDX-License-Identifier: Apache-2.0
"""A plot of points on two logarithmic axes, as SVG; equal figures make equal
files."""

import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 920, 640
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 74, 54
CHARACTER, LINE = 6.1, 13  # of a label, in pixels
RADIUS = 5

STYLE = """
    text { font-family: sans-serif; font-size: 12px; fill: #1b1f24 }
    .title { font-size: 15px; font-weight: bold }
    .soft { fill: #57606a }
    .label { font-size: 11px }
    .middle { text-anchor: middle }
    .grid { stroke: #d8dee4; stroke-width: 1 }
    .equal { stroke: #8c959f; stroke-width: 1; stroke-dasharray: 2 4 }
    .lead { stroke: #8c959f; stroke-width: 0.8 }
    .ours { fill: #0969da; stroke: #0969da; stroke-width: 1.5 }
    .table { fill: #ffffff; stroke: #0969da; stroke-width: 1.5 }
    .other { fill: #e16f24; stroke: #bc4c00; stroke-width: 1.5 }
    text.ours { fill: #0a4c9c; stroke: none }
    text.table { fill: #0a4c9c; stroke: none }
    text.other { fill: #953800; stroke: none }
"""


@dataclass
class Point:
    """`kind` is a class of the style; `round` a circle, else a diamond."""
    x: float
    y: float
    label: str
    kind: str
    round: bool


class Axes:
    """Where a figure stands on the picture."""

    def __init__(self, xs, ys):
        self.x0, self.x1 = limits(xs)
        self.y0, self.y1 = limits(ys)

    def x(self, value):
        share = math.log(value / self.x0) / math.log(self.x1 / self.x0)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        share = math.log(value / self.y0) / math.log(self.y1 / self.y0)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def limits(values):
    """Some room on both sides."""
    return min(values) / 1.5, max(values) * 1.5


def ticks(low, high):
    """1, 2, 5, 10, ... from low to high."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
    return [step * 10 ** decade for decade in decades for step in (1, 2, 5)
            if low <= step * 10 ** decade <= high]


def number(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


# ---- Labels ----

def box(point, label, place):
    """Left, top, right and bottom of a label at an offset."""
    dx, dy, side = place
    width = CHARACTER * len(label)
    left = point[0] + dx - width * {"start": 0, "middle": .5, "end": 1}[side]
    return left, point[1] + dy - LINE + 3, left + width, point[1] + dy + 3


def overlap(a, b):
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0


def outside(a):
    frame = (LEFT + 2, TOP + 2, WIDTH - RIGHT - 2, HEIGHT - BOTTOM - 2)
    return (a[2] - a[0]) * LINE - overlap(a, frame)


def places():
    """Offsets from near to far."""
    for far in (9, 20, 32, 46, 62, 80, 100):
        for turn in range(16):
            angle = math.pi * turn / 8
            dx, dy = far * math.cos(angle), far * math.sin(angle)
            side = ("middle" if abs(dx) < far / 3 else
                    "start" if dx > 0 else "end")
            yield dx, dy + 4, side


def cost(point, label, place, others, dots):
    """What is bad about a place; a label that stands alone is best."""
    mine = box(point, label, place)
    total = math.hypot(place[0], place[1]) * 1.0
    total += 40 * outside(mine)
    total += sum(8 * overlap(mine, other) for other in others)
    total += sum(8 * overlap(mine, dot) for dot in dots)
    return total


def lay_out(points, taken):
    """An offset for each label: the best one while the others stand still."""
    dots = taken + [(x - 7, y - 7, x + 7, y + 7) for x, y, _ in points]
    chosen = [None] * len(points)
    for _ in range(6):
        for n, (x, y, label) in enumerate(points):
            others = [box(points[m][:2], points[m][2], place)
                      for m, place in enumerate(chosen)
                      if place is not None and m != n]
            chosen[n] = min(places(), key=lambda place: cost(
                (x, y), label, place, others, dots))
    return chosen


# ---- Pieces ----

def text(x, y, content, classes, **more):
    extra = "".join(f' {key.replace("_", "-")}="{value}"'
                    for key, value in more.items())
    return (f'<text class="{classes}" x="{x:.1f}" y="{y:.1f}"{extra}>'
            f"{escape(content)}</text>")


def line(x0, y0, x1, y1, classes):
    return (f'<path class="{classes}" d="M{x0:.1f} {y0:.1f}'
            f'L{x1:.1f} {y1:.1f}"/>')


def mark(x, y, kind, is_round):
    if is_round:
        return (f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" '
                f'r="{RADIUS}"/>')
    r = RADIUS + 1.5
    return (f'<path class="{kind}" d="M{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f}'
            f'L{x:.1f} {y + r:.1f}L{x - r:.1f} {y:.1f}z"/>')


def grid(axes, x_title, y_title):
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for value in ticks(axes.x0, axes.x1):
        x = axes.x(value)
        yield line(x, TOP, x, bottom, "grid")
        yield text(x, bottom + 18, number(value), "soft middle")
    for value in ticks(axes.y0, axes.y1):
        y = axes.y(value)
        yield line(LEFT, y, right, y, "grid")
        yield text(LEFT - 6, y + 4, number(value), "soft", text_anchor="end")
    yield text((LEFT + right) / 2, HEIGHT - 12, x_title, "middle")
    yield text(16, (TOP + bottom) / 2, y_title, "middle",
               transform=f"rotate(-90 16 {(TOP + bottom) / 2:.1f})")


def equal_lines(axes, products, spots):
    """Where the product of both figures is the same: (line, its label, place)
    for each that crosses the picture."""
    for product in products:
        x0 = max(axes.x0, product / axes.y1)
        x1 = min(axes.x1, product / axes.y0)
        if x0 >= x1:
            continue
        ends = [(axes.x(x), axes.y(product / x)) for x in (x0, x1)]
        x, y, slope = loneliest(ends, spots)
        label = text(x, y, number(product), "soft label middle",
                     transform=f"rotate({slope:.1f} {x:.1f} {y:.1f})")
        yield (line(*ends[0], *ends[1], "equal"), label,
               (x - 22, y - 18, x + 22, y + 14))


def loneliest(ends, spots):
    """Where on a line its label is farthest from all points; its slope."""
    (x0, y0), (x1, y1) = ends
    length = math.hypot(x1 - x0, y1 - y0)
    found = []
    for step in range(40, int(length) - 40, 12):
        x = x0 + (x1 - x0) * step / length
        y = y0 + (y1 - y0) * step / length - 4
        near = min(math.hypot(x - a, y - b) for a, b, _ in spots)
        found.append((min(near, 90), -step, x, y))
    _, _, x, y = max(found)
    return x, y, math.degrees(math.atan2(y1 - y0, x1 - x0))


def legend(entries, note, x, y):
    for kind, is_round, label in entries:
        yield mark(x, y - 4, kind, is_round)
        yield text(x + 11, y, label, "soft")
        x += 26 + 6.6 * len(label)
    yield text(x, y, note, "soft")


def marks(spots, points, taken):
    labels = lay_out(spots, taken)
    for (x, y, _), (dx, dy, side) in zip(spots, labels):
        if math.hypot(dx, dy - 4) > 12:
            shift = {"start": -2, "middle": 0, "end": 2}[side]
            yield line(x, y, x + dx + shift, y + dy - 4, "lead")
    for (x, y, _), point in zip(spots, points):
        yield mark(x, y, point.kind, point.round)
    for (x, y, name), (dx, dy, side), point in zip(spots, labels, points):
        yield text(x + dx, y + dy, name, f"label {point.kind}",
                   text_anchor=side)


def draw(title, x_title, y_title, points, entries, products, note):
    """The whole picture; `note` says what the lines of equal product are."""
    axes = Axes([p.x for p in points], [p.y for p in points])
    spots = [(axes.x(p.x), axes.y(p.y), p.label) for p in points]
    equal = list(equal_lines(axes, products, spots))
    pieces = [text(LEFT, 24, title, "title"),
              *legend(entries, note, LEFT + 6, 50),
              *grid(axes, x_title, y_title),
              *(piece for *both, _ in equal for piece in both),
              *marks(spots, points, [place for *_, place in equal])]
    body = "\n  ".join(pieces)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
            f'{HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-label="{escape(title)}">\n'
            f"  <!-- SPDX-License-Identifier: Apache-2.0 -->\n"
            f"  <!-- Generated by make report: do not edit. -->\n"
            f"  <title>{escape(title)}</title>\n  <style>{STYLE}  </style>\n"
            f'  <rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n'
            f"  {body}\n</svg>\n")
