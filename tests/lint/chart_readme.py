"""chart_readme.py - the table of a chart's values, from the comments in its values.yaml.

A line "# -- text" belongs to the key below it; a key that has none is only a folder of others.
"""
import re

HEAD = ["| value | default | what for |", "|---|---|---|"]
BEGIN, END = "<!-- values: written by make chart -->\n", "<!-- end of values -->\n"


def rows(text):
    """[(path, default, comment)] in the order of the file."""
    found, path, comment = [], [], None
    for line in text.split("\n"):
        said = re.match(r"\s*# --\s?(.*)$", line)
        key = re.match(r"( *)([A-Za-z]+):\s*(.*)$", line)
        if said:
            comment = said.group(1)
        elif key:
            path = path[:len(key.group(1)) // 2] + [key.group(2)]
            if comment is not None:
                found.append((".".join(path), key.group(3), comment))
            comment = None
    return found


def table(text):
    lines = list(HEAD)
    for path, default, comment in rows(text):
        shown = default.replace("|", "\\|")
        lines.append(f"| `{path}` | {f'`{shown}`' if shown else ''} | {comment} |")
    return "\n".join(lines) + "\n"


def page(readme, values):
    """The README with the table of these values."""
    before, rest = readme.split(BEGIN)
    return before + BEGIN + table(values) + END + rest.split(END)[1]
