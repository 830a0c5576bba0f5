#!/usr/bin/env python3
"""The console in a real browser: a basket, a caller who asks why, an arrival, keys, axe-core.

usage: browser.py BUILD [--pictures] [--libs DIR] [--keep]     (tests/console/run.sh)
"""
import glob
import os
import sys
import time
import urllib.parse

import mails
import parts
import shop
import story
import topics
from playwright.sync_api import sync_playwright
from story import check, equal, eventually

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PICTURES = "--pictures" in sys.argv
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STAFF = """maria@harbour.example agent guest-relations, house-manager
boss@harbour.example admin
"""
GUESTS = [("ann", "Ann Other", "+44 20 7946 0018", "12 Quay Street\nBristol BS1 4DJ"),
          ("tom", "Tom Baker", "+44 20 7946 0731", "3 Mill Lane\nYork YO1 7EP"),
          ("zoe", "Zoë Brontë", "+44 20 7946 0244", "8 High Street\nHaworth BD22 8DU"),
          ("bea", "Bea Quinn", "+44 20 7946 0105", "1 Harbour Row\nWhitby YO21 3PU")]


def started(system):
    """everything starts, and guests have been here before"""
    services = system.run_all("ingest", "segmenter", "scheduler", "email-sender", "desk")
    system.shop = shop.Shop(services["ingest"])
    path = f"{system.folder}/staff"
    with open(path, "w") as file:
        file.write(STAFF)
    port = parts.free_port()
    system.url = f"http://localhost:{port}"
    system.console = system.run(
        "console", listen=port, NURTURE_CONSOLE_VIEW=f"{system.folder}/view.db",
        NURTURE_CONSOLE_STAFF=path, NURTURE_CONSOLE_KEY="the console's key, 24 bytes",
        NURTURE_CONSOLE_URL=system.url)
    system.ready(system.console)
    for number, (guest, name, phone, address) in enumerate(GUESTS):
        person = shop.person(guest, name=name, phone=phone, address=address, country="GB")
        system.shop.publish(
            shop.event("order.placed", person, order=shop.order(1000 + number, amount="310.00"))
            | {"time": shop.now_text(-400 * 86400)},
            shop.event("order.delivered", guest, order={"id": str(1000 + number)})
            | {"time": shop.now_text(-396 * 86400)})
    check(True, "they are known")


