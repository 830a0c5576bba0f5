#!/usr/bin/env python3
"""Picks one caught mail of each template and makes a page of them.

usage: show_mails.py MAILS TEMPLATES OUT

MAILS is the mail catcher's directory, OUT gets mails/NAME.eml and NAME.html, mail.eml (the first)
and mail.html (all of them).  A mail belongs to the template whose subject it could be.  Exit 1
when there is no mail at all.
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


def pattern(template):
    """A subject template as an expression: what is filled in may be anything."""
    without = re.sub(r"\{\{[#^](.*?)\}\}.*?\{\{/\1\}\}", "\0", template.strip())
    parts = re.split(r"\0|\{\{.*?\}\}", without)
    return re.compile(".*".join(re.escape(part) for part in parts) + r"\Z", re.DOTALL)


def main():
    mails, templates, out = (pathlib.Path(argument) for argument in sys.argv[1:4])
    # NAME.subject.mustache; the demo's customers are written to in no other language.
    subjects = {path.name.split(".")[0]: path.read_text("utf-8")
                for path in sorted(templates.glob("*.subject.mustache"))
                if path.name.count(".") == 2}
    # The longest fixed text first: it is the most particular.
    order = sorted(subjects, key=lambda name: -len(re.sub(r"\{\{.*?\}\}", "", subjects[name])))
    found = {}
    with open(mails / "index.jsonl", encoding="utf-8") as index:
        for line in index:
            entry = json.loads(line)
            name = next((name for name in order
                         if pattern(subjects[name]).match(entry.get("subject", ""))), None)
            if name:
                found.setdefault(name, entry)
    if not found:
        sys.exit(f"show_mails.py: {mails}: no mail of any template")
    (out / "mails").mkdir(exist_ok=True)
    page = [PAGE]
    for name, entry in sorted(found.items()):
        with open(mails / "mails.mbox", "rb") as box:
            box.seek(entry["offset"])
            raw = box.read(entry["bytes"])
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
    print(f"{len(found)} of {len(subjects)} templates were used: {', '.join(sorted(found))}")


if __name__ == "__main__":
    main()
