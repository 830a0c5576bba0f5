#!/usr/bin/env python3
"""Inboxes with several accounts, spellings, guests and merges, while services are being killed.

usage: identity.py [BUILD] [--people N] [--kills N] [--seed N] [--rate N] [--libs DIR] [--keep]
make test-identity PEOPLE=100000 KILLS=20; with 2,000 people and 3 kills under three minutes

A made-up shop (e2e/identity_people.py) tells everything over HTTP, by the wall clock.  Now and
then comes a fence: mails over all partitions that were asked for after all of that and came.
The mails that reached the server are judged by brute force (e2e/identity_judge.py): no inbox
over a cap, whatever ids lie behind it, nobody who was merged over one, no mail after a no that
was acknowledged before a fence, none to an inbox that was left, none twice, and one end for
each request.
"""
import argparse
import collections
import concurrent.futures
import http.client
import itertools
import json
import os
import random
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))

import email.utils  # noqa: E402

import identity_judge as judge  # noqa: E402
import identity_people as people  # noqa: E402
import pages  # noqa: E402
import parts  # noqa: E402
import protobuf_reader  # noqa: E402
import shop  # noqa: E402
import story  # noqa: E402
import topics  # noqa: E402
from story import check, equal, eventually  # noqa: E402

POLICY = "identity.yaml"
IN_TURN = ["scheduler", "email-sender", "segmenter", "review-solicitor", "ingest"]
BATCH, FENCE_MAILS, PATIENCE_S = 200, 150, 300
EVENTS_TO_A_FENCE = 4000
CONNECTIONS, PARTITIONS = 8, 6  # of a sender that is told nothing else; of a topic
AUDIT_LATE = "60s"  # a kill may hold a word up, and not the mails
HEAD_BYTES = 2000  # of a mail: more than its headers


def now_ms():
    return time.time() * 1000


class Supervisor(threading.Thread):
    """Starts again whatever ended, also while the test waits."""

    def __init__(self, system):
        super().__init__(daemon=True)
        self.system, self.over, self.wrong = system, threading.Event(), None
        self.start()

    def run(self):
        while not self.over.wait(0.1):
            try:
                self.system.watch()
            except SystemExit as error:
                self.wrong = str(error)
                return


class Accidents:
    """Kills, one service after the other, at moments that are spread over all events."""

    def __init__(self, system, kills, events, seed):
        dice = random.Random(seed)
        self.system, self.done = system, 0
        self.moments = sorted(dice.sample(range(events), kills))
        self.services = itertools.cycle(IN_TURN)

    def happen(self, told):
        while self.moments and self.moments[0] <= told:
            self.moments.pop(0)
            name = next(self.services)
            self.system.started[name].kill()
            self.done += 1


class Door:
    """Publishes to ingest, which may die at any moment: until all of a batch is taken."""

    def __init__(self, ingest):
        self.port, self.connection = ingest.port, None

    def attempt(self, body):
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request("POST", "/v1/events", body, {
                "Content-Type": "application/json", "Authorization": f"Bearer {shop.TOKEN}"})
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return False
        if answer.status == 202:
            return all(each["status"] == "accepted" for each in json.loads(text))
        if answer.status < 500 and answer.status != 429:
            raise AssertionError(f"ingest said {answer.status} {text[:300]}")
        return False

    def publish(self, events):
        """Returns when the last of it was acknowledged."""
        body = f"[{','.join(events)}]".replace(people.NOW, shop.now_text()).encode()
        until = time.time() + PATIENCE_S
        while not self.attempt(body):
            if time.time() > until:
                raise AssertionError(f"ingest does not take a batch within {PATIENCE_S} s")
            time.sleep(0.1)
        return now_ms()


