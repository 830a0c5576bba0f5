#!/usr/bin/env python3
"""What customers say: filed by support, tagged and found by marketing, gone with the person.

usage: voices.py [BUILD] [--libs DIR] [--keep]

On the real services; console and review-solicitor are killed in between.
"""
import csv
import html
import json
import os
import re
import sqlite3
import urllib.parse

import parts
import shop
import staff
import story
import topics
from breaks import breaks
from story import check, equal, eventually

STAFF = """maria@harbour.example    agent     house
mark@harbour.example     marketer
boss@harbour.example     admin
vera@harbour.example     viewer
"""
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{words.today}}"
# A word of the shop, whatever it says: not of a customer.
SKU = "<b onclick=\"f()\">'sku'"
MANY = 120


def settings(system):
    path = os.path.join(system.folder, "staff")
    with open(path, "w") as file:
        file.write(STAFF)
    return {"NURTURE_CONSOLE_STAFF": path, "NURTURE_CONSOLE_KEY": "the console's key, 24 bytes",
            "NURTURE_CONSOLE_PROXIES": "127.0.0.1", "NURTURE_CONSOLE_PROXY_SECRET": staff.SECRET,
            "NURTURE_CONSOLE_VIEW": f"{system.folder}/view.db"}


def started(system):
    """everything starts"""
    services = system.run_all("ingest", "segmenter", "review-solicitor")
    system.shop = shop.Shop(services["ingest"])
    system.console = system.run("console", listen=parts.free_port(), **settings(system))
    system.ready(system.console)
    system.items = topics.Reader(system, "feedback")
    system.events = topics.Reader(system, "events")
    people = [shop.person(name) for name in ("ann", "bob", "cleo", "mallory")]
    system.shop.publish(*[shop.event("customer.updated", person) for person in people])
    for name in ("ann", "bob", "cleo", "mallory"):
        eventually(lambda n=name: staff.found(of(system, "vera"), f"{n}@customers.example"), f"{name} is known", 30)


def of(system, name, **how):
    return staff.by_proxy(system.console.port, f"{name}@harbour.example", **how)


def search(browser, **fields):
    """The page that a search leads to."""
    asked = browser.post("/voices", **fields)
    equal(asked.status, 303, "a search leads to an address") if asked.status != 303 else None
    return browser.get(asked.location)


def said(page):
    """The words of each item on a page."""
    return [html.unescape(words) for words in re.findall(r'<p class="words">(.*?)</p>', page.text, re.S)]


