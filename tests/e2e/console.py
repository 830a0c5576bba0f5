#!/usr/bin/env python3
"""The console: a task from order to done, a caller who asks why, and whoever has no business there.

usage: console.py [BUILD] [--libs DIR] [--keep]

On the real services.  What needs a browser is in tests/console/browser.py (make test-console).
"""
import json
import os
import re
import urllib.parse

import mails
import parts
import shop
import staff
import story
import topics
from story import check, equal, eventually

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
KEY = "the console's key, 24 bytes"


def settings(system, **more):
    path = os.path.join(system.folder, "staff")
    with open(path, "w") as file:
        file.write(staff.STAFF)
    return {"NURTURE_CONSOLE_STAFF": path, "NURTURE_CONSOLE_KEY": KEY,
            "NURTURE_CONSOLE_PROXIES": "127.0.0.1", "NURTURE_CONSOLE_PROXY_SECRET": staff.SECRET,
            **more}


def started(system):
    """everything starts, and the console has read it all"""
    services = system.run_all("ingest", "segmenter", "scheduler", "desk")
    system.shop = shop.Shop(services["ingest"])
    port = parts.free_port()
    system.console = system.run("console", listen=port, **settings(
        system, NURTURE_CONSOLE_VIEW=f"{system.folder}/view.db",
        NURTURE_CONSOLE_URL=f"http://127.0.0.1:{port}"))
    # The same behind a proxy that stands elsewhere.
    system.far = system.run("console", "b", **settings(
        system, NURTURE_CONSOLE_VIEW=f"{system.folder}/far.db",
        NURTURE_CONSOLE_PROXIES="10.9.9.9"))
    system.ready(system.console)
    system.ready(system.far)
    system.events, system.ends = topics.Reader(system, "events"), topics.Reader(system, "ends")
    check(True, "both are ready")


def signs_in(system):
    """a mailed link signs in: once, in the browser that asked, and only who is on the list"""
    maria = staff.Browser(system.console.port)
    first = maria.get("/")
    equal((first.status, first.location), (303, "/sign-in"), "who is not signed in is led there")
    known = maria.post("/sign-in", address="Maria@Harbour.example")
    unknown = staff.Browser(system.console.port).post("/sign-in", address="eve@evil.example")
    equal((known.status, known.text), (unknown.status, unknown.text),
          "the answer is the same whether the address is known or not")
    mail = eventually(lambda: mails.to(system.catcher, "maria", "harbour.example"), "a mail comes")
    equal(mails.to(system.catcher, "eve", "evil.example"), [], "and none to a stranger")
    link = urllib.parse.urlparse(mail[0].links(r"/sign-in/")[0]).path
    check("@" not in link and "maria" not in link.lower(), "nobody's name is in the link", link)
    equal(maria.get(link).status, 200, "opening it signs nobody in")
    equal(maria.get("/").status, 303, "as scanners open every link")
    thief = staff.Browser(system.console.port)
    equal(thief.post(link).status, 403, "in another browser it is worth nothing")
    equal(maria.post(link).location, "/", "where it was asked for it signs in")
    cookie = maria.cookies["__Host-nurture-console"]
    equal(maria.get("/").status, 200, "from then on there is today's page")
    equal(maria.post(link).status, 403, "the link works once")
    for wrong in (cookie[:-2] + "AA", cookie.replace("v2.", "v1."), "", "v2.AAAA.AAAA"):
        other = staff.Browser(system.console.port)
        other.cookies["__Host-nurture-console"] = wrong
        check(other.get("/").status == 303, "a cookie that is not ours is none")
    maria.post("/sign-out")
    equal(maria.get("/").status, 303, "signing out ends it")
    thief.cookies["__Host-nurture-console"] = cookie
    equal(thief.get("/").location, "/sign-in", "also for whoever has copied the cookie")
    system.console.kill()
    system.watch()
    system.ready(system.console)
    equal(thief.get("/").location, "/sign-in", "and after a kill")


def task_on_today(maria, customer):
    page = maria.get("/")
    at = page.text.find(f">{customer.capitalize()}</a>")
    return page if at >= 0 else None


