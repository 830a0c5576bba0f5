#!/usr/bin/env python3
"""The demo's page has one mail of each kind, and the catcher lists after a restart what it counts.

usage: demo_mails.py [BUILD] [--libs DIR]

Needs neither broker nor Redis: the mail catcher is told mails as the email-sender writes them,
is started again on the same directory, and deploy/demo/show_mails.py makes its page of them.
"""
import pathlib
import smtplib
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build")

MAIL = ("From: care@shop.example\r\nTo: {to}\r\nSubject: {subject}\r\n"
        "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\nFeedback-ID: {feedback}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\n\r\n<p>{subject}</p>\r\n")
# What the shop's templates are: one subject alike in all, and one that is nothing but a variable.
TEMPLATES = {"thanks": "Thank you", "tips": "{{order.product}}", "birthday": "Thank you"}
SENT = [("ann@mail.example", "Thank you", "first-order:care:thanks:shop.example"),
        ("bob@mail.example", "Thank you", "birthdays:care:birthday:shop.example"),
        ("bob@mail.example", "Thank you", "first-order:care:thanks:shop.example"),
        ("cem@mail.example", "Swift 14", "tips-after:care:tips:shop.example"),
        ("dee@mail.example", "Swift 14", "come-back:promotion:warm:shop.example"),
        ("eve@mail.example", "Swift 14", "come-back:promotion:../x:shop.example"),
        ("fay@mail.example", "Thank you", "none")]
KINDS = ["birthday", "come-back-warm", "thanks", "tips"]


def equal(found, expected, what):
    if found != expected:
        sys.exit(f"demo_mails.py: {what}: found {found!r}, expected {expected!r}")


class Catcher:
    def __init__(self, directory):
        self.process = subprocess.Popen([BUILD / "tests/tools/mail_catcher", "--dir", directory,
                                         "--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, text=True)
        smtp, http = self.process.stdout.readline().split()
        self.smtp = int(smtp.rpartition(":")[2])
        self.http = int(http.partition("=")[2])

    def page(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=10) as answer:
            return answer.read().decode()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def send(port):
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        for to, subject, feedback in SENT:
            server.sendmail("care@shop.example", [to],
                            MAIL.format(to=to, subject=subject, feedback=feedback))


def check_list(catcher):
    equal(catcher.page("/count").strip(), str(len(SENT)), "the count")
    page = catcher.page("/")
    equal(page.count("<tr><td>"), len(SENT), "mails on the page")
    for number, (to, _, feedback) in enumerate(SENT, 1):
        equal(f"<td>{to}" in page, True, f"{to} on the page")
        equal(f"Feedback-ID: {feedback}" in catcher.page(f"/raw/{number}"), True,
              f"mail {number} as it came")


def show(directory, out):
    templates = out / "templates"
    templates.mkdir(parents=True)
    for name, subject in TEMPLATES.items():
        (templates / f"{name}.subject.mustache").write_text(subject)
    result = subprocess.run([sys.executable, ROOT / "deploy/demo/show_mails.py", directory,
                             templates, out], capture_output=True, text=True, check=False)
    equal((result.returncode, result.stderr), (0, ""), "show_mails.py")
    equal(result.stdout.strip(), f"{len(KINDS)} kinds of mail: {', '.join(KINDS)}", "the kinds")
    equal(sorted(path.stem for path in (out / "mails").glob("*.eml")), KINDS, "a file of each")
    equal((out / "mail.html").read_text().count("<iframe"), len(KINDS), "the page shows each")


def main():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name) / "mails"
        catcher = Catcher(directory)
        try:
            send(catcher.smtp)
            check_list(catcher)
            catcher.stop()
            catcher = Catcher(directory)
            check_list(catcher)
        finally:
            catcher.stop()
        show(directory, pathlib.Path(name) / "out")
    print("demo_mails.py: ok")


if __name__ == "__main__":
    main()