def fields_of(page, words):
    """The hidden fields of the form of the item with these words."""
    entry = next(e for e in page.text.split("<li data-item")[1:] if html.escape(words, False) in e)
    return {name: html.unescape(value) for name, value in
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', entry)}


def standing(system):
    """The items as they stand: {key: its bytes}."""
    items = {}
    for record in system.items.read():
        items[record.key] = record.value
    return {key: value for key, value in items.items() if value is not None}


def files(system):
    """support writes down what it was told"""
    maria = of(system, "maria")
    page = maria.get("/voices")
    check("New from support" in page.words, "an agent has the form")
    form = {"form": page.hidden("form"), "back": page.hidden("back"), "do": "feedback",
            "kind": "praise", "score": "5", "words": "The Kettle boils in a minute.", "order": "17",
            "sku": "kettle"}
    for who in ("nobody at all", "Ann", "an", "ann@cust"):
        check(maria.post("/voices/say", who=who, **form).status == 409,
              f"{who!r} may mean anybody: asked once more")
    answer = maria.post("/voices/say", who="nobody at all", **form)
    equal(answer.status, 409, "of nobody it is asked whom is meant")
    check("The Kettle boils" in answer.text and 'value="praise" selected' in answer.text,
          "and what was written stays")
    for _ in range(2):
        answer = maria.post("/voices/say", who="ann@customers.example", **form)
        equal((answer.status, answer.location) if answer.location else (answer.status, answer.words[:400]),
              (303, "/voices?said=feedback"), "filed, and pressed twice")
    eventually(lambda: said(maria.get("/voices")) == ["The Kettle boils in a minute."],
               "it stands there once", 30)
    page = maria.get("/voices")
    for text in ("Ann", "Praise", "5/5", "support", "by maria@harbour.example", "kettle", "Order 17"):
        check(text in page.words, f"with {text!r}", page.words[:2000])
    equal(len(standing(system)), 1, "one item is on the topic")


def tags(system):
    """marketing tags it with one press, and finds it by word, tag, score, product, kind and state"""
    mark, maria = of(system, "mark"), of(system, "maria")
    system.shop.publish(
        shop.event("feedback.received", "bob", feedback={
            "score": 1, "comment": "Die Lieferung kam zu spät", "kind": "complaint",
            "source": "survey", "sku": "tent"}),
        shop.event("feedback.received", "cleo", feedback={"score": 4, "comment": "fine, thank you"}))
    eventually(lambda: len(said(mark.get("/voices"))) == 3, "three have said something", 30)
    page = mark.get("/voices")
    check("+ Product" in page.words and "+ Deployment" in page.words, "phrases suggest tags")
    form = fields_of(page, "The Kettle boils in a minute.")
    equal(mark.post("/voices/say", do="tag Product", **form).status, 303, "one press")
    equal(mark.post("/voices/say", do="tag", tag="ITDirector", **form).status, 303, "one of the list")
    equal(mark.post("/voices/say", do="tag", tag="of my own", **form).status, 303, "one that is not")
    eventually(lambda: said(search(mark, tag="ITDirector")) == ["The Kettle boils in a minute."],
               "found by its tag", 30)
    check("of my own" not in mark.get("/voices").text, "and never by one that is not on the list")
    for what, fields in {"a word": {"q": "KETTLE"}, "the beginning of one": {"q": "ket min"},
                         "a tag": {"tag": "Product"}, "a score": {"score": "5"},
                         "a product": {"product": "kettle"}, "a kind": {"kind": "praise"},
                         "its state": {"state": "triaged"}, "all of them": {
                             "q": "boils", "tag": "Product", "score": "4-5", "product": "kettle",
                             "kind": "praise", "state": "triaged", "source": "support"}}.items():
        equal(said(search(mark, **fields)), ["The Kettle boils in a minute."], f"found by {what}")
    equal(said(search(mark, q="spat")), ["Die Lieferung kam zu spät"], "without its accents")
    equal(said(search(mark, q="kettle", score="1")), [], "nothing that is not both")
    equal(mark.post("/voices/say", do="untag ITDirector", **form).status, 303, "a tag is taken away")
    eventually(lambda: said(search(mark, tag="ITDirector")) == [], "and it is not found by it", 30)
    form = fields_of(maria.get("/voices"), "Die Lieferung kam zu spät")
    equal(maria.post("/voices/say", do="answered", **form).status, 303, "support has answered")
    eventually(lambda: said(search(maria, state="answered")) == ["Die Lieferung kam zu spät"],
               "and it says so", 30)
    changes = staff.events(system.events, "feedback.tagged", "ann")
    equal({e["by"] for e in changes}, {"mark@harbour.example"}, "each change says by whom")


def facets(system):
    """each choice says how many items it would give"""
    page = of(system, "vera").get("/voices")
    for choice in ("praise (1)", "complaint (1)", "comment (1)"):
        check(choice in page.words.lower(), choice, page.words[:1500])
    page = search(of(system, "vera"), kind="praise")
    check("Complaint (1)" in page.words and "Found: 1" in page.words,
          "also the others of a facet in which something is chosen")


def hidden(system):
    """an address tells nothing, and opens nothing for another"""
    mark, vera = of(system, "mark"), of(system, "vera")
    asked = mark.post("/voices", q="kettle").location
    check("kettle" not in asked and asked.startswith("/voices?q="), "the words are not in it", asked)
    equal(vera.get(asked).status, 404, "another's search is none")
    link = staff.found(mark, "ann")[0]
    theirs = mark.get(link).link("All that this person said")
    check(theirs and "ann" not in theirs, "a person's page leads to all that the person said", theirs)
    equal(said(mark.get(theirs)), ["The Kettle boils in a minute."], "and to nothing else")
    log = system.console.log_text()
    check("kettle" not in log.lower().replace("customer=", ""), "the log has no word of a search")
    check("people_listed by=mark@harbour.example" in log, "but who was shown to whom")


def roles(system):
    """nobody does more than the role may"""
    vera, maria = of(system, "vera"), of(system, "maria")
    check("New from support" not in vera.get("/voices").words, "a viewer has no form")
    form = fields_of(maria.get("/voices"), "The Kettle boils in a minute.")
    for who, actions in ((vera, ("feedback", "tag Product", "untag Product", "answered", "archive")),
                         (maria, ("tag Product", "untag Product", "archive"))):
        for action in actions:
            equal(who.post("/voices/say", **{**form, "do": action, "who": "ann", "words": "x"}).status,
                  403, f"{action}: refused")
    equal(of(system, "boss").post("/voices/say", do="tag Product", **form).status, 404,
          "another's form is none")
    equal(maria.post("/voices/say", ("Sec-Fetch-Site", "cross-site"), own=False, do="answered",
                     **form).status, 403, "nor is one from elsewhere")
    for path in ("/voices?q=AAAA", "/voices?score=9", "/voices?of=ann", "/voices?before=x",
                 "/voices?tag=" + "x" * 300):
        equal(vera.get(path).status, 404, f"{path[:30]}: none of ours")
    moved = maria.post("/voices/say", **{**form, "do": "answered", "back": "//evil.example"}).location
    check(moved.startswith("/?said="), "no way to elsewhere", moved)


def hostile(system):
    """whatever customers write is text"""
    boss = of(system, "boss")
    system.shop.publish(shop.event("feedback.received", "mallory", feedback={
        "score": 1, "comment": HOSTILE, "title": HOSTILE, "sku": SKU, "order": HOSTILE[:100]}))
    eventually(lambda: HOSTILE in said(boss.get("/voices")), "it stands there as it was said", 30)
    for path in (boss.get("/voices"), search(boss, q=HOSTILE[:150]), search(boss, product=SKU)):
        check(len(re.findall("<script", path.text)) == 1 and "<img" not in path.text, "no tag of his")
    equal(search(boss, q="\" OR * NEAR( - :").status, 200, "nor an operator of the search")


def as_json(system):
    """programs get the same"""
    mark = of(system, "mark")
    answer = mark.get("/v1/feedback?" + urllib.parse.urlencode({"q": "kettle", "score": "5"}))
    found = json.loads(answer.text)
    equal([(i["customer"], i["text"], i["tags"], i["score"], i["kind"]) for i in found["items"]],
          [("ann", "The Kettle boils in a minute.", ["Product"], 5, "praise")], "found by its word")
    equal(mark.get("/v1/feedback?score=nine").status, 400, "what cannot be asked is refused")
    equal(staff.Browser(system.console.port).get("/v1/feedback").status, 403, "nobody else is told")


def door(system):
    """other tools say it over HTTP, without the envelope of an event"""
    url = system.shop.url.replace("/v1/events", "/v1/feedback")
    one = {"customer": "fred", "kind": "praise", "score": 5, "text": "guy lines", "tags": ["Product"]}
    headers = {"Authorization": f"Bearer {shop.TOKEN}"}
    for _ in range(2):
        status, text, _ = shop.ask(url, "POST", json.dumps(one).encode(), "application/json", **headers)
        equal(status, 202, "taken")
    status, text, _ = shop.ask(url, "POST", json.dumps([one, {**one, "score": 9}]).encode(),
                               "application/json", **headers)
    equal([r.get("path") for r in json.loads(text) if r["status"] == "invalid"], ["$.feedback.score"],
          "and told which member is wrong")
    equal(shop.ask(url, "POST", b"{}", "application/json")[0], 401, "not without a token")
    eventually(lambda: said(search(of(system, "mark"), q="guy", tag="Product")) == ["guy lines"],
               "it is found, once", 30)


def tables(system):
    """a file is imported, twice, searched and exported"""
    path = system.folder + "/said.csv"
    with open(path, "w") as file:
        file.write("customer,score,text,kind,tags,at\n"
                   "dora,5,\"Pegs, ropes: all there\",praise,Product,2026-01-02T03:04:05Z\n"
                   "dora,7,too much,praise,,\n"
                   "emil,,\"Ropes?\",question,,\n")
    for _ in range(2):
        code, text = system.ctl("feedback", "import", path, check=False)
        equal((code, text), (1, "2 rows are published, 1 are left out\n"), "what is wrong is left out")
    mark = of(system, "mark")
    eventually(lambda: sorted(said(search(mark, q="ropes"))) == ["Pegs, ropes: all there", "Ropes?"],
               "the rest is found, once", 30)
    equal(said(search(mark, source="import", tag="Product")), ["Pegs, ropes: all there"],
          "with what the file said of it")
    view = f"{system.folder}/view.db"
    _, text = system.ctl("feedback", "search", "rop", "--view", view, "--at-least", "4")
    check("dora  praise 5/5  +Product\n    Pegs, ropes: all there" in text, "by nurturectl, too", text)
    _, text = system.ctl("feedback", "export", "--view", view, "--source", "import")
    with open(path, "w") as file:
        file.write(text)
    equal([(row["customer"], row["text"], row["tags"]) for row in csv.DictReader(text.splitlines())],
          [("emil", "Ropes?", ""), ("dora", "Pegs, ropes: all there", "Product")], "and exported")
    equal(system.ctl("feedback", "export", "--view", path, check=False)[0] != 0, True,
          "of no view there is nothing to export")


def killed(system):
    """console and review-solicitor are killed while many speak: each word stands once"""
    events = [shop.event("feedback.received", shop.person(f"many-{n % 30}"),
                         feedback={"score": 1 + n % 5, "comment": f"remark number{n}"})
              for n in range(MANY)]
    for begin in range(0, MANY, 10):
        system.shop.publish(*events[begin:begin + 10])
        if begin % 40 == 0:
            breaks(system, 1, ("console", "review-solicitor"), begin, flushes=begin == 40)
    system.shop.publish(*events[:50])  # a shop that is not sure whether it was heard

    def all_found():
        system.watch()
        text = of(system, "vera").get("/v1/feedback?q=remark").text
        return sorted(i["text"] for i in json.loads(text)["items"]) == sorted(
            f"remark number{n}" for n in range(MANY))
    eventually(all_found, f"{MANY} remarks, each once", 60)
    equal(len([v for v in standing(system).values() if b"remark number" in v]), MANY,
          "and so they stand on the topic")


def merged(system):
    """what one id said goes on under the one that lives"""
    boss = of(system, "boss")
    system.shop.publish(shop.event("customer.merged", "ann", merge={"into": "cleo"}))

    def theirs():
        links = staff.found(boss, "cleo")
        target = boss.get(links[0]).link("All that this person said") if links else None
        return sorted(said(boss.get(target))) if target else []
    eventually(lambda: theirs() == ["The Kettle boils in a minute.", "fine, thank you"],
               "both stand with the one who lives", 40)
    eventually(lambda: {k.rsplit(b"/")[0] for k, v in standing(system).items() if b"Kettle" in v} ==
               {b"cleo"}, "and the old key is empty", 20)
    form = fields_of(search(of(system, "mark"), q="kettle"), "The Kettle boils in a minute.")
    equal(of(system, "mark").post("/voices/say", do="archive", **form).status, 303, "it can be put away")
    eventually(lambda: said(search(boss, state="archived")) == ["The Kettle boils in a minute."],
               "under the new id", 30)


def erased(system):
    """who is erased has said nothing"""
    boss = of(system, "boss")
    system.shop.publish(shop.event("customer.erased", "cleo"), shop.event("customer.erased", "mallory"))
    eventually(lambda: said(search(boss, q="kettle")) == [] and said(search(boss, q="alert")) == [],
               "nothing is found", 30)
    eventually(lambda: not any(k.startswith((b"cleo/", b"ann/", b"mallory/"))
                               for k in standing(system)), "nothing stands on the topic", 30)

    def bytes_left():
        files = [system.folder + "/view.db" + end for end in ("", "-wal")]
        return [w for w in (b"boils in a minute", b"fine, thank you", b"alert(1)")
                for name in files if os.path.exists(name) and w in open(name, "rb").read()]
    eventually(lambda: not bytes_left(), "nor a byte in the view's file", 30, bytes_left)
    system.console.stop()
    before = rows(system)
    os.unlink(system.folder + "/view.db")
    system.console = system.run("console", listen=parts.free_port(), **settings(system))
    system.ready(system.console)
    equal(rows(system), before, "a view that is made anew has the same items")


def rows(system):
    with sqlite3.connect(f"file:{system.folder}/view.db?mode=ro", uri=True) as view:
        return sorted(view.execute(
            "SELECT i.n, (SELECT id FROM person p WHERE p.pid=i.pid), i.id, i.score, t.text FROM item i"
            " JOIN item_text t ON t.n=i.n"))


def whole(system):
    """what stands in the topics is what all can read"""
    dead = topics.Reader(system, "deadletter").read(1)
    equal([r.value for r in dead], [], "nothing lies with the dead letters")


if __name__ == "__main__":
    story.tell(__doc__, "voices.yaml", [started, files, tags, facets, hidden, roles, hostile, as_json,
                                        door, tables, killed, merged, erased, whole])