def basket(system):
    """a guest orders, the basket is on today's page, and it is done from there"""
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")
    system.shop.publish(shop.event("order.placed", shop.person("tom", phone="+44 20 7946 0000",
                                                               address="1 High Street\nBristol"),
                                   order=shop.order(1701)))
    page = eventually(lambda: task_on_today(maria, "tom"), "it is there", 60)
    check("gift-basket" in page.words and "for house" in page.words, "what it is, and whose")
    task = page.hidden("task")
    led = maria.get(f"/tasks/{task}")
    check(led.status == 303 and "tom" not in led.location, "a reminder's link leads to him", led.location)
    check("Tom" in maria.get(led.location).words, "and nothing of him is in an address")
    equal(maria.get("/tasks/no-such-task").status, 404, "one that is made up leads nowhere")
    equal(staff.Browser(system.console.port).get(f"/tasks/{task}").location, "/sign-in",
          "nor does one for who is not signed in")
    form = {"task": task, "form": page.hidden("form"), "back": "", "result": "room 12"}
    claimed = maria.post("/tasks", do="claim", **form)
    equal((claimed.status, claimed.location), (303, "/?said=claim"), "she takes it")
    eventually(lambda: "You have it" in maria.get("/").words, "and has it", 30)
    for _ in range(2):
        equal(maria.post("/tasks", do="done", **form).status, 303, "done, and pressed twice")
    end = eventually(lambda: system.ends.objects(id=task), "its one end", 30)
    equal([(e["status"], e["by"], e["result"]) for e in end],
          [("done", "maria@harbour.example", "room 12")], "says who, and what came of it")
    equal(len(staff.events(system.events, "task.done", "tom")), 2, "two records are on the topic")
    equal(len({e["id"] for e in staff.events(system.events, "task.done", "tom")}), 1,
          "of one event")
    eventually(lambda: not task_on_today(maria, "tom"), "it leaves the list", 30)


def caller(system):
    """somebody calls: by the number to the person, and to why"""
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")

    def search():
        links = staff.found(maria, "020 7946 0000")
        return maria.get(links[0]) if links else None
    page, seconds = staff.timed(search)
    check(page, f"found by the number as it is dialled at home, answered after {seconds:.3f} s")
    for text in ("Tom", "+44 20 7946 0000", "1 High Street", "1701", "Given to people: basket",
                 "Task done: gift-basket", "by maria@harbour.example"):
        check(text in page.words, f"the page says {text!r}", page.words[:3000])
    for query in ("tom@customers.example", "TOM", "1701", "tom"):
        check(staff.found(maria, query), f"found by {query!r}")
    equal(staff.found(maria, "nobody at all"), [], "and nobody else")
    log = system.console.log_text()
    check("event=person_looked_at" in log and "customer=tom" in log, "the look is in the log")
    check(re.search(r"event=people_listed by=maria@harbour.example customers=.*tom", log),
          "and so is who stood on the page of today")
    for secret in ("7946", "High Street", "tom@customers"):
        check(secret not in log, f"but not {secret!r}")
    system.tom = staff.found(maria, "tom")[0]


def results(system):
    """what came of a call is one of the policy's results: a slip of the pen ends no call"""
    boss = staff.by_proxy(system.console.port, "boss@harbour.example")
    system.shop.publish(shop.event("complaint.opened", shop.person("ruth", phone="+44 20 7946 0011"),
                                   case={"id": "c-ruth"}))

    def page_with_her():
        links = staff.found(boss, "ruth")
        page = boss.get(links[0]) if links else None
        return page if page and page.hidden("task") else None
    page = eventually(page_with_her, "she is to be called", 60)
    for result in ("reached", "no_answer", "busy"):
        check(f'<option value="{result}">' in page.text, f"{result} is offered")
    form = {"task": page.hidden("task"), "form": page.hidden("form"), "back": ""}
    for do, result in (("failed", "no answer"), ("failed", ""), ("failed", "No_answer"),
                       ("done", "reached her")):
        answer = boss.post("/tasks", do=do, result=result, **form)
        check(answer.status == 400 and "Choose what came of it" in answer.words,
              f"{do} with {result!r}: refused, with what to do", answer.words[:300])
    equal(boss.post("/tasks", do="failed", result="no_answer", note="rang twice", **form).status, 303,
          "no_answer is one")
    page = eventually(lambda: (p := page_with_her()) and "no_answer · rang twice" in p.words and p,
                      "it is on her time line, with the note", 30)
    check(not system.ends.objects(id=form["task"]), "and the call is not over")
    form["form"] = page.hidden("form")
    equal(boss.post("/tasks", do="done", result="reached", **form).status, 303, "reached is another")
    end = eventually(lambda: system.ends.objects(id=form["task"]), "that is its end", 30)
    equal((end[0]["status"], end[0]["result"]), ("done", "reached"), "with what came of it")


