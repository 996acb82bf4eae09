"""Somebody at a browser without JavaScript: reads pages, follows links, fills forms in. Each page is looked over."""

import re
from collections import Counter

from lxml import html
from werkzeug.test import Client

_IN_LINE = re.compile(r"\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
_LABELLED = ("input", "select", "textarea")


class Persona:
    """A browser: it keeps cookies, and follows where it is sent."""

    def __init__(self, app):
        self.client = Client(app)
        self.page = None  # the last answer

    def get(self, address, status=200):
        """Open a page, and look it over."""
        self.page = self.client.get(address, follow_redirects=True)
        assert self.page.status_code == status, self.page.text
        if self.page.mimetype == "text/html" and status == 200:
            look_over(self.page.text)
        return self.page

    @property
    def doc(self):
        """Give the page as a tree."""
        return html.fromstring(self.page.text)

    @property
    def text(self):
        """Give what can be read of the page, blanks as one."""
        return " ".join(self.doc.find(".//main").text_content().split())

    @property
    def csrf(self):
        """Give the word that the page's forms are sent with."""
        return next(form.fields["csrf"] for form in self.doc.forms if form.method == "POST")

    def rows(self):
        """Give the rows of the first table as lists of texts."""
        return [
            [" ".join(cell.text_content().split()) for cell in row]
            for row in self.doc.iterfind(".//main//table[1]/tbody/tr")
        ]

    @property
    def _here(self):
        asked = self.page.request
        query = asked.query_string.decode() if isinstance(asked.query_string, bytes) else asked.query_string
        return f"{asked.path}?{query}" if query else asked.path

    def submit(self, button, status=200, files=None, **fields):
        """Fill in and send the form that has a button of that text; fields must be its own."""
        [form] = [f for f in self.doc.forms if button in [_text(b) for b in f.iter("button")]]
        values = dict(form.form_values())
        [pressed] = [b for b in form.iter("button") if _text(b) == button][:1]
        if pressed.get("name"):
            values[pressed.get("name")] = pressed.get("value", "")
        known = {e.get("name") for e in form.iter(*_LABELLED)}
        assert set(fields) | set(files or {}) <= known, f"the form has {known}"
        values |= fields | (files or {})
        address = pressed.get("formaction") or form.action or self._here
        if form.method == "POST":
            self.page = self.client.post(address, data=values, follow_redirects=True)
        else:
            address = address.partition("?")[0]  # what is sent takes the place of what was asked
            self.page = self.client.get(address, query_string=values, follow_redirects=True)
        assert self.page.status_code == status, self.page.text
        if self.page.mimetype == "text/html" and status == 200:
            look_over(self.page.text)
        return self.page


def look_over(page):
    """Hold a page to what every page keeps: nothing in line, nothing from elsewhere, labels, one h1, unique ids."""
    doc = html.fromstring(page)
    assert doc.get("lang") == "es-AR"
    assert not _IN_LINE.search(re.sub(r">[^<]*<", "><", page)), "something in line"
    assert [script for script in doc.iter("script") if not script.get("src")] == []
    addresses = [e.get(a) for e in doc.iter() for a in ("src", "href", "action", "hx-get", "hx-post") if e.get(a)]
    assert [a for a in addresses if re.match(r"[a-z]+:|//", a)] == []
    assert len(list(doc.iter("h1"))) == 1
    assert [i for i, n in Counter(e.get("id") for e in doc.iter() if e.get("id")).items() if n > 1] == []
    named = {label.get("for") for label in doc.iter("label")}
    bare = [e for e in doc.iter(*_LABELLED) if e.get("type") not in {"hidden", "submit"} and e.get("id") not in named]
    assert [e.get("name") for e in bare if not e.get("aria-label") and not list(e.iterancestors("label"))] == []
    posts = [f for f in doc.forms if f.method == "POST"]
    assert [f.action for f in posts if "csrf" not in f.fields] == []


def _text(element):
    return " ".join(element.text_content().split())
