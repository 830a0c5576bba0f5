"""A made-up shop whose people have one inbox for several accounts, and one person several inboxes.

Pure: of a number of people and a seed, always the same story in rounds.  Of an inbox it has
- its accounts: one, a family's two or three, a guest beside an account, an account that was
  merged into another one (of the same inbox, in chains, or of another inbox), one that moves away;
- orders under any of them, with the address spelt as the shop's form took it, each echoing a
  consent that may have been taken back long ago;
- perhaps a no: the button of a mail program, the account page, a complaint, a bounce.
"""
import collections
import hashlib
import json
import random

ROUNDS = 5
NOW = "@now"  # stands for the time at which it is told
CONSENTED = ("care", "feedback", "promotion")
EVERY_CLASS = ("transactional", *CONSENTED)
# Who lives where, in hundredths; the rest has one inbox and one account.
KINDS = {"family": 12, "big family": 4, "guest": 6, "guest merged": 6, "chain": 2,
         "two inboxes": 5, "moves": 2}
# What is said by 18 in a hundred inboxes, and which classes it ends.
WORDS = {"one click": None, "account page": ("promotion",), "leaves": CONSENTED,
         "complaint": CONSENTED, "bounce": EVERY_CLASS}
DOMAINS = (("customers.example", "customers.example"), ("mail.example", "mail.example"),
           ("bücher.example", "xn--bcher-kva.example"))

Said = collections.namedtuple("Said", "inbox account classes kind")


def plain(address):
    """One way to write an address: what makes two spellings one inbox."""
    local, _, host = address.strip().rpartition("@")
    for shown, ascii_name in DOMAINS:
        if host.lower() == shown:
            host = ascii_name
    return f"{local}@{host}".lower()


def guest_key(address):
    return "email:" + hashlib.sha256(plain(address).encode()).hexdigest()[:20]