def many(system):
    """whom a search has shown is in the log, however many and however long their ids"""
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")
    ids = [f"long-{number:02d}-" + 'x"' * 90 for number in range(20)]
    system.shop.publish(*[shop.event("order.placed", shop.person(guest, name="Henry Longfellow",
                                                                email=f"h{number}@customers.example"),
                                     order=shop.order(7000 + number))
                          for number, guest in enumerate(ids)])
    eventually(lambda: len(set(staff.found(maria, "longfellow"))) == len(ids), "all are found", 60)
    lines = [line for line in system.console.log_text().split("\n") if "event=people_searched" in line]
    equal([line for line in lines if "cut=true" in line], [], "no line of the log is cut")
    equal([guest[:8] for guest in ids if not any(guest[:8] in line for line in lines[-20:])], [],
          "and each of them stands there")


def says(system):
    """notes, feedback and quiet become events with whoever said them"""
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")
    page = maria.get(system.tom)
    form = page.hidden("form")
    for _ in range(2):
        equal(maria.post(system.tom, do="note", form=form, channel="call",
                         words="Wants a room\r\nto the garden.").status, 303, "a note")
    notes = eventually(lambda: staff.events(system.events, "interaction.recorded", "tom"), "is told")
    equal({(n["id"], n["by"], n["interaction"]["words"]) for n in notes},
          {(notes[0]["id"], "maria@harbour.example", "Wants a room\nto the garden.")},
          "once, with who said it")
    maria.post(system.tom, do="feedback", form=form, score="1", words="Too loud.", order="1701")
    eventually(lambda: "Wants a room" in maria.get(system.tom).words, "it is on the time line", 30)
    eventually(lambda: "Too loud." in maria.get("/?all=1").words, "a low score is on today's page", 30)
    maria.post(system.tom, do="pause", form=form)
    eventually(lambda: "Asked for quiet until" in maria.get(system.tom).words, "quiet holds", 30)
    maria.post(system.tom, do="resume", form=maria.get(system.tom).hidden("form"))
    eventually(lambda: "Asked for quiet until" not in maria.get(system.tom).text.split("h-all")[0],
               "and ends", 30)


def programmes(system):
    """what became of what each programme wanted"""
    vera = staff.by_proxy(system.console.port, "vera@harbour.example")
    page = vera.get("/programmes")
    check("basket" in page.words and "house" in page.words, "the programme and its owner")
    german = staff.by_proxy(system.console.port, "vera@harbour.example", language="de-AT,en;q=0.5")
    check("Programme" in german.get("/").words and "Heute" in german.get("/").words, "in German")
    german.get("/?lang=en")
    check("Today" in german.get("/").words, "or as it was chosen last")


def merges(system):
    """merging and erasing are asked about first, and are an admin's"""
    boss = staff.by_proxy(system.console.port, "boss@harbour.example")
    system.shop.publish(shop.event("customer.updated", shop.person("thomas")))
    eventually(lambda: staff.found(boss, "thomas"), "the other one is there", 30)
    thomas = staff.found(boss, "thomas")[0]
    asked = boss.post(thomas, do="merge", into="tom", form="f")
    check("Merge these two?" in asked.words, "both are shown first", asked.words[:300])
    equal(staff.events(system.events, "customer.merged", "thomas"), [], "nothing has happened yet")
    merged = boss.post(thomas, do="merge-yes", form=asked.hidden("form"),
                       other=asked.hidden("other"))
    equal(merged.status, 303, "then they are merged")
    event = eventually(lambda: staff.events(system.events, "customer.merged", "thomas"), "by an event")
    equal((event[0]["merge"]["into"], event[0]["by"]), ("tom", "boss@harbour.example"), "that says who")
    ask = boss.post(system.tom.replace(system.tom, staff.found(boss, "tom")[0]), do="erase")
    tom = staff.found(boss, "tom")[0]
    check("Erase this person?" in ask.words, "erasing is asked about")
    equal(boss.post(tom, do="erase-yes", id="not tom", form="f").status, 400,
          "and wants the id in writing")
    equal(staff.events(system.events, "customer.erased", "tom"), [], "before that nothing happens")
    boss.post(tom, do="erase-yes", id="tom", form=ask.hidden("form"))
    eventually(lambda: not staff.found(boss, "tom"), "then nobody finds him any more", 30)
    equal(boss.get(tom).status, 404, "and his page is gone")


