"""A person's browser, as far as a page without scripts needs one: forms, fields, buttons."""
import html
import html.parser
import re
import urllib.parse

import shop


class Form:
    def __init__(self):
        self.fields, self.buttons = [], []

    def body(self, button=None, untick=(), tick=(), **choose):
        """What pressing it sends, after ticking boxes and choosing in lists and lines."""
        sent = [(n, v) for kind, n, v, on in self.fields
                if (kind == "checkbox" and (v in tick or (on and v not in untick)))
                or (kind not in ("checkbox", "option", "line"))]
        for name in dict.fromkeys(n for kind, n, _, _ in self.fields if kind == "option"):
            options = [(v, on) for kind, n, v, on in self.fields if kind == "option" and n == name]
            chosen = choose.pop(name, next((v for v, on in options if on), options[0][0]))
            assert chosen in [v for v, _ in options], f"{name}: {chosen} is not in {options}"
            sent.append((name, chosen))
        sent += [(n, choose.pop(n, "")) for kind, n, _, _ in self.fields if kind == "line"]
        assert not choose, f"no field for {choose}"
        if button:
            assert button in self.buttons, f"no button {button} in {self.buttons}"
            sent.append(("do", button))
        return urllib.parse.urlencode(sent)


class Page(html.parser.HTMLParser):
    """One answer, read."""

    def __init__(self, url, status, text, headers):
        super().__init__()
        self.url, self.status, self.raw, self.headers = url, status, text, headers
        self.forms, self.select, self.tags, self.language = [], None, set(), None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        self.tags.add(tag)
        if tag == "html":
            self.language = has.get("lang")
        elif tag == "form":
            self.forms.append(Form())
        elif tag == "select":
            self.select = has["name"]
        elif tag == "option":
            self.forms[-1].fields.append(("option", self.select, has["value"], "selected" in has))
        elif tag == "button" and has.get("name") == "do":
            self.forms[-1].buttons.append(has["value"])
        elif tag == "input":
            kind = has.get("type", "text")
            self.forms[-1].fields.append((kind if kind in ("hidden", "checkbox") else "line",
                                          has["name"], has.get("value", ""), "checked" in has))

    @property
    def text(self):
        """Without tags, blanks as one."""
        body = self.raw.split("</head>")[-1]
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body)))

    def ticked(self):
        return {v for form in self.forms for kind, n, v, on in form.fields
                if kind == "checkbox" and on}

    def press(self, button, **how):
        form = next(form for form in self.forms if button in form.buttons)
        return send(self.url, form.body(button, **how))


def show(url, **headers):
    return Page(url, *shop.ask(url, **headers))


def send(url, body, kind="application/x-www-form-urlencoded"):
    return Page(url, *shop.ask(url, "POST", body.encode(), kind))