class Household:
    """One inbox, or two that become one person's, and all that is told of its accounts."""

    def __init__(self, number, dice):
        self.number, self.dice = number, dice
        weights = [*KINDS.values(), 100 - sum(KINDS.values())]
        self.kind = dice.choices([*KINDS, "one"], weights)[0]
        self.host = dice.choices(DOMAINS, (6, 3, 1))[0]
        self.inbox = self.address()
        first = f"a{number}"
        self.accounts = {
            "family": [first, f"b{number}"], "big family": [first, f"b{number}", f"c{number}"],
            "guest": [first, guest_key(self.inbox)], "guest merged": [guest_key(self.inbox), first],
            "chain": [f"o{number}", f"m{number}", first], "two inboxes": [f"o{number}", first],
        }.get(self.kind, [first])
        # (round in which it is told, the id that ends, the id that goes on)
        self.merges = []
        if self.kind in ("guest merged", "chain", "two inboxes"):
            told = sorted(dice.choices(range(1, ROUNDS), k=len(self.accounts) - 1))
            pairs = list(zip(self.accounts, self.accounts[1:]))
            self.merges = [(when, *pair) for when, pair in zip(told, pairs)]
        self.moves = dice.randrange(1, ROUNDS) if self.kind == "moves" else None
        self.sayings = self.say() if dice.random() < 0.18 else []
        # Accounts, and the rounds in which they have told their address.
        self.told = {account: set() for account in self.accounts}
        self.told_orders = list(self.orders())

    def address(self, suffix=""):
        return f"p{self.number}{suffix}@{self.host[1]}"

    def home(self, account, when):
        """The inbox of an account in a round."""
        if self.kind == "two inboxes" and account.startswith("o"):
            return self.address("-old")
        if self.moves is not None and when >= self.moves:
            return self.address("-new")
        return self.inbox

    def spelt(self, inbox):
        """As somebody types it."""
        local, _, host = inbox.partition("@")
        host = self.dice.choice((host, host.title(), self.host[0], host.upper()))
        local = self.dice.choice((local, local, local.upper(), local.title()))
        # To a bounce another local part is another address, capitals and all: docs/bounces.md.
        bounces = any(kind == "bounce" for _, kind, _ in self.sayings)
        return (local.lower() if bounces else local) + "@" + host

    def person(self, account, when):
        told = {"id": account, "name": f"Ann {account[:1].upper()}", "consent": {"all": True}}
        # A later word of the old inbox would be a new address of whoever goes on.
        if self.kind != "two inboxes" or account == self.accounts[1] or when < self.merges[0][0]:
            told["email"] = self.spelt(self.home(account, when))
        return told

    def say(self):
        """Its no: when, how, under which account."""
        kind = self.dice.choice(list(WORDS))
        # Where an inbox changes hands or a person, only one of the two speaks: the truth stays clear.
        account = self.accounts[0] if self.kind == "two inboxes" else self.dice.choice(self.accounts)
        when = self.dice.randrange(1, ROUNDS - 1)
        if self.kind == "moves" and when >= self.moves:
            return []
        return [(when, kind, account)]

    def event(self, kind, account, when, number, **more):
        """As JSON: of 100,000 people all are kept."""
        return json.dumps({"id": f"{kind}-{self.number}-{number}", "type": kind, "time": NOW,
                           "customer": more.pop("customer", None) or self.person(account, when),
                           **more})

    def orders(self):
        """(round, event) of all orders: up to six, under any account."""
        count = 1
        while count < 6 and self.dice.random() < 0.55:
            count += 1
        for n in range(count):
            when, account = self.dice.randrange(ROUNDS), self.dice.choice(self.accounts)
            self.told[account].add(when)
            order = {"id": f"{self.number}-{n}", "amount": "20.00", "currency": "GBP",
                     "items": [{"sku": "T-1", "category": "tents", "quantity": 1}]}
            yield when, self.event("order.placed", account, when, n, order=order)
            if self.dice.random() < 0.3:
                yield when, self.event("order.shipped", account, when, n, order=order)
            if self.dice.random() < 0.4:
                later = self.dice.randrange(when, ROUNDS)
                yield later, self.event("order.delivered", account, later, n, order=order)

    def told_merges(self):
        for n, (when, old, new) in enumerate(self.merges):
            yield when, self.event("customer.merged", old, when, n, customer={"id": old},
                                   merge={"into": new})

    def told_words(self):
        """(round, event, Said) of what is said in events; a click needs a mail first."""
        for when, kind, account in self.sayings:
            inbox, classes, who = self.home(account, when), WORDS[kind], {"id": account}
            if min(self.told[account], default=when) >= when:
                who["email"] = inbox  # else nobody could know whose inbox it is
            if kind == "one click":
                made = None
            elif kind == "complaint":
                made = self.event("message.complained", account, when, 0, customer=who, message={})
            elif kind == "bounce":
                made = self.event("message.bounced", account, when, 0, customer=who,
                                  message={"kind": "hard", "email": inbox})
            else:
                who["consent"] = dict.fromkeys(classes, False)
                made = self.event("consent.changed", account, when, 0, customer=who,
                                  proof={"source": "account page", "at": NOW})
            yield when, made, Said(inbox, account, classes, kind)

    def told_move(self):
        if self.moves is not None:
            yield self.moves, self.event("customer.updated", self.accounts[0], self.moves, 0)


class Story:
    """Everything that is told, in rounds; within a round by chance."""

    def __init__(self, people, seed):
        dice = random.Random(seed)
        self.households = [Household(n, dice) for n in range(people)]
        self.rounds = [[] for _ in range(ROUNDS)]
        self.clicks = [[] for _ in range(ROUNDS)]
        for house in self.households:
            for when, event in (*house.told_orders, *house.told_merges(), *house.told_move()):
                self.rounds[when].append((event, None))
            for when, event, said in house.told_words():
                if event:
                    self.rounds[when].append((event, said))
                else:
                    self.clicks[when].append(said)
        for each in self.rounds:
            dice.shuffle(each)

    def count(self):
        kinds = collections.Counter(house.kind for house in self.households)
        return {"inboxes": sum(1 + (h.kind in ("two inboxes", "moves")) for h in self.households),
                "accounts": sum(len(h.accounts) for h in self.households),
                "merges": sum(len(h.merges) for h in self.households),
                "events": sum(map(len, self.rounds)), **kinds}
