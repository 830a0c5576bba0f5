#!/usr/bin/env python3
"""Mail servers that fail in every way at every state, and what becomes of the mail.

usage: mail_hostile.py [BUILD]

Each line of the tables is a state of the dialogue, a fault, and the whole life
of a mail: what was not accepted is tried again or rejected; what may have been
accepted is in doubt, and of the class promotion never sent twice; nothing
takes longer than its time limits; under a TLS that is required nothing is said
in clear, and nothing that was said in clear is believed.
"""
import concurrent.futures
import os
import subprocess
import sys
import tempfile
import time

import hostile_server
import name_server

# What a mail costs at most: an attempt that meets its limits at each state, and a good one.
SECONDS_MAX = 12

#  state, fault -> the mail's life, mails stored; the class is promotion
FAULTS = """
banner    hang        deferred:retry sent       1
banner    shut        deferred:retry sent       1
banner    slow        deferred:retry sent       1
banner    late        deferred:retry sent       1
banner    temporary   deferred:retry sent       1
banner    permanent   deferred:retry sent       1
banner    busy        deferred:slowed sent      1
banner    multiline   sent                      1
banner    nonsense    deferred:retry sent       1
banner    endless     deferred:retry sent       1
ehlo      hang        deferred:retry sent       1
ehlo      shut        deferred:retry sent       1
ehlo      slow        deferred:retry sent       1
ehlo      late        deferred:retry sent       1
ehlo      temporary   sent                      1
ehlo      permanent   sent                      1
ehlo      busy        deferred:slowed sent      1
ehlo      endless     deferred:retry sent       1
mail      hang        deferred:retry sent       1
mail      shut        deferred:retry sent       1
mail      slow        deferred:retry sent       1
mail      late        deferred:retry sent       1
mail      temporary   deferred:retry sent       1
mail      permanent   rejected                  0
mail      busy        deferred:slowed sent      1
mail      multiline   deferred:retry sent       1
mail      nonsense    deferred:retry sent       1
mail      bare        deferred:retry sent       1
mail      endless     deferred:retry sent       1
mail      login       deferred:blocked sent     1
mail      policy      deferred:blocked sent     1
mail      lax         rejected                  0
mail      no_shut     rejected                  0
mail      no_busy     rejected                  0
rcpt      hang        deferred:retry sent       1
rcpt      shut        deferred:retry sent       1
rcpt      slow        deferred:retry sent       1
rcpt      late        deferred:retry sent       1
rcpt      temporary   deferred:retry sent       1
rcpt      permanent   rejected                  0
rcpt      busy        deferred:slowed sent      1
rcpt      multiline   deferred:retry sent       1
rcpt      nonsense    deferred:retry sent       1
rcpt      endless     deferred:retry sent       1
rcpt      nobody      bounced rejected          0
rcpt      policy      deferred:blocked sent     1
rcpt      greylist    deferred:greylisted sent  1
rcpt      lax         bounced rejected          0
rcpt      no_shut     bounced rejected          0
rcpt      no_busy     bounced rejected          0
data      hang        deferred:retry sent       1
data      shut        deferred:retry sent       1
data      slow        deferred:retry sent       1
data      late        deferred:retry sent       1
data      temporary   deferred:retry sent       1
data      permanent   rejected                  0
data      busy        deferred:slowed sent      1
data      multiline   deferred:retry sent       1
data      nonsense    deferred:retry sent       1
data      early       deferred:retry sent       1
dot       hang        in_doubt                  1
dot       shut        in_doubt                  1
dot       shut_unstored  in_doubt               0
dot       slow        in_doubt                  1
dot       late        in_doubt                  1
dot       temporary   deferred:retry sent       1
dot       permanent   rejected                  0
dot       busy        deferred:slowed sent      1
dot       policy      deferred:blocked sent     1
dot       multiline   in_doubt                  1
dot       nonsense    in_doubt                  1
dot       bare        in_doubt                  1
dot       endless     in_doubt                  1
quit      hang        sent                      1
quit      shut        sent                      1
quit      late        sent                      1
quit      slow        sent                      1
quit      temporary   sent                      1
quit      nonsense    sent                      1
quit      endless     sent                      1
"""