class Caught:
    """What the mail server has so far; reads on where it stopped."""

    def __init__(self, catcher):
        self.catcher, self.at, self.rest = catcher, 0, ""
        self.mails, self.links, self.fences = [], {}, collections.Counter()

    def read(self):
        with open(self.catcher.index, encoding="utf-8") as index:
            index.seek(self.at)
            text = self.rest + index.read()
            self.at = index.tell()
        *lines, self.rest = text.split("\n")
        with open(f"{self.catcher.folder}/mails.mbox", "rb") as box:
            for line in lines:
                entry = json.loads(line)
                box.seek(entry["offset"])
                self.take(entry, box.read(min(entry["bytes"], HEAD_BYTES)))
        return self

    def take(self, entry, head):
        headers = dict(line.split(": ", 1) for line in
                       head.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
                       if ": " in line and line[0] not in " \t")
        inbox = people.plain(entry["to"])
        if inbox.startswith("fence-"):
            self.fences[inbox.partition("@")[0].rpartition("-")[0]] += 1
            return
        intended = email.utils.parsedate_to_datetime(headers["Date"]).timestamp()
        message_class = headers["Feedback-ID"].split(":")[1]
        self.mails.append(judge.Mail(entry["received_at"], intended, inbox, message_class,
                                     entry["message_id"], None))
        if "List-Unsubscribe" in headers:
            self.links[inbox] = (headers["List-Unsubscribe"].strip("<>"), message_class)


class Run:
    """The system, and what was told and acknowledged so far."""

    def __init__(self, system, options):
        self.system, self.story = system, people.Story(options.people, options.seed)
        system.started = system.run_all("ingest", *parts.STATEFUL)
        self.supervisor = Supervisor(system)
        self.accidents = Accidents(system, options.kills, self.story.count()["events"],
                                   options.seed)
        self.door, self.caught = Door(system.started["ingest"]), Caught(system.catcher)
        # Instants of fences, and which of them was the last of each round; what was said, with the
        # number of fences before it.
        self.told, self.fence_ms, self.last_fence, self.words = 0, [], [], []
        self.rate = options.rate

    def tell(self, when):
        """All events of a round, no faster than the services decide them: they must not expire."""
        events = self.story.rounds[when]
        for at in range(0, len(events), BATCH):
            batch, begun = events[at:at + BATCH], time.time()
            acked = self.door.publish([event for event, _ in batch])
            self.words += [(len(self.fence_ms), acked, said) for _, said in batch if said]
            self.told += len(batch)
            self.accidents.happen(self.told)
            if self.supervisor.wrong:
                raise AssertionError(self.supervisor.wrong)
            if (at + BATCH) % EVENTS_TO_A_FENCE == 0:
                self.fence()
            time.sleep(max(0, begun + BATCH / self.rate - time.time()))

    def click(self, said):
        """The button of a mail program; (acknowledged, what it ends) or None without a mail."""
        link, message_class = self.caught.links.get(said.inbox, (None, None))
        if not link:
            return None
        url = link.replace("http://127.0.0.1:8084", self.system.started["review-solicitor"].url, 1)
        until = time.time() + PATIENCE_S
        while time.time() < until:
            try:
                if pages.send(url, "List-Unsubscribe=One-Click").status == 200:
                    # The link is of whichever account the mail was to.
                    return now_ms(), said._replace(classes=(message_class,), account=None)
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"a click is not taken within {PATIENCE_S} s")

    def click_all(self, when):
        fences = len(self.fence_ms)
        self.caught.read()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            done = [each for each in pool.map(self.click, self.story.clicks[when]) if each]
        self.words += [(fences, acked, said) for acked, said in done]

    def fence(self):
        """Mails that need no consent, to inboxes of their own, over all partitions."""
        who = f"fence-{len(self.fence_ms)}"
        self.door.publish([json.dumps(shop.event(
            "order.shipped", shop.person(f"{who}-{n}"), order=shop.order(f"{who}-{n}")))
            for n in range(FENCE_MAILS)])
        until = time.time() + PATIENCE_S
        while self.caught.read().fences[who] < FENCE_MAILS:
            if time.time() > until:
                raise AssertionError(f"{self.caught.fences[who]} of {FENCE_MAILS} mails of the "
                                     f"fence came within {PATIENCE_S} s")
            time.sleep(0.2)
        self.fence_ms.append(now_ms())

    def round(self, when):
        begun = time.time()
        if self.story.clicks[when]:
            self.click_all(when)
        self.tell(when)
        self.fence()
        eventually(lambda: not parts.handovers_behind(self.system),
                   "what was handed over before the fence has arrived", PATIENCE_S,
                   lambda: parts.handovers_behind(self.system))
        self.last_fence.append(now_ms())
        print(f"        round {when + 1}: {len(self.story.rounds[when])} events, "
              f"{len(self.caught.mails)} mails so far, {self.accidents.done} kills, "
              f"{time.time() - begun:.1f} s", flush=True)


