"""Prometheus' text format 0.0.4, read strictly: what a lenient scraper lets pass is an error here."""
import collections
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)$")
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)$|NaN$")


class Malformed(Exception):
    pass


class Family:
    def __init__(self, kind):
        self.kind = kind
        self.samples = collections.OrderedDict()  # (name, labels) -> value


class Page:
    def __init__(self):
        self.families = collections.OrderedDict()

    def value(self, name, **labels):
        """The sum of the samples that have these labels; 0.0 when there are none."""
        return sum(value for family in self.families.values()
                   for (sample, found), value in family.samples.items()
                   if sample == name and labels.items() <= dict(found).items())


def labels_of(text):
    found, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        if not match:
            raise Malformed(f"labels: {text}")
        found.append((match[1], match[2]))
        at = match.end()
    if text.endswith(",") or len({name for name, _ in found}) != len(found):
        raise Malformed(f"labels: {text}")
    return tuple(sorted(found))


def family_of(page, name):
    """A sample stands right below its own TYPE."""
    if not page.families:
        raise Malformed(f"{name}: before any TYPE")
    last, family = next(reversed(page.families.items()))
    endings = ("_bucket", "_sum", "_count") if family.kind == "histogram" else ("",)
    if name not in [last + ending for ending in endings]:
        raise Malformed(f"{name}: stands below {last}")
    return family


def take_sample(page, line):
    match = SAMPLE.match(line)
    if not match or not NUMBER.match(match[3]):
        raise Malformed(f"sample: {line}")
    key = (match[1], labels_of(match[2] or ""))
    family = family_of(page, match[1])
    if key in family.samples:
        raise Malformed(f"twice: {line}")
    family.samples[key] = float(match[3])


def check_histogram(name, family):
    rows = collections.defaultdict(list)
    for (sample, labels), value in family.samples.items():
        rest = tuple(each for each in labels if each[0] != "le")
        rows[rest].append((sample, dict(labels).get("le"), value))
    for rest, samples in rows.items():
        buckets = [(float(le), v) for sample, le, v in samples if sample == name + "_bucket"]
        count = [v for sample, _, v in samples if sample == name + "_count"]
        total = [v for sample, _, v in samples if sample == name + "_sum"]
        if buckets != sorted(buckets) or not buckets or buckets[-1][0] != float("inf"):
            raise Malformed(f"{name}{rest}: its buckets are not in order up to +Inf")
        if [v for _, v in buckets] != sorted(v for _, v in buckets):
            raise Malformed(f"{name}{rest}: its buckets are not cumulative")
        if count != [buckets[-1][1]] or len(total) != 1:
            raise Malformed(f"{name}{rest}: _count is not the last bucket, or there is no _sum")


def parse(text):
    page, helped = Page(), None
    if not text.endswith("\n"):
        raise Malformed("the last line does not end")
    for line in text.split("\n")[:-1]:
        head = re.match(rf"# (HELP|TYPE) ({NAME}) (.+)$", line)
        if head and head[1] == "HELP":
            helped = head[2]
        elif head:
            if head[3] not in ("counter", "gauge", "histogram") or head[2] in page.families or \
                    helped != head[2]:
                raise Malformed(line)
            page.families[head[2]] = Family(head[3])
        else:
            take_sample(page, line)
    for name, family in page.families.items():
        if family.kind == "histogram":
            check_histogram(name, family)
        if family.kind == "counter" and not name.endswith("_total"):
            raise Malformed(f"{name}: a counter's name ends with _total")
        if not family.samples:
            raise Malformed(f"{name}: no sample")
    return page