def hostile_texts(system):
    """what people write is text on every page, whatever it says"""
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")
    person = shop.person("mallory", name=HOSTILE, address=HOSTILE + "\n\u202etxet")
    system.shop.publish(
        shop.event("order.placed", person, order=shop.order(HOSTILE)),
        shop.event("feedback.received", "mallory", feedback={"score": 1, "comment": HOSTILE}),
        shop.event("complaint.opened", "mallory", case={"id": HOSTILE, "reason": HOSTILE}))
    links = eventually(lambda: staff.found(maria, "mallory"), "he is found", 60)
    eventually(lambda: "Feedback: 1/5" in maria.get(links[0]).words, "with what he said", 30)
    maria.post(links[0], do="note", form="f", channel="note", words=HOSTILE)
    eventually(lambda: HOSTILE in maria.get(links[0]).words.split("Contact")[-1], "and noted", 30)
    for path, page in (("his page", maria.get(links[0])), ("today", maria.get("/?all=1")),
                       ("the search", maria.post("/people", q=HOSTILE)),
                       ("the programmes", maria.get("/programmes"))):
        scripts = re.findall(r"<script", page.text)
        check(len(scripts) == 1 and "<img" not in page.text, f"{path}: no tag of his", scripts)
        policy = dict(page.headers)["Content-Security-Policy"]
        check("default-src 'none'" in policy and "unsafe" not in policy, f"{path}: and none could run")


ATTACKS = []


def attack(what, answer, *allowed):
    """One row of the table: it must be answered with one of these."""
    ATTACKS.append((what, answer.status))
    check(answer.status in allowed, f"{what}: {answer.status}", answer.words[:200])


def forged(system):
    """a proxy's word from anybody else"""
    port, far = system.console.port, system.far.port
    email = ("X-Auth-Request-Email", "boss@harbour.example")
    secret = ("X-Nurture-Proxy-Secret", staff.SECRET)
    attack("no secret", staff.Browser(port, email).get("/"), 403)
    attack("a wrong secret", staff.by_proxy(port, email[1], secret="x" * 24).get("/"), 403)
    attack("an empty secret", staff.by_proxy(port, email[1], secret="").get("/"), 403)
    attack("the secret from another address", staff.Browser(far, email, secret).get("/"), 403)
    attack("two addresses", staff.Browser(port, ("X-Auth-Request-Email", "vera@harbour.example"),
                                          email, secret).get("/"), 403)
    attack("two lists of groups", staff.Browser(port, email, secret, ("X-Auth-Request-Groups", "a"),
                                                ("x-auth-request-groups", "front-desk")).get("/"),
           403)
    attack("two secrets", staff.Browser(port, email, secret, secret).get("/"), 403)
    attack("groups without an address",
           staff.Browser(port, ("X-Auth-Request-Groups", "front-desk"), secret).get("/"), 403)
    attack("a stranger", staff.by_proxy(port, "eve@evil.example").get("/"), 403)
    attack("a group that is an address", staff.by_proxy(port, "eve@evil.example",
                                                        "boss@harbour.example").get("/"), 403)
    attack("nobody at all", staff.Browser(far).get("/"), 403)
    attack("other proxies' headers", staff.Browser(far, ("Remote-User", "boss@harbour.example"),
                                                   ("X-Forwarded-Email", email[1]),
                                                   ("X-Forwarded-For", "10.9.9.9")).get("/"), 403)
    for path in ("/people", "/programmes", "/counts", "/people/AAAA"):
        attack(f"{path} by nobody", staff.Browser(far).get(path), 403)