class Long(topics.Reader):
    """A topic of which not every record is kept."""

    def __init__(self, system, name):
        super().__init__(system, name)
        self.taken = 0

    def take(self, message):
        self.taken += 1
        if message.value() is not None:
            self.note(message)


def read_all(*readers):
    """Until nothing more comes: of a long topic, on a busy machine, an answer takes a while."""
    silent = 0
    while silent < 3:
        before = sum(each.taken for each in readers)
        for each in readers:
            each.read(3)
        silent = silent + 1 if sum(each.taken for each in readers) == before else 0


class Ends(Long):
    """Counts the ends of each request, and keeps nothing else."""

    def __init__(self, system):
        super().__init__(system, "outcomes")
        self.terminal, self.words = collections.Counter(), collections.Counter()

    def note(self, message):
        outcome = json.loads(message.value())
        if outcome["status"] != "deferred":
            self.terminal[outcome["request"]] += 1
            self.words[outcome["status"]] += 1


class Requests(Long):
    """The ids of all requests on a topic."""

    def __init__(self, system, name):
        super().__init__(system, name)
        self.ids = set()

    def note(self, message):
        found = protobuf_reader.get(message.value(), 2)
        if found:
            self.ids.add(protobuf_reader.get(found, 1).decode())


class Grants(Long):
    """When each mail was granted, by its id."""

    def __init__(self, system):
        super().__init__(system, "dispatch")
        self.granted_ms = {}

    def note(self, message):
        dispatch = protobuf_reader.get(message.value(), 2)
        if dispatch:
            self.granted_ms[protobuf_reader.get(dispatch, 1).decode()] = \
                protobuf_reader.get(dispatch, 6)


def wait_for_the_end(run):
    """every request has one end"""
    outcomes = Ends(run.system)
    requests = [Requests(run.system, name) for name in ("requests", "asks")]
    until = time.time() + PATIENCE_S
    while True:
        read_all(*requests, outcomes)
        ids = requests[0].ids | requests[1].ids
        none, several = judge.ends(ids, outcomes.terminal)
        if not none or time.time() > until:
            break
        time.sleep(1)
    check(len(ids) > 0, f"{len(ids)} requests; their ends: {dict(outcomes.words)}")
    equal((len(none), len(several)), (0, 0), "none without an end, none with two")
    stray = set(outcomes.terminal) - ids
    equal(len(stray), 0, "and no end of what nobody asked for")
    run.in_doubt = outcomes.words["in_doubt"]


def shown(inbox, mails):
    return f"{inbox}: " + ", ".join(f"{m.message_class} {m.received_ms / 1000:.1f}" for m in mails)


def mail_id(mail):
    """<ID@domain>"""
    return mail.message_id.strip("<>").partition("@")[0]


