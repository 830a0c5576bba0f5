#!/usr/bin/env python3
"""What people say on their own page, and with the one button of their mail program, counts.

usage: preferences.py [BUILD] [--libs DIR]

The page is used as a person would: its forms are read, boxes ticked, buttons
pressed.  Each choice is followed to where it acts: the event, the scheduler's
reason, the mail that does not come.  Who unsubscribes while a mail is being
tried again does not get it; how long that takes is measured.
"""
import statistics
import time

import mails
import pages
import parts
import shop
import story
import topics
from story import check, equal, eventually

KINDS = ("message.unsubscribed", "consent.changed", "preferences.changed", "customer.updated",
         "customer.erased")


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    for name in ("events", "outcomes"):
        setattr(system, name, topics.Reader(system, name))


def reachable(system, link):
    """The shop's proxy would lead there."""
    return link.replace("http://127.0.0.1:8084", system.started["review-solicitor"].url, 1)


def said(system, customer):
    """What the pages have said for somebody; not what this test's shop did."""
    return [e for e in system.events.objects() if e["customer"]["id"] == customer
            and e["type"] in KINDS and not e["id"].startswith("e2e-")]


def of(system, customer, **wanted):
    return system.outcomes.objects(customer=customer, **wanted)


def first_mail(system, name, **more):
    """Somebody orders, and gets a mail."""
    system.shop.publish(shop.event("order.placed", shop.person(name, **more), order=shop.order(1)))
    return eventually(lambda: mails.to(system.catcher, name), f"{name} has a mail")[0]


def order(system, name, number):
    system.shop.publish(shop.event("order.placed", name, order=shop.order(number)))


def own_page(system, name, **more):
    link = first_mail(system, name, **more).links("/p/")
    equal(len(link), 1, "with one link to a page of one's own")
    return reachable(system, link[0])