# What nobody can say no to is sent again, as the same Message-ID.
DOUBTED = """
dot       hang        deferred:retry sent       2
dot       shut        deferred:retry sent       2
dot       shut_unstored  deferred:retry sent    1
dot       slow        deferred:retry sent       2
dot       late        deferred:retry sent       2
dot       multiline   deferred:retry sent       2
dot       endless     deferred:retry sent       2
dot       permanent   rejected                  0
"""

# The mail before was refused; a piece of it may be left over.
RESET = """
rset      hang        deferred:retry sent       1
rset      shut        sent                      1
rset      slow        deferred:retry sent       1
rset      late        deferred:retry sent       1
rset      temporary   sent                      1
rset      permanent   sent                      1
rset      busy        sent                      1
rset      multiline   deferred:retry sent       1
rset      nonsense    deferred:retry sent       1
"""

# With a login, on a server that needs no TLS: this machine.
AUTH = """
auth      hang        deferred:retry sent       1
auth      shut        deferred:retry sent       1
auth      slow        deferred:retry sent       1
auth      late        deferred:retry sent       1
auth      temporary   deferred:retry sent       1
auth      login       deferred:blocked sent     1
auth      busy        deferred:slowed sent      1
auth      nonsense    deferred:retry sent       1
"""

# TLS is required, and there is a login to steal.
STARTTLS = """
nowhere   none        sent                      1
starttls  strip       deferred:retry sent       1
starttls  inject      deferred:retry sent       1
starttls  plain       deferred:retry sent       1
starttls  hang        deferred:retry sent       1
starttls  shut        deferred:retry sent       1
starttls  temporary   deferred:retry sent       1
starttls  permanent   deferred:retry sent       1
starttls  busy        deferred:slowed sent      1
starttls  nonsense    deferred:retry sent       1
auth      login       deferred:blocked sent     1
rcpt      nobody      bounced rejected          0
dot       late        in_doubt                  1
dot       shut        in_doubt                  1
"""

passed, failed = 0, 0


def check(holds, what, found=""):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"  FAIL  {what}: {found}", flush=True)


def rows(table):
    for line in table.strip().splitlines():
        state, fault, *life, stored = line.split()
        yield state, fault, " ".join(life), int(stored)