def judge_caps(run):
    """no inbox, and nobody, over a cap"""
    run.caught.read()
    grants = Grants(run.system)
    read_all(grants)
    run.caught.mails = [mail._replace(granted_ms=grants.granted_ms[mail_id(mail)])
                        for mail in run.caught.mails]
    mails = judge.by_inbox(run.caught.mails)
    rules = judge.caps_of(parts.policy(POLICY))
    alone = {house.inbox for house in run.story.households if house.kind == "one"}
    many = sum(len(each) > 1 for each in mails.values())
    check(many > len(mails) / 10, f"{len(run.caught.mails)} mails to {len(mails)} inboxes, "
          f"{many} of them with several")
    for name, broken in judge.caps(mails, rules).items():
        worst = sorted(broken, key=lambda inbox: -len(broken[inbox]))[:2]
        check(not broken, f"cap {name}: 0 inboxes over it",
              f"{len(broken)} inboxes, {sum(map(len, broken.values()))} mails too many, "
              f"{len(alone & set(broken))} inboxes of them with one account; "
              + "; ".join(shown(inbox, mails[inbox]) for inbox in worst))
    united = [judge.United((house.address("-old"), house.inbox),
                           run.last_fence[house.merges[0][0]])
              for house in run.story.households if house.kind == "two inboxes"]
    for name, broken in judge.caps_of_united(mails, rules, united).items():
        check(not broken, f"cap {name}: nobody of {len(united)} with two inboxes over it after the "
              "merge", f"{len(broken)} people, as {list(broken.items())[:2]}")


def all_words(run):
    """What was said, and where it binds: [(Bound, what kind), ...]"""
    for fences, acked, said in run.words:
        yield judge.Bound(said.inbox, said.classes, acked, run.fence_ms[fences], said.kind)
    houses = {house.inbox: house for house in run.story.households}
    houses |= {h.address("-old"): h for h in run.story.households if h.kind == "two inboxes"}
    for fences, _, said in run.words:
        house = houses.get(said.inbox)
        # What was said of the person, not of the mailbox, holds where the person goes on.
        if house and house.kind == "two inboxes" and said.kind != "bounce":
            fence = max(run.fence_ms[fences], run.last_fence[house.merges[0][0]])
            yield judge.Bound(house.inbox, said.classes, fence, fence, f"{said.kind}, then merged")
    for house in run.story.households:
        if house.kind in ("erased", "merged erased"):
            # Whoever comes back echoes an old yes, which gives nothing to a new person.
            fence = run.last_fence[house.erased[0]]
            yield judge.Bound(house.inbox, people.CONSENTED, fence, fence, "forgotten")
        left = house.moves
        if house.kind == "two inboxes":
            # Of two accounts' addresses the newest that was told goes on.
            when, *both = house.merges[0]
            old, new = (max((told for told in house.told[each] if told < when), default=-1)
                        for each in both)
            left = when if new > old else None
        if left is not None:
            inbox = house.address("-old") if house.kind == "two inboxes" else house.inbox
            yield judge.Bound(inbox, people.EVERY_CLASS, run.last_fence[left],
                              run.last_fence[left], "left")


def judge_words(run):
    """every no binds, whoever of the inbox said it"""
    mails, kinds = judge.by_inbox(run.caught.mails), collections.defaultdict(list)
    alone = {house.inbox for house in run.story.households if house.kind == "one"}
    for word in all_words(run):
        kinds[word.why].append(word)
    for why, words in sorted(kinds.items()):
        broken, late = judge.bound(mails, words)
        between = (f"; {len(late)} mails came between the word and the fence, half within "
                   f"{statistics.median(late) / 1000:.1f} s, all within {max(late) / 1000:.1f} s"
                   if late else "")
        check(not broken, f"{why}: 0 mails to {len(words)} inboxes{between}",
              f"{len(broken)} mails, {sum(w.inbox in alone for w, _ in broken)} of them to "
              "inboxes with one account, as "
              + "; ".join(f"{m.message_class} to {w.inbox} {(m.received_ms - w.acked_ms) / 1000:.1f}"
                          " s after it" for w, m in broken[:2]))


