"""A made-up shop whose people have one inbox for several accounts, and one person several inboxes.

Pure: of a number of people and a seed, always the same story in rounds.  Of an inbox it has
- its accounts: one, a family's two or three, a guest beside an account, an account that was
  merged into another one (of the same inbox, in chains, or of another inbox), one that moves away,
  one that asks to be forgotten (alone, beside others, after a merge under either id) and comes back;
- orders under any of them, with the address spelt as the shop's form took it, each echoing a
  consent that may have been taken back long ago;
- perhaps a no: the button of a mail program, the account page, a complaint, a bounce.
And one address stands in for none, behind which hundreds of accounts are.
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
         "two inboxes": 5, "moves": 2, "erased": 3, "family erased": 3, "merged erased": 2}
# Accounts behind the address that stands in for none, of so many people at most.
PLACEHOLDERS, PEOPLE_TO_A_PLACEHOLDER = 500, 6
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

    def __init__(self, number, dice, kind=None, many=0):
        self.number, self.dice, self.many = number, dice, many
        weights = [*KINDS.values(), 100 - sum(KINDS.values())]
        self.kind = kind or dice.choices([*KINDS, "one"], weights)[0]
        self.host = dice.choices(DOMAINS, (6, 3, 1))[0]
        self.inbox = self.address()
        self.accounts = self.named()
        # (round in which it is told, the id that ends, the id that goes on)
        self.merges = []
        if self.kind in ("guest merged", "chain", "two inboxes", "merged erased"):
            last = ROUNDS - (self.kind == "merged erased")
            told = sorted(dice.choices(range(1, last), k=len(self.accounts) - 1))
            pairs = list(zip(self.accounts, self.accounts[1:]))
            self.merges = [(when, *pair) for when, pair in zip(told, pairs)]
        self.moves = dice.randrange(1, ROUNDS) if self.kind == "moves" else None
        self.erased = self.asks_to_be_forgotten()
        self.sayings = self.say() if dice.random() < 0.18 else []
        # Accounts, and the rounds in which they have told their address.
        self.told = {account: set() for account in self.accounts}
        self.told_orders = list(self.orders())

    def named(self):
        """The ids of its accounts."""
        first, second, old = f"a{self.number}", f"b{self.number}", f"o{self.number}"
        guest = guest_key(self.inbox)
        return {
            "family": [first, second], "big family": [first, second, f"c{self.number}"],
            "guest": [first, guest], "guest merged": [guest, first],
            "chain": [old, f"m{self.number}", first], "two inboxes": [old, first],
            "family erased": [first, second], "merged erased": [guest, first],
            "placeholder": [f"x{self.number}-{n}" for n in range(self.many)],
        }.get(self.kind, [first])

    def asks_to_be_forgotten(self):
        """(round, under which id), or None; of merged ones after the merge."""
        if self.kind in ("erased", "family erased"):
            return self.dice.randrange(1, ROUNDS), self.accounts[0]
        if self.kind == "merged erased":
            return (self.dice.randrange(self.merges[0][0] + 1, ROUNDS),
                    self.dice.choice(self.accounts))
        return None

    def address(self, suffix=""):
        if self.kind == "placeholder":
            return f"no-email@{self.host[1]}"
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
        return local + "@" + host

    def person(self, account, when):
        told = {"id": account, "name": f"Ann {account[:1].upper()}", "consent": {"all": True}}
        # A later word of the old inbox would be a new address of whoever goes on.
        if self.kind != "two inboxes" or account == self.accounts[1] or when < self.merges[0][0]:
            told["email"] = self.spelt(self.home(account, when))
            self.told[account].add(when)
        return told

    def say(self):
        """Its no: when, how, under which account."""
        kind = self.dice.choice(list(WORDS))
        # Where an inbox changes hands or a person, only one of the two speaks: the truth stays clear.
        account = self.accounts[0] if self.kind == "two inboxes" else self.dice.choice(self.accounts)
        when = self.dice.randrange(1, ROUNDS - 1)
        if self.kind == "moves" and when >= self.moves:
            return []
        # Who is forgotten takes a no along, and to the placeholder's many accounts it is another's.
        if (self.erased and self.erased[1] == account) or self.kind in ("merged erased", "placeholder"):
            return []
        return [(when, kind, account)]

    def event(self, kind, account, when, number, **more):
        """As JSON: of 100,000 people all are kept."""
        return json.dumps({"id": f"{kind}-{self.number}-{number}", "type": kind, "time": NOW,
                           "customer": more.pop("customer", None) or self.person(account, when),
                           **more})

    def orders(self):
        """(round, event) of all orders: up to six, under any account; of a placeholder one each."""
        count = 1
        while count < 6 and self.dice.random() < 0.55:
            count += 1
        placeholder = self.kind == "placeholder"
        for n in range(len(self.accounts) if placeholder else count):
            when = self.dice.randrange(ROUNDS)
            account = self.accounts[n] if placeholder else self.dice.choice(self.accounts)
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

    def told_erasure(self):
        if self.erased:
            when, account = self.erased
            yield when, self.event("customer.erased", account, when, 0, customer={"id": account})

    def told_words(self):
        """(round, event, Said) of what is said in events; a click needs a mail first."""
        for when, kind, account in self.sayings:
            inbox, classes, who = self.home(account, when), WORDS[kind], {"id": account}
            if min(self.told[account], default=when) >= when:  # nobody could know whose inbox it is
                if self.kind == "two inboxes" and when >= self.merges[0][0]:
                    continue
                who["email"] = inbox
                self.told[account].add(when)
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
        many = min(PLACEHOLDERS, people // PEOPLE_TO_A_PLACEHOLDER)
        self.households.append(Household(people, dice, "placeholder", many))
        self.rounds = [[] for _ in range(ROUNDS)]
        self.clicks = [[] for _ in range(ROUNDS)]
        for house in self.households:
            for when, event in (*house.told_orders, *house.told_merges(), *house.told_move(),
                                *house.told_erasure()):
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
