#!/usr/bin/env python3
"""People get the list of their tasks when their work begins: once, and only those who have some.

usage: desk_morning.py [BUILD] [--libs DIR] [--keep]

The working day of three people begins in two minutes. One has tasks, some of them overdue or
expired, one works for a team without any, and one has no address. The desk is killed meanwhile, and
the mail server is the catcher.
"""
import collections
import datetime
import os
import time

import icalendar
import mails
import parts
import shop
import story
import topics
from breaks import breaks
from story import check, equal, eventually

GUESTS = [f"g-{n}" for n in range(12)]


def policy(folder, begins):
    with open(f"{parts.ROOT}/tests/e2e/policies/desk.yaml", encoding="utf-8") as file:
        text = file.read()
    hours = ('{days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday], '
             f'time_zone: UTC, from: "{begins:%H:%M}", to: "00:00"}}')
    with open(f"{folder}/morning.yaml", "w", encoding="utf-8") as file:
        file.write(text + f"""
people:
  maria: {{mail: maria@harbour.example, teams: [house, garden], hours: {hours}}}
  boss: {{mail: boss@harbour.example, hours: {hours}}}
  john: {{teams: [house], hours: {hours}}}
""")
    return f"{folder}/morning.yaml"


def setup(system):
    now = datetime.datetime.now(datetime.UTC)
    system.begins = (now + datetime.timedelta(seconds=150)).replace(second=0, microsecond=0)
    system.environment["NURTURE_POLICY"] = policy(system.folder, system.begins)
    system.environment.setdefault("NURTURE_TOKEN_KEY", "a-key-of-more-than-16-bytes")
    system.environment["NURTURE_CONSOLE_URL"] = "https://console.harbour.example"
    system.environment["SMTP_URL"] = f"smtp://127.0.0.1:{system.catcher.smtp}"


def before(system):
    """before work nobody hears anything, while tasks are given out"""
    started = system.run_all("ingest", "segmenter", "scheduler", "desk")
    system.shop = shop.Shop(started["ingest"])
    system.ends = topics.Reader(system, "ends")
    # Baskets, which are open; and flowers, which expire after 20 seconds.
    system.shop.publish(
        *[shop.event("order.placed", shop.person(g), order=shop.order(g)) for g in GUESTS],
        *[shop.event("order.delivered", shop.person(g), order=shop.order(g)) for g in GUESTS[:3]])
    breaks(system, 8, ("desk",), 5)

    def expired():
        system.watch()
        return len(system.ends.objects(status="expired")) == 3
    eventually(expired, "three bunches of flowers are too late", 90)
    if datetime.datetime.now(datetime.UTC) < system.begins:
        equal(mails.index(system.catcher), [], "no mail before work begins")


def in_the_morning(system):
    """when work begins there is a mail for whoever has tasks"""
    desk = next(s for s in system.services if s.name == "desk")
    until = system.begins.timestamp() + 90
    while time.time() < until and not mails.index(system.catcher):
        system.watch()
        time.sleep(0.05)
    check(time.time() >= system.begins.timestamp(), "not before")
    desk.kill()  # what was sent is sent, and what was not comes from the next one
    system.watch()
    time.sleep(20)
    system.watch()
    found = collections.defaultdict(list)
    for mail in mails.read(system.catcher):
        found[mail.to].append(mail)
    equal(set(found), {"maria@harbour.example"},
          "for her alone: the boss has no task, and john no address")
    # At least once, and a repeat can be seen: the desk was killed just then.
    equal(len({mail.parsed["Message-ID"] for mail in found["maria@harbour.example"]}), 1,
          f"{len(found['maria@harbour.example'])} of one Message-ID")
    mail = found["maria@harbour.example"][0].parsed
    text = mail.get_payload(decode=True).decode()
    check(f"Tasks on {system.begins:%Y-%m-%d}" in mail["Subject"] and "3 expired" in
          mail["Subject"], "the subject counts them", mail["Subject"])
    equal({g for g in GUESTS if f"customer {g}  (house)" in text}, set(GUESTS),
          "each open basket is in it")
    equal(text.count("flowers"), 3, "and what was too late")
    check("gift-basket  G-0, customer g-0  (house)" in text, "who it is for", text)
    equal(text.count("https://console.harbour.example/tasks/"), len(GUESTS) + 3,
          "and where the console shows each")
    print("        " + text.replace("\n", "\n        "))


def calendars(system):
    """a team's calendar, for who has the address"""
    desk = next(s for s in system.services if s.name == "desk")
    _, path = system.ctl("tasks", "--calendar", "house")
    status, text, headers = shop.ask(desk.url + path.strip())
    equal((status, headers["Content-Type"]), (200, "text/calendar; charset=utf-8"), "it is one")
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    equal({str(event["SUMMARY"]) for event in events},
          {f"gift-basket for customer {g}" for g in GUESTS}, "an event for each open task")
    check(all(event["DTSTART"].dt > datetime.datetime.now(datetime.UTC) for event in events),
          "when it is due")
    equal(shop.ask(desk.url + path.strip().replace("house", "garden"))[0], 404,
          "its secret opens no other")
    equal(shop.ask(desk.url + "/tasks/house/.ics")[0], 404, "nor does none")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "desk.yaml", [before, in_the_morning, calendars], setup)
