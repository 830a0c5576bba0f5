#!/usr/bin/env python3
"""Picks one caught mail of each kind and makes a page of them.

usage: show_mails.py MAILS TEMPLATES OUT

MAILS is the mail catcher's directory, OUT gets mails/NAME.eml and NAME.html, mail.eml (the first)
and mail.html (all of them).  Of which kind a mail is, its Feedback-ID says: PROGRAMME:CLASS:WHAT:SHOP,
where WHAT is the template or, of an experiment, the variant.  Exit 1 when there is no mail at all.
"""
import email
import email.policy
import html
import json
import pathlib
import re
import sys

PAGE = """<!doctype html><html lang=en><meta charset=utf-8>
<meta name=viewport content="width=device-width"><title>Mails of the demo</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;
margin:2rem auto;padding:0 1rem}iframe{width:100%;height:36rem;border:1px solid #8886;
border-radius:6px;background:#fff}h2{margin:2.5rem 0 .2rem}p{margin:.2rem 0 .8rem;color:GrayText}
</style><h1>One mail of each kind</h1>"""


def kind_of(raw, templates):
    """The template's name, or PROGRAMME-VARIANT; None for a mail that does not say it."""
    head = email.message_from_bytes(raw.partition(b"\r\n\r\n")[0], policy=email.policy.default)
    parts = "".join((head["Feedback-ID"] or "").split()).split(":")
    if len(parts) != 4 or not all(re.fullmatch(r"[\w-]+", part) for part in parts[::2]):
        return None
    return parts[2] if parts[2] in templates else f"{parts[0]}-{parts[2]}"


def caught(mails):
    """Each mail that was caught, as it came."""
    with open(mails / "index.jsonl", encoding="utf-8") as index, open(mails / "mails.mbox",
                                                                      "rb") as box:
        for line in index:
            entry = json.loads(line)
            box.seek(entry["offset"])
            yield box.read(entry["bytes"])


def main():
    mails, templates, out = (pathlib.Path(argument) for argument in sys.argv[1:4])
    names = {path.name.split(".")[0] for path in templates.glob("*.subject.mustache")}
    found = {}
    for raw in caught(mails):
        name = kind_of(raw, names)
        if name:
            found.setdefault(name, raw)
    if not found:
        sys.exit(f"show_mails.py: {mails}: no mail that says of which kind it is")
    (out / "mails").mkdir(exist_ok=True)
    page = [PAGE]
    for name, raw in sorted(found.items()):
        (out / "mails" / f"{name}.eml").write_bytes(raw)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        (out / "mails" / f"{name}.html").write_text(mail.get_body(("html",)).get_content(), "utf-8")
        page.append(f"<h2>{html.escape(mail['Subject'])}</h2><p>{html.escape(name)}, to "
                    f"{html.escape(mail['To'])}, {html.escape(mail['Date'])} "
                    f"&middot; <a href=\"mails/{name}.eml\">source</a></p>"
                    f"<iframe sandbox title=\"{html.escape(name)}\" src=\"mails/{name}.html\">"
                    "</iframe>")
    (out / "mail.html").write_text("".join(page), "utf-8")
    (out / "mail.eml").write_bytes((out / "mails" / f"{min(found)}.eml").read_bytes())
    print(f"{len(found)} kinds of mail: {', '.join(sorted(found))}")


if __name__ == "__main__":
    main()
