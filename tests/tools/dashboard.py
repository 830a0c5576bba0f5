#!/usr/bin/env python3
"""dashboard.py - the Grafana dashboard as a page, from a Prometheus, where there is no Grafana.

usage: dashboard.py URL OUT.html [SECONDS]

Asks the Prometheus at URL each panel's own query for the last SECONDS (default 1800) and draws what
it says in a place and size like Grafana's.  Says on standard error which panels have no data.
"""
import html
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

DASHBOARD = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         "../../deploy/grafana/nurture.json")
COLOURS = ["#73bf69", "#f2cc0c", "#5794f2", "#ff780a", "#b877d9", "#f2495c", "#8ab8ff", "#96d98d",
           "#ffb357", "#ca95e5"]
STEPS, WIDTH, CELL = 240, 1800, 34
HEAD = """<!doctype html><meta charset="utf-8"><style>
body {background: #111217; color: #ccccdc; font: 12px sans-serif; position: relative; width: %dpx}
div {position: absolute; box-sizing: border-box; overflow: hidden}
.panel {background: #181b1f; border: 1px solid #2c2f35; padding: 6px}
.row {font-size: 15px; padding: 8px} b {font-weight: 600} i {font-style: normal}
</style>""" % WIDTH


def ask(url, expression, begin, end):
    """[(labels, [(time, value)])], or what Prometheus says is wrong."""
    step = max((end - begin) / STEPS, 1)
    window = f"{max(int(4 * step), 15)}s"
    for name, value in (("$__rate_interval", window), ("$namespace", ".*"),
                        ("$group", "nurture.*")):
        expression = expression.replace(name, value)
    words = urllib.parse.urlencode({"query": expression, "start": begin, "end": end, "step": step})
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query_range?{words}") as answer:
            found = json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as error:
        sys.exit(f"{expression}: {error.read().decode()}")
    return [(series["metric"], [(at, float(value)) for at, value in series["values"]
                                if value not in ("NaN", "+Inf")]) for series in found]


def legend(form, labels):
    return re.sub(r"\{\{(\w+)\}\}", lambda match: labels.get(match[1], ""), form).strip()


def shown(value, unit):
    if unit == "s":
        return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:.3g}"


def stacked(lines):
    """Each line on those below it, where they were asked at the same time."""
    below = {}
    for name, points in lines:
        points = [(at, value + below.get(at, 0)) for at, value in points]
        below.update(dict(points))
        yield name, points


def plot(lines, begin, end, size, unit):
    width, height = size
    most = max((value for _, points in lines for _, value in points), default=0) or 1
    out = [f'<svg width="{width}" height="{height}">']
    for part in (0, 0.5, 1):
        y = height - 4 - part * (height - 20)
        out.append(f'<path d="M46 {y:.0f}H{width}" stroke="#2c2f35"/><text x="0" y="{y + 4:.0f}" '
                   f'fill="#8e8e9a" font-size="10">{shown(most * part, unit)}</text>')
    for at, (_, points) in enumerate(lines):
        path = " ".join(f"{46 + (when - begin) / (end - begin) * (width - 50):.1f},"
                        f"{height - 4 - value / most * (height - 20):.1f}" for when, value in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[at % 10]}"/>')
    return "".join(out) + "</svg>"


def draw(url, panel, begin, end):
    place = panel["gridPos"]
    box = [place["x"] * WIDTH // 24, place["y"] * CELL, place["w"] * WIDTH // 24 - 8,
           place["h"] * CELL - 8]
    style = "left:{}px;top:{}px;width:{}px;height:{}px".format(*box)
    if panel["type"] == "row":
        return f'<div class="row" style="{style}">{html.escape(panel["title"])}</div>'
    lines = [(legend(target["legendFormat"], labels), points) for target in panel["targets"]
             for labels, points in ask(url, target["expr"], begin, end)]
    if not any(points for _, points in lines):
        print(f"no data: {panel['title']}", file=sys.stderr)
    defaults = panel["fieldConfig"]["defaults"]
    if defaults.get("custom", {}).get("stacking", {}).get("mode") == "normal":
        lines = list(stacked(lines))
    names = " ".join(f'<i style="color:{COLOURS[at % 10]}">&#9644; {html.escape(name)}</i>'
                     for at, (name, _) in enumerate(lines))
    picture = plot(lines, begin, end, (box[2] - 14, box[3] - 62), defaults["unit"])
    return (f'<div class="panel" style="{style}"><b>{html.escape(panel["title"])}</b><br>{picture}'
            f'<br>{names or "no data"}</div>')


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    end = time.time()
    begin = end - int(sys.argv[3] if sys.argv[3:] else 1800)
    with open(DASHBOARD, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(draw(sys.argv[1], panel, begin, end) for panel in panels))


if __name__ == "__main__":
    main()