def fresh(system, **how):
    """A page that tells when something of somebody's ran, or was kept from running."""
    page = system.browser.new_context(locale="en-GB", **how).new_page()
    page.on("dialog", lambda dialog: (system.ran.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: system.said.append(said.text) if said.type == "error" else None)
    return page


def sign_in(system, page, address):
    before = len(mails.to(system.catcher, *address.split("@")))
    page.goto(system.url)
    page.get_by_label("Mail address").fill(address)
    page.get_by_role("button", name="Send the link").click()
    eventually(lambda: len(mails.to(system.catcher, *address.split("@"))) > before,
               f"{address}: a link comes by mail")
    link = mails.to(system.catcher, *address.split("@"))[-1].links(r"/sign-in/")[0]
    page.goto(system.url + urllib.parse.urlparse(link).path)
    page.get_by_role("button", name="Sign in here").click()
    page.wait_for_url(system.url + "/")
    check(page.get_by_role("heading", name="Today").is_visible(), "and leads to today's page")


def basket(system):
    """scene 1: a guest comes back, and the basket is done from the console"""
    system.page = page = fresh(system, viewport={"width": 1280, "height": 900})
    sign_in(system, page, "maria@harbour.example")
    begun = time.time()
    system.shop.publish(*[shop.event("order.placed", guest, order=shop.order(2000 + n, amount="129.50"))
                          for n, (guest, *_) in enumerate(GUESTS)],
                        shop.event("feedback.received", "tom", feedback={
                            "order": "2001", "score": 1,
                            "comment": "The room was cold,\nand nobody came when I called."}),
                        shop.event("complaint.opened", "tom", case={
                            "id": "C-9", "reason": "cold room"}))
    # Without a reload: the number above the page says so by itself.
    count = page.locator("[data-count=open]")
    eventually(lambda: int(count.inner_text()) >= 4, "the number of tasks is live", 60)
    print(f"        {time.time() - begun:.1f} s after the order, at most 15 s of them the page's")
    page.reload()
    task = page.locator("li[data-item]", has_text="Ann Other").filter(has_text="gift-basket")
    task.get_by_role("button", name="I take it").click()
    check(page.get_by_text("You have it.").is_visible(), "she takes it")
    eventually(lambda: (page.goto(system.url), task.get_by_text("You have it").count())[1],
               "and it says so", 30)
    task.get_by_label("What came of it").fill("basket in room 12")
    task.get_by_role("button", name="Done").click()
    eventually(lambda: (page.goto(system.url), task.count() == 0)[1], "done: it leaves the list", 30)
    equal(page.locator("li[data-item]", has_text="gift-basket").count() >= 2, True,
          "those of the other guests stay")


def caller(system):
    """"somebody with this number calls and asks why he got no tips": seconds to the answer"""
    system.shop.publish(shop.event("order.delivered", "ann", order={"id": "2000"}))
    page = system.page
    eventually(lambda: (page.goto(system.url + "/people"),
                        page.locator("main").get_by_role("searchbox").fill("020 7946 0018"),
                        page.locator("main").get_by_role("button", name="Search").click(),
                        page.get_by_role("link", name="Ann Other").click(),
                        page.get_by_text("Put off: tips").count())[-1], "it is decided", 60)
    begun = time.time()
    page.goto(system.url)
    page.locator("#find").fill("020 7946 0018")
    page.locator("#find").press("Enter")
    page.get_by_role("link", name="Ann Other").click()
    why = page.locator("li", has_text="Put off: tips").first.inner_text()
    check("the cap week: 1 of 1 in 7 days" in why, f"after {time.time() - begun:.2f} s of a script's"
          " clicks the page says why", why)
    sent = page.locator("li", has_text="Sent: thanks").first.inner_text()
    check(all(word in sent for word in ("set off", "Order 2000", "for marketing", "the cap week: 0 of 1")),
          "and of the one that came: what set it off, whose it is, and that a cap allowed it", sent)
    check("2000" not in page.url and "ann" not in page.url and "7946" not in page.url,
          "and nothing of her is in the address", page.url)
    system.person = page.url


def note(system):
    """a note of the call"""
    page = system.page
    page.goto(system.person)
    page.get_by_label("What it was").select_option("call")
    page.get_by_label("What was said, or is to be remembered").fill("Asks for the garden side.")
    page.get_by_role("button", name="Save the note").click()
    check(page.get_by_text("The note is saved").is_visible(), "saved")
    eventually(lambda: (page.goto(system.person), page.get_by_text("Asks for the garden side.").count())[1],
               "and on the time line", 30)


def keyboard(system):
    """everything by keys"""
    page = system.page
    page.goto(system.url)
    page.keyboard.press("Tab")
    equal(page.evaluate("document.activeElement.className"), "skip", "the first stop leads to the content")
    page.keyboard.press("j")
    equal(page.evaluate("document.activeElement.className"), "skip", "letters do nothing unless wanted")
    page.get_by_role("button", name="Keyboard").click()
    page.locator("main").focus()
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.closest('[data-item]') !== null")
    check(first, "j: the first entry")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    page.keyboard.press("j")
    equal(page.evaluate("document.activeElement.textContent"), second, "k and j: back and forth")
    page.keyboard.press("/")
    equal(page.evaluate("document.activeElement.id"), "find", "/: the search")
    page.keyboard.type("tom j")
    equal(page.locator("#find").input_value(), "tom j", "where letters are letters again")
    page.goto(system.url)
    check(page.get_by_text("next and previous entry").is_visible(), "the choice is kept")
    stops, unseen = 0, []
    page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate("""() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.tagName, s.outlineStyle, e.getBoundingClientRect().height, e.outerHTML.slice(0, 90)]; }""")
        if stop[0] == "BODY":
            break
        stops += 1
        if stop[1] == "none" and stop[0] != "MAIN":
            unseen.append(stop[3])
    equal(unseen, [], f"each of {stops} stops of the Tab key shows where it is")
    small = page.evaluate("""() => [...document.querySelectorAll('button, input, select, nav a')].filter(e =>
        e.offsetParent && (r => r.height < 24 || r.width < 24)(e.getBoundingClientRect())).map(e => e.outerHTML.slice(0, 80))""")
    equal(small, [], "nothing to press is smaller than 24 pixels")


def baskets_of_arrival(page):
    return page.locator("[aria-labelledby=h-tasks] li", has_text="basket-in-the-room")


def today_shows(system, what):
    """what(page) of today's page, when it was asked for anew"""
    return (system.page.goto(system.url), what(system.page))[1]


def told(system, guest):
    return [(n["kind"], n["to"]) for n in system.notices.objects(action="basket-in-the-room",
                                                                customer=guest)]


def arrival(system):
    """scene 1 whole: booked before, a task at arrival, reminded, escalated, done; or cancelled"""
    system.notices, system.ends = topics.Reader(system, "notices"), topics.Reader(system, "ends")
    arrives = time.time() + 20
    begins, ends = shop.now_text(20), shop.now_text(20 + 5 * 86400)
    system.shop.publish(*[shop.event("order.placed", guest, order=shop.order(
        3000 + n, amount="480.00", starts_at=begins, ends_at=ends))
        for n, (guest, *_) in enumerate(GUESTS)])
    time.sleep(8)
    equal(today_shows(system, lambda page: baskets_of_arrival(page).count()), 0,
          "who has booked is nobody's task before they arrive")
    eventually(lambda: today_shows(system, lambda page: baskets_of_arrival(page).count()) == 4,
               "when they arrive there is a basket for each", 60)
    check(time.time() >= arrives, "and not before")
    of = {guest: baskets_of_arrival(system.page).filter(has_text=name) for guest, name, *_ in GUESTS}
    system.shop.publish(shop.event("order.cancelled", "zoe", order={"id": "3002"}))
    eventually(lambda: today_shows(system, lambda _: of["zoe"].count()) == 0,
               "one who cancels gets none: it leaves the page", 30)
    system.page.goto(system.url)
    of["bea"].get_by_role("button", name="I take it").click()
    eventually(lambda: ("reminder", "guest-relations") in told(system, "ann"),
               "the team is reminded of those that nobody has taken", 60)
    eventually(lambda: ("escalation", "house-manager") in told(system, "ann"),
               "and when nobody takes them their lead hears of it", 90)
    equal([told(system, guest) for guest in ("zoe", "bea")][0], [], "but not of the cancelled one")
    equal([n for n in told(system, "bea") if n[0] == "escalation"], [], "nor of the one that is taken")
    escalated = "section[aria-labelledby=h-escalated]"
    eventually(lambda: today_shows(system, lambda page: page.locator(escalated).get_by_text(
        "Ann Other").count()), "the page says what was escalated", 30)
    eventually(lambda: today_shows(system, lambda _: of["tom"].get_by_text("Late", exact=True).count()),
               "and what is overdue", 120)
    of["ann"].get_by_role("button", name="I take it").click()
    eventually(lambda: today_shows(system, lambda _: of["ann"].get_by_text("You have it").count()),
               "she takes it at last", 30)
    of["ann"].get_by_label("What came of it").fill("in room 12, with a card")
    of["ann"].get_by_role("button", name="Done").click()
    eventually(lambda: today_shows(system, lambda _: of["ann"].count()) == 0, "and does it", 30)
    equal([(e["status"], e.get("by"), e.get("result")) for e in system.ends.objects(
        customer="ann", action="basket-in-the-room")],
        [("done", "maria@harbour.example", "in room 12, with a card")], "its one end")
    equal([(e["status"], e.get("reason")) for e in system.ends.objects(
        customer="zoe", action="basket-in-the-room")], [("cancelled", "order.cancelled")],
        "and that of the one that was cancelled")
    system.page.locator("#find").fill("020 7946 0244")
    system.page.locator("#find").press("Enter")
    system.page.get_by_role("link", name="Zoë Brontë").click()
    check(system.page.get_by_text("Task not needed any more: basket-in-the-room").count(),
          "which her page shows as well", system.page.locator("main").inner_text())


def no_script(system):
    """the same without any script"""
    page = fresh(system, java_script_enabled=False)
    page.context.add_cookies(system.page.context.cookies())
    page.goto(system.person)
    page.get_by_label("What was said, or is to be remembered").fill("without a script")
    page.get_by_role("button", name="Save the note").click()
    check(page.get_by_text("The note is saved").is_visible(), "a note")
    check(page.get_by_role("button", name="Keyboard").count() == 0, "no button that would do nothing")
    page.context.close()


def hostile(system):
    """what people write runs nowhere"""
    system.shop.publish(
        shop.event("order.placed", shop.person("mallory", name=HOSTILE, address=HOSTILE),
                   order=shop.order(HOSTILE)),
        shop.event("feedback.received", "mallory", feedback={"score": 1, "comment": HOSTILE}))
    page = system.page
    eventually(lambda: (page.goto(system.url + "/?all=1"), page.get_by_role(
        "link", name=HOSTILE).count())[1], "it is on the page", 60)
    page.get_by_role("link", name=HOSTILE).first.click()
    check(page.get_by_role("heading", name=HOSTILE).is_visible(), "as text")
    page.locator("#find").fill(HOSTILE)
    page.locator("#find").press("Enter")
    equal(system.ran, [], "nothing of it ran")
    equal([s for s in system.said if "Content Security" in s], [], "nor was anything of it kept from running")


def pages_of(system):
    return {"today": "/?all=1", "person": urllib.parse.urlparse(system.person).path,
            "people": "/people", "programmes": "/programmes", "voices": "/voices"}


def look(system, page, name, mode):
    with open(glob.glob("tests/axe/node_modules/axe-core/axe.min.js")[0]) as file:
        page.evaluate(file.read())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    found = page.evaluate("async tags => (await axe.run(document, {runOnly: tags})).violations.map("
                          "v => v.id + ': ' + v.nodes[0].html.slice(0, 120))", TAGS)
    equal(found, [], f"{name}, {mode}: axe-core finds nothing")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    check(wide <= 0, f"{name}, {mode}: it fits", f"{wide} pixels too wide")


WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
MODES = {"light": ("en", {"viewport": WIDE}), "dark": ("en", {"viewport": WIDE, "color_scheme": "dark"}),
         "narrow": ("en", {"viewport": NARROW}), "german": ("de", {"viewport": WIDE}),
         "narrow and dark in German": ("de", {"viewport": NARROW, "color_scheme": "dark"})}
PICTURED = ("today", "person", "programmes")


def picture(page, name, mode):
    size = page.viewport_size
    os.makedirs("docs/pictures", exist_ok=True)
    page.screenshot(path=f"docs/pictures/console-{name}-{mode}.png", full_page=True,
                    clip={"x": 0, "y": 0, "width": size["width"],
                          "height": 1400 if size == NARROW else 1000})


def in_language(path, language):
    return path + ("&" if "?" in path else "?") + f"lang={language}"


def press(page, value, instead_of=None):
    """The button of that value, also one that the page does not show."""
    page.evaluate("""([value, instead]) => {
        document.querySelectorAll('details').forEach(d => { d.open = true; });
        const button = document.querySelector(`button[value="${instead || value}"]`);
        button.value = value; button.form.noValidate = true; }""", [value, instead_of])
    page.locator(f'button[value="{value}"]').first.click()


def by_boss(system, page, mode):
    """what only an admin gets to see, up to the question whether it is meant"""
    path = urllib.parse.urlparse(system.boss_person).path
    page.goto(system.url + path)
    page.locator("#into").evaluate("field => { field.closest('details').open = true; }")
    page.locator("#into").fill("tom@customers.example")
    press(page, "merge")
    check(page.locator('button[value="merge-yes"]').count(), f"merge, {mode}: it asks first")
    look(system, page, "merge", mode)
    page.goto(system.url + path)
    press(page, "erase")
    check(page.locator('button[value="erase-yes"]').count(), f"erase, {mode}: it asks first")
    look(system, page, "erase", mode)


def refusals(system, page, mode):
    """what is said to who asks for what is not there, or may not be"""
    page.goto(system.url + "/people/none")
    look(system, page, "unknown", mode)
    for name, value in (("refused", "erase"), ("unreadable", "nonsense")):
        page.goto(system.person)
        press(page, value, instead_of="note")
        look(system, page, name, mode)
    page.set_content(f'<form method="post" action="{system.url}/people"><button>x</button></form>')
    page.locator("button").click()
    page.wait_for_load_state()
    look(system, page, "outside", mode)


def strangers(system, page, language, mode):
    """what is there for who is not signed in"""
    page.goto(system.url + in_language("/sign-in", language))
    look(system, page, "sign-in", mode)
    page.locator("input[name=address]").fill("nobody@elsewhere.example")
    page.locator("form button[type=submit]").last.click()
    page.wait_for_load_state()
    look(system, page, "sign-in-sent", mode)
    page.goto(system.url + "/sign-in/made-up")
    look(system, page, "sign-in-link", mode)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_load_state()
    look(system, page, "sign-in-stale", mode)


def looks(system):
    """every page, light, dark, and 320 pixels wide, in English and German"""
    cookies = system.page.context.cookies()
    boss = fresh(system, viewport=WIDE)
    sign_in(system, boss, "boss@harbour.example")
    boss.locator("#find").fill("020 7946 0018")
    boss.locator("#find").press("Enter")
    boss.get_by_role("link", name="Ann Other").click()
    system.boss_person = boss.url
    for mode, (language, how) in MODES.items():
        page = fresh(system, bypass_csp=True, **how)
        page.context.add_cookies(cookies)
        for name, path in pages_of(system).items():
            page.goto(system.url + in_language(path, language))
            if PICTURES and name in PICTURED and " " not in mode:
                picture(page, name, mode)
            look(system, page, name, mode)
        refusals(system, page, mode)
        page.context.clear_cookies()
        page.context.add_cookies(boss.context.cookies())
        page.goto(system.url + in_language("/", language))
        by_boss(system, page, mode)
        page.context.clear_cookies()
        strangers(system, page, language, mode)
        page.context.close()
    boss.context.close()


if __name__ == "__main__":
    sys.argv = [a for a in sys.argv if a != "--pictures"]
    with sync_playwright() as play:
        def setup(system):
            system.ran, system.said = [], []
            system.browser = play.chromium.launch(executable_path=os.environ["BROWSER"],
                                                  args=["--no-sandbox"])
        story.tell(__doc__, "console.yaml", [started, basket, caller, note, keyboard, no_script,
                                             arrival, looks, hostile], setup=setup)