def crossed(system):
    """forms from other sites"""
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")
    path = staff.found(maria, "mallory")[0]
    host = f"http://127.0.0.1:{system.console.port}"
    for what, headers in {
            "cross-site": [("Sec-Fetch-Site", "cross-site")],
            "same-site": [("Sec-Fetch-Site", "same-site"), ("Origin", host)],
            "both said": [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin")],
            "another origin": [("Origin", "https://evil.example")],
            "no origin": [("Origin", "null")],
            "nothing said": [],
            "an origin that begins alike": [("Origin", host + ".evil.example")]}.items():
        for action, target, fields in (("a note", path, {"do": "note", "channel": "note", "words": "x"}),
                                       ("a task", "/tasks", {"do": "done", "task": "t"}),
                                       ("a search", "/people", {"q": "tom"})):
            attack(f"{what}: {action}", maria.post(target, *headers, own=False, **fields), 403)
    attack("a form by its address", maria.get(path + "?do=erase-yes&id=mallory"), 200)
    attack("signing in from elsewhere", staff.Browser(system.console.port).post(
        "/sign-in", ("Sec-Fetch-Site", "cross-site"), own=False, address="maria@harbour.example"), 403)
    check(maria.post(path, ("Origin", host), own=False, do="note", channel="note",
                     words="from an older browser").status == 303, "an origin of ours will do")


def climbed(system):
    """more than the role may"""
    boss = staff.by_proxy(system.console.port, "boss@harbour.example")
    maria = staff.by_proxy(system.console.port, "maria@harbour.example")
    vera = staff.by_proxy(system.console.port, "vera@harbour.example")
    own = {who: staff.found(who, "mallory")[0] for who in (boss, maria, vera)}
    for action in ("note", "feedback", "pause", "resume", "merge", "merge-yes", "erase", "erase-yes"):
        attack(f"a viewer: {action}", vera.post(own[vera], do=action, words="x", id="mallory"), 403)
    for action in ("claim", "snooze", "done", "failed"):
        attack(f"a viewer: {action}", vera.post("/tasks", do=action, task="t"), 403)
    for action in ("merge", "merge-yes", "erase", "erase-yes"):
        attack(f"an agent: {action}", maria.post(own[maria], do=action, id="mallory"), 403)
    attack("an agent with an admin's link", maria.get(own[boss]), 404)
    attack("an agent with an admin's form", maria.post(own[boss], do="note", words="x"), 404)
    attack("a role of one's own", maria.post(own[maria], do="erase-yes", id="mallory", role="admin"), 403)
    attack("an unknown action", boss.post(own[boss], do="drop"), 403, 400)
    attack("no action", boss.post(own[boss]), 403, 400)
    attack("two actions", boss.ask("POST", own[boss], b"do=note&do=erase-yes&id=mallory"), 400)
    attack("a task that is none", maria.post("/tasks", do="done", task="t"), 404)
    attack("a merge with oneself", boss.post(own[boss], do="merge-yes", form="f",
                                             other=own[boss].rsplit("/", 1)[1]), 400)
    attack("a merge with a made-up one", boss.post(own[boss], do="merge-yes", form="f", other="AAAA"), 400)
    attack("a made-up link", boss.get("/people/AAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 404)
    attack("an id as a link", boss.get("/people/mallory"), 404)
    attack("a way out of the folder", boss.get("/people/../../etc/passwd"), 404)
    attack("a redirect elsewhere", boss.post("/tasks", do="claim", task="t", back="//evil.example"), 404)
    attack("a large form", boss.post(own[boss], do="note", words="x" * 70000), 413, 400)
    attack("no UTF-8", boss.ask("POST", own[boss], b"do=note&words=%ff%fe"), 400)
    attack("a line in a header", boss.get("/?lang=de%0d%0aX-Evil:%201&said=%0d%0aX-Evil:%201"), 200)
    check("X-Evil" not in str(boss.get("/?lang=de%0d%0aX-Evil:%201").headers), "no header of its own")
    equal(staff.events(system.events, "customer.erased", "mallory"), [], "nobody was erased by it")


def guessed(system):
    """who asks for links without end fills no mailbox and keeps nobody out"""
    eve = staff.Browser(system.console.port)
    before = len(mails.to(system.catcher, "vera", "harbour.example"))
    answers = [eve.post("/sign-in", address="vera@harbour.example").status for _ in range(40)]
    equal(set(answers), {200}, "the answer is always the same")
    check(len(mails.to(system.catcher, "vera", "harbour.example")) - before <= 3,
          "and an address is mailed three times at most")
    attack("guessed links", [eve.post(f"/sign-in/{n:043}") for n in range(40)][-1], 403)
    attack("another's sign-in meanwhile", staff.Browser(system.console.port).post(
        "/sign-in", address="boss@harbour.example"), 200)


def whole(system):
    """what stands in the topics is what all can read"""
    dead = topics.Reader(system, "deadletter").read(1)
    equal([r.value for r in dead], [], "nothing lies with the dead letters")
    for service in (system.console, system.far):
        equal(service.process.poll(), None, f"{service.name} stands")
    print(f"  {len(ATTACKS)} attacks were tried; docs/console.md has their kinds")
    json.dump(ATTACKS, open(f"{system.folder}/attacks.json", "w"))


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "desk.yaml", [started, signs_in, basket, caller, many, results, says, programmes, merges,
                                      hostile_texts, forged, crossed, climbed, guessed, whole])