def attempt(build, url, name, *options):
    """(the mail's life, what was said about it, seconds)"""
    begun = time.time()
    done = subprocess.run([os.path.join(build, "tests/tools/mail_attempt"), url, name, *options],
                          capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"), check=False)
    # Of the mail before it only the first line speaks.
    return done.stdout.strip().splitlines()[-1:] or [f"exit {done.returncode}"], done.stderr, \
        time.time() - begun


def judge(what, server, row, answer, in_clear):
    state, fault, life, stored = row
    found, said, seconds = answer
    what = f"{what}: {state} {fault}"
    check(found == [life], what, f"expected \"{life}\", found {found}; {said}")
    check(len(server.stored) == stored, f"{what}: stored", f"{len(server.stored)}, expected {stored}")
    check(len(set(server.stored)) <= 1, f"{what}: one Message-ID", server.stored)
    check(seconds < SECONDS_MAX, f"{what}: within the time limits", f"{seconds:.1f} s")
    if not in_clear:
        leaked = [line for line in server.clear if not line.upper().startswith(("EHLO", "STARTTLS", "QUIT"))]
        check(not leaked, f"{what}: nothing in clear", leaked)


def one(build, what, row, name, options, in_clear, **settings):
    state, fault = row[:2]
    server = hostile_server.Server(state, fault, **settings)
    user = ("user=me",) if settings.get("auth") else ()
    answer = attempt(build, f"smtp://localhost:{server.port}", name, *options, *user)
    server.close()
    judge(what, server, row, answer, in_clear)


def certificate(folder):
    """A key and a certificate for localhost in one file, and a certificate that nobody trusts."""
    path = os.path.join(folder, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", path + ".key", "-out", path + ".crt"], check=True, capture_output=True)
    with open(path, "w") as file:
        file.write(open(path + ".key").read() + open(path + ".crt").read())
    return path


def trust(build, pem):
    """A certificate that is not known, and what opportunistic TLS makes of it."""
    untrusted = hostile_server.Server(tls=pem, auth=True)
    found, _, _ = attempt(build, f"smtp://localhost:{untrusted.port}", "promotion", "tls=required",
                          "user=me")
    check(found == ["deferred:retry deferred:retry rejected"], "an unknown certificate", found)
    leaked = [line for line in untrusted.clear + untrusted.secured if line.startswith(("AUTH", "MAIL"))]
    check(not leaked, "an unknown certificate gets nothing", leaked)
    for fault, secured in (("none", True), ("strip", False), ("plain", False)):
        server = hostile_server.Server("starttls", fault, tls=pem, times=0 if fault == "none" else 9)
        found, said, _ = attempt(build, f"smtp://localhost:{server.port}", "promotion",
                                 "tls=opportunistic")
        check(found == ["sent"], f"opportunistic, {fault}", f"{found} {said}")
        check(any(line.startswith("MAIL") for line in server.secured) == secured,
              f"opportunistic, {fault}: under TLS {secured}", server.clear)


def direct(build):
    """The domains' own servers, found in the DNS."""
    good = hostile_server.Server(offers=("DSN",))
    records = {("mx.example", "MX"): [(20, "second.example"), (10, "first.example")],
               ("first.example", "A"): ["127.0.0.2"], ("second.example", "A"): ["127.0.0.1"],
               ("implicit.example", "A"): ["127.0.0.1"],
               ("null.example", "MX"): [(0, ".")],
               ("nowhere.example", "MX"): [(10, "gone.example")],
               ("literal.example", "MX"): [(10, "127.0.0.1")],
               ("empty.example", "TXT"): []}
    names = name_server.NameServer(records, broken=("broken.example",))
    mx = f"mx=127.0.0.1:{names.port}/{good.port}"
    gave_up = "deferred:retry deferred:retry "
    for domain, life in (("mx.example", "sent"), ("implicit.example", "sent"),
                         ("null.example", "bounced rejected"),
                         ("missing.example", gave_up + "bounced rejected"),
                         ("empty.example", gave_up + "bounced rejected"),
                         ("nowhere.example", gave_up + "bounced rejected"),
                         ("literal.example", gave_up + "bounced rejected"),
                         ("broken.example", gave_up + "rejected")):
        found, said, seconds = attempt(build, "mx:", "promotion", mx, f"to=ann@{domain}")
        check(found == [life], f"mx: {domain}", f"expected {life}, found {found}; {said}")
    check(len(good.stored) == 2, "mx: two are stored", good.stored)
    check(any("RET=HDRS ENVID=send-of-the-test" in line for line in good.clear), "DSN: MAIL", good.clear)
    check(any("NOTIFY=FAILURE,DELAY" in line for line in good.clear), "DSN: RCPT", good.clear)


def main():
    build, begun = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BUILD", "build"), time.time()
    with tempfile.TemporaryDirectory(prefix="nurture-hostile-") as folder, \
            concurrent.futures.ThreadPoolExecutor(12) as pool:
        pem = certificate(folder)
        under_tls = ("tls=required", f"ca={pem}.crt")
        jobs = [pool.submit(direct, build), pool.submit(trust, build, pem)]

        def all_of(table, what, name="promotion", options=(), in_clear=True, **settings):
            jobs.extend(pool.submit(one, build, what, row, name, options, in_clear, **settings)
                        for row in rows(table))
        all_of(FAULTS, "pipelining")
        all_of(FAULTS, "one by one", pipelining=False)
        all_of(DOUBTED, "transactional", "transactional")
        all_of(RESET, "after a refusal", options=("first=refused@customers.example",))
        all_of(AUTH, "login", auth=True)
        all_of(STARTTLS, "TLS", options=under_tls, in_clear=False, auth=True, tls=pem)
        for job in jobs:
            job.result()
    print(f"after {time.time() - begun:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