def judge_others(run):
    """and nobody is silent for it who said nothing"""
    mails = judge.by_inbox(run.caught.mails)
    beside = {house.inbox: run.last_fence[house.erased[0]] for house in run.story.households
              if house.kind == "family erased" and not house.sayings
              and max(house.told[house.accounts[1]], default=-1) > house.erased[0]}
    heard = [inbox for inbox, fence in beside.items()
             if any(mail.received_ms > fence for mail in mails.get(inbox, ()))]
    check(len(heard) > len(beside) / 2, f"{len(heard)} of {len(beside)} inboxes hear more after one of "
          "two accounts was forgotten, and the other one ordered")
    placeholder = run.story.households[-1]
    check(mails.get(placeholder.inbox), f"an address with {len(placeholder.accounts)} accounts got "
          f"{len(mails.get(placeholder.inbox, ()))} mails")


def judge_by_audit(run):
    """and nurturectl audit finds nothing either"""
    code, text = run.system.ctl("audit", "--late", AUDIT_LATE, check=False)
    told = [line for line in text.splitlines() if line.startswith(("inboxes:", "ok:", "NOT ok:"))]
    check(code == 0 and "under several ids" in text, " ".join(told), f"exit {code}\n{text[:3000]}")


def judge_repeats(run):
    """no mail twice, no dead letter"""
    again = judge.twice(run.caught.mails)
    classes = {mail.message_id: mail.message_class for mail in run.caught.mails}
    kills = sum(s.exits.total() for s in run.system.services if s.name == "email-sender")
    # Whose answer a kill swallowed is sent again where a person needs it, under the same Message-ID.
    needed = {each for each in again if classes[each] == "transactional"}
    equal(sorted(set(again) - needed), [], "none of a class that needs consent came twice")
    check(len(needed) <= kills * CONNECTIONS,
          f"{len(needed)} of those that everybody gets did, after {kills} ends of the sender",
          needed)
    check(run.in_doubt <= kills * CONNECTIONS * PARTITIONS, f"{run.in_doubt} in doubt")
    equal(len(topics.Reader(run.system, "deadletter").read(1)), 0, "no dead letter")


def judge_is_awake():
    """the judge finds what is wrong, and nothing else"""
    for found, expected, what in judge.wakes_up():
        equal(found, expected, what)


def everything(options):
    system = parts.System(options.build, parts.policy(POLICY), "wall", libs=options.libs)
    run = Run(system, options)
    print("        " + ", ".join(f"{n} {what}" for what, n in run.story.count().items()),
          flush=True)
    for when in range(people.ROUNDS):
        story.run(f"round {when + 1} of {people.ROUNDS}", run.round, when)
    equal(run.accidents.done, options.kills, "all kills happened")
    for part in (wait_for_the_end, judge_caps, judge_words, judge_others, judge_by_audit, judge_repeats):
        story.run(story.title(part), part, run)
    print("        ends: " + ", ".join(f"{s.name} {dict(s.exits)}" for s in system.services))
    run.supervisor.over.set()
    run.supervisor.join()
    story.run("everything stops", lambda: system.stop(keep_files=True))
    if story.failed or options.keep:
        print(f"files: {system.folder}")
    else:
        system.forget()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", nargs="?", default=os.environ.get("BUILD", "build"))
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=int, default=800, help="events a second, at most")
    parser.add_argument("--libs", help="directory of the broker's jars")
    parser.add_argument("--keep", action="store_true", help="keep the logs when all is well, too")
    options = parser.parse_args()
    begun = time.time()
    story.run(story.title(judge_is_awake), judge_is_awake)
    everything(options)
    print(f"after {time.time() - begun:.0f} s")
    print(f"{story.passed} passed, {story.failed} failed")
    sys.exit(1 if story.failed else 0)


if __name__ == "__main__":
    main()
