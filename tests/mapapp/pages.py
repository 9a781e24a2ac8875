"""A page as its reader meets it: parsed, with the few questions that the tests of pages ask."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

VOID = {"meta", "link", "img", "input", "source", "br", "hr"}


class Page(HTMLParser):
    """What a page holds: its words (`said`: each with its language), addresses, elements by name and ids."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.source = response.content.decode()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.words: list[str] = []
        self.tongues: list[str] = [""]
        self.said: list[tuple[str, str]] = []
        self.feed(self.source)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.tongues.append(dict(attrs).get("lang") or self.tongues[-1])

    def handle_endtag(self, tag: str) -> None:
        if len(self.tongues) > 1:
            self.tongues.pop()
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "body" in self.open and "script" not in self.open:
            self.said.append((self.tongues[-1], data.strip()))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that name that has these attributes."""
        found = (attrs for name, attrs in self.elements if name == tag)
        return [attrs for attrs in found if attributes.items() <= attrs.items()]

    @property
    def links(self) -> list[str]:
        return [attrs["href"] or "" for attrs in self.all("a") if "href" in attrs]

    @property
    def fetched(self) -> list[str]:
        """Addresses that a browser asks for by itself: not those that a page only names."""
        links = (attrs for attrs in self.all("link") if attrs.get("rel") not in ("canonical", "alternate"))
        sources = [attrs.get("src") for name, attrs in self.elements if name in ("script", "img", "iframe")]
        return [address for address in (*sources, *(attrs.get("href") for attrs in links)) if address]


def page(client: Client, address: str, *, status: int = 200) -> Page:
    """The page at that address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status, f"{address} answered {response.status_code}"
    return Page(response)