def one_click(system):
    """one click counts before the next DATA, also for a mail that is being tried again"""
    names, took = [f"click-{n}" for n in range(12)], []
    for name in names:
        system.shop.publish(shop.event("order.placed", shop.person(name), order=shop.order(1)))
    links = {}
    for name in names:
        mail = eventually(lambda: mails.to(system.catcher, name), f"{name} has a mail")[0]
        equal(mail.parsed["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", "with a button")
        links[name] = reachable(system, mail.parsed["List-Unsubscribe"].strip("<>"))
    system.catcher.stop()
    system.catcher.start("--fail-rcpt", "click-*=450")
    for name in names:
        order(system, name, 2)
    for name in names:
        eventually(lambda: of(system, name, status="deferred"), f"the next to {name} is put off")
    # The first of them as RFC 8058 has it best: as a form of several parts.
    boundary = ('--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
                'One-Click\r\n--b--\r\n')
    for name in names:
        begun = time.time()
        if name == names[0]:
            page = pages.send(links[name], boundary, "multipart/form-data; boundary=b")
        else:
            page = pages.send(links[name], "List-Unsubscribe=One-Click")
        answered = time.time()
        equal(page.status, 200, "one click is taken")
        eventually(lambda: of(system, name, status="no_consent"), "and the mail ends no_consent")
        took.append((answered - begun, time.time() - answered))
    system.catcher.stop()
    system.catcher.start()
    time.sleep(5)
    equal([len(mails.to(system.catcher, name)) for name in names], [1] * len(names),
          "the server would take them now, and none comes")
    print(f"        answer {statistics.median(t for t, _ in took) * 1000:.0f} ms (median); then "
          f"{statistics.median(t for _, t in took):.2f} s until the sender has dropped the mail, "
          f"at most {max(t for _, t in took):.2f} s")
    check(max(t for _, t in took) < 8, "within one pause between two tries", took)


def opening_changes_nothing(system):
    """what scanners and previews do changes nothing"""
    url = own_page(system, "gina")
    leave = reachable(system, mails.to(system.catcher, "gina")[0].parsed["List-Unsubscribe"]
                      .strip("<>"))
    for link in (url, leave):
        for method in ("GET", "HEAD"):
            equal(shop.ask(link, method, **{"Sec-Purpose": "prefetch"})[0], 200, f"{method}: 200")
        equal(shop.ask(link, "PUT", b"x")[0], 405, "PUT: 405")
    page = pages.show(url)
    equal(page.headers["Cache-Control"], "no-store", "not to be kept")
    equal(page.headers["Referrer-Policy"], "no-referrer", "not to be told on")
    check("default-src 'none'" in page.headers["Content-Security-Policy"], "loads nothing")
    check(not page.tags & {"script", "img", "link", "iframe"}, "and has nothing to load", page.tags)
    check("gina@" not in page.raw, "the address is not shown whole")
    equal(page.status, 200, "the page is there")
    for what, body in (("nothing", ""), ("no signature", "do=save&class=care"),
                       ("another deed", "do=sell"), ("bytes", "\0%zz")):
        equal(pages.send(url, body).status, 400, f"a form with {what}: 400")
    # Hers, sent for somebody else: as a page of another site would try.
    other = own_page(system, "hugo")
    form = next(form for form in page.forms if "nothing" in form.buttons)
    equal(pages.send(other, form.body("nothing")).status, 400, "another one's form: 400")
    forged = url[:-1] + ("A" if url[-1] != "A" else "B")
    for what, link in (("a forged link", forged), ("a link to leave", leave.replace("/u/", "/p/")),
                       ("a link to choose", url.replace("/p/", "/u/"))):
        equal(pages.send(link, "do=nothing").status, 404, f"{what} used elsewhere: 404")
    time.sleep(1)
    equal(said(system, "gina") + said(system, "hugo"), [], "nothing of it is an event")


def classes(system):
    """a box that is not ticked is a mail that does not come"""
    url = own_page(system, "carl")
    page = pages.show(url)
    equal(page.ticked(), {"care", "feedback", "promotion"}, "all are ticked")
    check("Things to buy" in page.text, "in the shop's words")
    saved = page.press("save", untick={"care"})
    check(saved.status == 200 and "Saved" in saved.text, "saved", saved.text)
    equal(saved.ticked(), {"feedback", "promotion"}, "and shown at once")
    equal(page.press("save", untick={"care"}).status, 200, "a double click is taken")
    found = eventually(lambda: said(system, "carl"), "it is an event")
    equal((found[0]["type"], found[0]["customer"]), ("consent.changed",
          {"id": "carl", "consent": {"care": False}}), "of what was changed, and no more")
    eventually(lambda: pages.show(url).ticked() == {"feedback", "promotion"}, "it counts")
    equal(len({e["id"] for e in said(system, "carl")}), 1, "a double click is one event")
    order(system, "carl", 2)
    eventually(lambda: of(system, "carl", status="no_consent"), "his next mail ends no_consent")
    pages.show(url).press("save", tick={"care"})
    eventually(lambda: "care" in pages.show(url).ticked(), "ticked again")
    order(system, "carl", 3)
    eventually(lambda: len(mails.to(system.catcher, "carl")) == 2, "and he hears again")


def pause(system):
    """a break is a reason, and its end is a mail"""
    url = own_page(system, "pia", locale="de-AT")
    page = pages.show(url)
    equal(page.language, "de", "in her language")
    check("Was zum Kaufen" in page.text, "the shop's words, too")
    begun = time.time()
    page = page.press("pause")
    check("Ruhe bis" in page.text, "the page says until when", page.text)
    event = eventually(lambda: said(system, "pia"), "it is an event")[0]
    equal(event["type"], "preferences.changed", "preferences.changed")
    eventually(lambda: "Ruhe bis" in pages.show(url).text, "it counts")
    print(f"        {time.time() - begun:.2f} s from the button to the scheduler's state")
    order(system, "pia", 2)
    wait = eventually(lambda: of(system, "pia", status="deferred"), "her next mail waits")[0]
    equal(wait["reason"]["rule"], "paused", "the rule is `paused`")
    equal(wait["reason"]["eligible_at"], event["preferences"]["paused_until"], "until then")
    check("Tipps und Dank" in pages.show(url).text.split("Was auf Sie wartet")[1],
          "her page says what waits")
    equal(pages.show(url).press("resume").status, 200, "she ends it")
    eventually(lambda: len(mails.to(system.catcher, "pia")) == 2, "and the mail comes")


def own_allowance(system):
    """one's own limit is a rule of the scheduler"""
    url = own_page(system, "otto")
    saved = pages.show(url).press("save", often="1/7", language="de")
    equal((saved.status, saved.language), (200, "de"), "he is answered in the language he chose")
    eventually(lambda: len(said(system, "otto")) == 2, "two things were said")
    equal({e["type"] for e in said(system, "otto")}, {"preferences.changed", "customer.updated"},
          "how often, and the language")
    eventually(lambda: 'value="1/7" selected' in pages.show(url).raw, "it counts")
    order(system, "otto", 2)
    wait = eventually(lambda: of(system, "otto", status="deferred"), "his next mail waits")[0]["reason"]
    equal((wait["rule"], wait["count"], wait["limit"]), ("own_allowance", 1, 1), "for his own rule")
    equal(pages.show(url).press("pause").status, 200, "a break")
    eventually(lambda: 'value="1/7" selected' in pages.show(url).raw
               and "Ruhe bis" in pages.show(url).text, "does not forget how often")


def planned(system):
    """what waits is on the page, by the name that the shop gives it"""
    url = own_page(system, "pat")
    check("Nothing at the moment" in pages.show(url).text, "nothing waits")
    system.shop.publish(shop.event("order.shipped", "pat", order={"id": "1"}))
    eventually(lambda: "Tips for your tent from" in pages.show(url).text, "what waits, and when")
    check("held-back-3" not in pages.show(url).raw, "by its title")
    check("Tipps zu Ihrem Zelt ab" in pages.show(url + "?lang=de").text, "in any language")
    pages.show(url).press("nothing")
    equal([e["type"] for e in eventually(lambda: said(system, "pat"), "he wants no more")],
          ["message.unsubscribed"], "message.unsubscribed")
    eventually(lambda: of(system, "pat", status="no_consent"), "what waited ends at once")


def forget(system):
    """to be forgotten takes a second page and the address"""
    url = own_page(system, "fay")
    sure = pages.show(url).press("forget")
    check("Really" in sure.text and not said(system, "fay"), "the first page asks")
    wrong = sure.press("forget-yes", address="guy@customers.example")
    equal(wrong.status, 400, "the wrong address: 400")
    equal(said(system, "fay"), [], "and nothing was said")
    equal(wrong.press("forget-yes", address=" Fay@customers.example").status, 200, "hers is taken")
    found = eventually(lambda: said(system, "fay"), "it is an event")
    equal(found[0]["type"], "customer.erased", "customer.erased")
    eventually(lambda: "nothing about you" in pages.show(url).text, "then her page knows nobody")
    order(system, "fay", 2)
    end = eventually(lambda: [o for o in of(system, "fay") if o["status"] != "sent"], "of an order")
    check(end[0]["status"] in ("erased", "no_consent", "undeliverable"), "no mail comes", end)


def without_redis(system):
    """while nothing can be read, everything can still be ended"""
    url = own_page(system, "nora")
    leave = reachable(system, mails.to(system.catcher, "nora")[0].parsed["List-Unsubscribe"]
                      .strip("<>"))
    old = pages.show(url)
    system.redis.stop()
    page = pages.show(url)
    check(page.status == 200 and "cannot be shown" in page.text, "the page says so", page.text)
    equal([form.buttons for form in page.forms], [["nothing"]], "and has one button")
    equal(old.press("pause").status, 503, "what needs the state: 503")
    equal(page.press("nothing").status, 200, "the button works")
    begun = time.time()
    equal(pages.send(leave, "List-Unsubscribe=One-Click").status, 200, "and so does one click")
    check(time.time() - begun < 2, "without waiting", time.time() - begun)
    equal([e["type"] for e in said(system, "nora")], ["message.unsubscribed"] * 2, "they are events")
    system.redis.start()
    order(system, "nora", 2)
    eventually(lambda: of(system, "nora", status="no_consent"), "and count when it is back", 60)


def balance(system):
    """the books balance"""
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "ended twice: 0" in text, "audit", f"exit {code}\n{text}")


if __name__ == "__main__":
    story.tell(__doc__, "preferences.yaml", [opening_changes_nothing, classes, pause, own_allowance,
                                             planned, forget, one_click, without_redis, balance],
               setup)
