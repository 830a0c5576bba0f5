"""What reached the mail server, judged by brute force and with nothing of Nurture's own.

Pure: mails and what was told go in, sentences come out.  An inbox is what two spellings of an
address have in common (identity_people.plain), whatever ids lie behind it.
"""
import collections
import re

import identity_people

# granted_ms: when the arbiter let it go, which it says on the topic that the mail came by.
Mail = collections.namedtuple("Mail", "received_ms intended_s inbox message_class message_id granted_ms")
Cap = collections.namedtuple("Cap", "name limit window_s classes")
# Something that holds for an inbox from an instant on: no mail of these classes.
Bound = collections.namedtuple("Bound", "inbox classes acked_ms fence_ms why")
# What is granted from that instant on is granted by somebody who knows what both inboxes heard.
United = collections.namedtuple("United", "inboxes fence_ms")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Until then a mail's own second is asked; a longer window ends after the test.
SHORT_S = 3600


def caps_of(policy):
    """The caps of a policy file that has each in one line."""
    with open(policy, encoding="utf-8") as file:
        text = file.read()
    found = []
    for name, rest, classes in re.findall(r"- \{name: (\S+), (.*), classes: \[(.*)\]\}", text):
        words = dict(pair.split(": ") for pair in rest.split(", "))
        window = words.get("per") or words["min_gap"]
        found.append(Cap(name, int(words.get("limit", 1)), int(window[:-1]) * SECONDS[window[-1]],
                         frozenset(classes.split(", "))))
    if not found:
        raise AssertionError(f"{policy} has no caps")
    return found


def instant(mail, cap):
    """When a mail counts: a mail names its intent by the second, the server when it came."""
    return mail.intended_s if cap.window_s < SHORT_S else mail.received_ms / 1000


def beyond(mails, cap, since_ms=0):
    """The mails after since_ms that were too many in the window that each of them ends."""
    counted = [mail for mail in mails if mail.message_class in cap.classes]
    counted.sort(key=lambda mail: instant(mail, cap))
    # Of two whole seconds each may be nearly one off.
    window = cap.window_s - (1 if cap.window_s < SHORT_S else 0)
    found, window_of = [], collections.deque()
    for mail in counted:
        now = instant(mail, cap)
        while window_of and window_of[0] <= now - window:
            window_of.popleft()
        window_of.append(now)
        if len(window_of) > cap.limit and mail.received_ms > since_ms:
            found.append(mail)
    return found


def granted_beyond(mails, cap, since_ms):
    """The mails granted after since_ms that were too many in the window that their grant ends.

    What was granted before may come later, and beside what was granted to the other id: nobody knew
    then that the two are one person.
    """
    counted = sorted(mail.granted_ms for mail in mails if mail.message_class in cap.classes)
    return [granted for at, granted in enumerate(counted)
            if granted > since_ms
            and at >= cap.limit and counted[at - cap.limit] > granted - cap.window_s * 1000]


def by_inbox(mails):
    found = collections.defaultdict(list)
    for mail in mails:
        found[mail.inbox].append(mail)
    return found


def caps(mails, rules):
    """{cap's name: {inbox: mails too many}}"""
    return {cap.name: {inbox: many for inbox, each in mails.items() if (many := beyond(each, cap))}
            for cap in rules}


def caps_of_united(mails, rules, united):
    """The same of the people that were merged from two inboxes, of what was granted since then."""
    found = {cap.name: {} for cap in rules}
    for each in united:
        both = [mail for inbox in each.inboxes for mail in mails.get(inbox, ())]
        for cap in rules:
            if many := granted_beyond(both, cap, each.fence_ms):
                found[cap.name][each.inboxes] = many
    return found


def bound(mails, words):
    """([(word, mail that came after all), ...], [milliseconds for which a word did not bind yet])"""
    broken, late = [], []
    for word in words:
        for mail in mails.get(word.inbox, ()):
            if mail.message_class not in word.classes or mail.received_ms <= word.acked_ms:
                continue
            if mail.received_ms > word.fence_ms:
                broken.append((word, mail))
            else:
                late.append(mail.received_ms - word.acked_ms)
    return broken, late


def twice(mails):
    """Mails that came more than once: {Message-ID: times}"""
    count = collections.Counter(mail.message_id for mail in mails)
    return {each: times for each, times in count.items() if times > 1}


def ends(requests, terminal):
    """(requests without an end, requests with several); terminal counts the ends of each."""
    return ([each for each in requests if not terminal[each]],
            [each for each, times in terminal.items() if times > 1])


def wakes_up():
    """Each judgement of a made-up history that is right, and of ones with one thing wrong."""
    def mail(at_s, kind="care", inbox="p", number=0, granted_s=None):
        return Mail(at_s * 1000, at_s, inbox, kind, f"{inbox}-{at_s}-{number}",
                    (granted_s or at_s) * 1000)

    day = Cap("day", 3, 86400, frozenset(["care", "promotion"]))
    gap = Cap("gap", 1, 5, frozenset(["care", "promotion"]))
    kept = [mail(100), mail(105, "promotion"), mail(107, "transactional"), mail(110)]
    broken = [*kept, mail(114)]
    close = [mail(100), mail(103, "promotion")]
    word = Bound("p", ("promotion",), 101_000, 106_000, "no")
    return [
        (caps(by_inbox(kept), [day, gap]), {"day": {}, "gap": {}}, "what is kept is no finding"),
        (caps(by_inbox(broken), [day]), {"day": {"p": [broken[-1]]}}, "a fourth of a day is one"),
        (caps(by_inbox(close), [gap]), {"gap": {"p": [close[-1]]}}, "and two within a gap"),
        (bound(by_inbox(kept), [word]), ([], [4000]), "before the fence it is late"),
        (bound(by_inbox([mail(107, "promotion")]), [word]),
         ([(word, mail(107, "promotion"))], []), "and broken after it"),
        (bound(by_inbox([mail(107)]), [word]), ([], []), "another class is free"),
        (caps_of_united(by_inbox([*kept, mail(120, inbox="q")]), [day],
                        [United(("p", "q"), 115_000)]),
         {"day": {("p", "q"): [120_000]}}, "two inboxes of one person count together"),
        (caps_of_united(by_inbox([mail(120), mail(121, inbox="q")]), [gap],
                        [United(("p", "q"), 115_000)]),
         {"gap": {("p", "q"): [121_000]}}, "and so do two in a gap"),
        (caps_of_united(by_inbox([mail(120), mail(121, inbox="q", granted_s=114)]), [gap],
                        [United(("p", "q"), 115_000)]), {"gap": {}},
         "but not one that was under way"),
        (caps_of_united(by_inbox([*kept, mail(120, inbox="q")]), [day],
                        [United(("p", "q"), 125_000)]), {"day": {}}, "from the merge on"),
        (twice([mail(1), mail(1), mail(2)]), {"p-1-0": 2}, "a mail that came twice is seen"),
        (ends(["r", "s", "t"], collections.Counter(r=1, t=2)), (["s"], ["t"]),
         "no end and two ends are seen"),
        (identity_people.plain("P1@B\u00dcCHER.example"), "p1@xn--bcher-kva.example",
         "spellings of one inbox are one"),
    ]
