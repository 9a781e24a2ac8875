"""Three ways to use a page: with a pointer, with the keyboard alone, and by what a screen reader is told.

A task is written once, against `Hand`; whoever does it finds controls by role and name as people do, never by selector.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import CDPSession, Error, Locator, Page, expect

# A page with a longer way to a control than this is not usable by the keyboard.
MOST_TABS = 120
SAID_WITHIN_MS, LISTENED_MS = 20_000, 1500
TOGGLES = ("checkbox", "radio", "switch")
Name = str | re.Pattern[str]


@dataclass
class Hand:
    """Does what a task says on a page, and counts what it costs: `clicks`, or `keys` where there is no pointer."""

    page: Page
    clicks: int = 0
    keys: int = 0

    def enter(self, role: str, name: Name, text: str) -> None:
        """Goes to a field and types."""
        raise NotImplementedError

    def press(self, role: str, name: Name, *, within: Locator | None = None) -> None:
        """Activates a control: the first with that role whose name holds those words."""
        raise NotImplementedError

    def choose(self, role: str, name: Name, option: str) -> None:
        """Chooses an option of a list."""
        raise NotImplementedError

    def submit(self) -> None:
        """Sends what was typed: the key that every keyboard has, on a phone too."""
        self.page.keyboard.press("Enter")

    def found(self, role: str, name: Name, within: Locator | None = None) -> Locator:
        """The control, once it is there."""
        where = within or self.page
        if role == "summary":  # it has no role of its own in HTML
            control = where.locator("summary").filter(has_text=name).first
        else:
            control = where.get_by_role(role, name=name).first  # type: ignore[arg-type]
        control.wait_for(state="attached")
        return control

    def read(self, words: Name, *, within: Locator | None = None) -> None:
        """The words stand on the page and can be seen."""
        said = (within or self.page.locator("body")).get_by_text(words).locator("visible=true").first
        expect(said).to_be_visible(timeout=SAID_WITHIN_MS)


class Pointer(Hand):
    """A mouse or a finger: each control touched is one click, a field to type into as well."""

    def enter(self, role: str, name: Name, text: str) -> None:
        control = self.found(role, name)
        self._click(control)
        control.fill("")
        self.page.keyboard.type(text)

    def press(self, role: str, name: Name, *, within: Locator | None = None) -> None:
        self._click(self.found(role, name, within))

    def choose(self, role: str, name: Name, option: str) -> None:
        self.clicks += 1
        self.found(role, name).select_option(label=option)

    def _click(self, control: Locator) -> None:
        control.click()
        self.clicks += 1


class Keyboard(Hand):
    """Tab, arrows, Enter, Space and letters, from where the page puts the focus; nothing is ever clicked."""

    def enter(self, role: str, name: Name, text: str) -> None:
        self._go_to(self.found(role, name))
        self._key("Control+a")
        self.page.keyboard.type(text)

    def press(self, role: str, name: Name, *, within: Locator | None = None) -> None:
        control = self.found(role, name, within)
        if role == "option":
            self._pick(control)
        elif role == "tab":
            self._switch(control)
        elif role == "radio":
            self._mark(control)
        else:
            self._go_to(control)
            self._key("Space" if role in TOGGLES else "Enter")

    def choose(self, role: str, name: Name, option: str) -> None:
        control = self.found(role, name)
        self._go_to(control)
        for _ in range(MOST_TABS):
            if control.locator("option:checked").inner_text() == option:
                return
            self._key("ArrowDown")
        raise AssertionError(f"{option} is not reached by the arrows")

    def _go_to(self, control: Locator) -> None:
        """Tabs until the control has the focus; fails where the way never leads there, or the focus cannot be seen."""
        for _ in range(MOST_TABS):
            if _is_focused(control):
                assert control.evaluate(_SHOWS_FOCUS), f"nobody sees that {control} has the focus"
                return
            self._key("Tab")
        raise AssertionError(f"{control} is not reached by {MOST_TABS} tabs")

    def _pick(self, option: Locator) -> None:
        """Arrows through the suggestions of the field in which the focus is."""
        for _ in range(MOST_TABS):
            if option.get_attribute("aria-selected") == "true":
                return self._key("Enter")
            self._key("ArrowDown")
        raise AssertionError(f"{option} is not reached by the arrows")

    def _switch(self, tab: Locator) -> None:
        """To a tab by its neighbours: only the chosen one of a row is reached by Tab."""
        self._go_to(tab.locator("xpath=..").get_by_role("tab", selected=True))
        for _ in range(MOST_TABS):
            if _is_focused(tab):
                return self._key("Enter")
            self._key("ArrowRight")
        raise AssertionError(f"{tab} is not reached by the arrows")

    def _mark(self, radio: Locator) -> None:
        """To a choice by its neighbours: Tab reaches a group once, the arrows choose in it."""
        name = radio.get_attribute("name")
        self._go_to(self.page.locator(f"input[type=radio][name='{name}']").first)
        self._key("Space")
        for _ in range(MOST_TABS):
            if radio.is_checked():
                return
            self._key("ArrowDown")
        raise AssertionError(f"{radio} is not reached by the arrows")

    def _key(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1


# A mark around the element, or around what it stands in, and something of it not behind anything else.
_SHOWS_FOCUS = """element => {
  const marked = (one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  const around = [element, element.parentElement, element.nextElementSibling].filter(Boolean);
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const spots = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const seen = spots.map(([x, y]) => document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y));
  return around.some(marked) && seen.some((one) => one && around.some((near) => near.contains(one)));
}"""


def _is_focused(control: Locator) -> bool:
    return control.evaluate("element => element === document.activeElement")


_LISTEN = """
(() => {
  window.heard = [];
  const lives = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]";
  const say = (node) => {
    const live = (node.nodeType === 1 ? node : node.parentElement)?.closest(lives);
    const text = live?.innerText.trim();
    if (text && live.checkVisibility()) heard.push(text.replace(/\\s+/g, " "));
  };
  new MutationObserver((changes) => new Set(changes.map(({ target }) => target)).forEach(say)).observe(document, {
    subtree: true, childList: true, characterData: true,
  });
})();
"""


@dataclass
class Reader(Hand):
    """Only what the accessibility tree says: roles, names, values and states; `spoken` keeps what was said.

    Controls are found in the tree that the browser hands to screen readers, and worked by its own focus and keys. What
    changes in a live region is said as it comes.
    """

    spoken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(_LISTEN)
        self.session: CDPSession = self.page.context.new_cdp_session(self.page)
        self.session.send("Accessibility.enable")

    def enter(self, role: str, name: Name, text: str) -> None:
        self._focus(role, name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.spoken.append(f"» {text}")
        self._hear()

    def press(self, role: str, name: Name, *, within: Locator | None = None) -> None:
        if role == "option":
            self._pick(name)
        else:
            self._focus(role, name)
            self.page.keyboard.press("Space" if role in TOGGLES else "Enter")
        if role in TOGGLES:
            self.spoken.append(_line(self._focused()))
        self._hear()

    def choose(self, role: str, name: Name, option: str) -> None:
        self._focus(role, name)
        for _ in range(MOST_TABS):
            control = self._focused()
            if _value(control, "value") == option:
                return self.spoken.append(_line(control))
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{option} is not said by the arrows")

    def submit(self) -> None:
        super().submit()
        self._hear()

    def read(self, words: Name, *, within: Locator | None = None) -> None:
        """Reads on from the main content until the words are said."""
        lines: list[str] = []
        for _ in range(40):
            lines = [said for node in self._tree() if (said := _line(node))]
            at = next((i for i, said in enumerate(lines) if _matches(words, said)), None)
            if at is not None:
                self.spoken += [said for said in lines[max(0, at - 2) : at + 3] if said not in self.spoken[-8:]]
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{words} is in no node of the accessibility tree: {lines}")

    def _pick(self, name: Name) -> None:
        self.found("option", name)
        for _ in range(MOST_TABS):
            self.page.keyboard.press("ArrowDown")
            chosen = next((node for node in self._tree() if _is(node, "option") and _property(node, "selected")), None)
            if chosen is not None:
                self.spoken.append(_line(chosen))
                if _matches(name, _value(chosen, "name")):
                    return self.page.keyboard.press("Enter")
        raise AssertionError(f"{name} is not said by the arrows")

    def _focus(self, role: str, name: Name) -> None:
        for _ in range(40):
            for node in self._tree():
                if _is(node, role) and _matches(name, _value(node, "name")):
                    self.session.send("DOM.focus", {"backendNodeId": node["backendDOMNodeId"]})
                    self.spoken.append(_line(node))
                    return
            self.page.wait_for_timeout(250)
        raise AssertionError(f"no {role} “{name}” in the accessibility tree")

    def _focused(self) -> dict:
        focused = [node for node in self._tree() if _property(node, "focused")]
        return focused[-1]  # the page itself is called focused too, and comes first

    def _tree(self) -> Iterator[dict]:
        """The nodes that are said, in reading order."""
        nodes = self.session.send("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in nodes}
        stack = [nodes[0]["nodeId"]]
        while stack:
            node = by_id[stack.pop()]
            stack += reversed([child for child in node.get("childIds", []) if child in by_id])
            if not node.get("ignored"):
                yield node

    def _hear(self) -> None:
        """What live regions said since, once the page has come to rest."""
        self.page.wait_for_timeout(LISTENED_MS)
        self.page.wait_for_load_state()
        with suppress(Error):  # the next page is on its way, and says its own
            told = self.page.evaluate("(window.heard ?? []).splice(0)")
            self.spoken += [f"(( {text} ))" for text in dict.fromkeys(told)]


_ROLES = {
    "button": "nút",
    "combobox": "ô tìm có gợi ý",
    "searchbox": "ô tìm",
    "textbox": "ô nhập",
    "option": "gợi ý",
    "heading": "tiêu đề",
    "radio": "nút chọn",
    "tab": "thẻ",
    "region": "vùng",
    "term": "mục",
    "link": "liên kết",
    "DisclosureTriangle": "nút mở",
    "ComboBoxSelect": "danh sách chọn",
}
# Names that Chromium has of its own for what HTML has.
_SAME = {"ComboBoxSelect": "combobox", "ListBoxOption": "option", "DisclosureTriangle": "summary"}
# What is said by what stands inside.
_SILENT = (
    "generic",
    "none",
    "InlineTextBox",
    "LineBreak",
    "RootWebArea",
    "paragraph",
    "list",
    "listitem",
    "ListMarker",
)


def _line(node: dict) -> str:
    """What a screen reader says of the node: its name, what it is, its state; "" for what only holds others."""
    role, name = _value(node, "role"), _value(node, "name")
    if role in _SILENT or not name:
        return ""
    said = [
        name,
        _ROLES.get(role, "" if role == "StaticText" else role),
        _value(node, "value"),
        _value(node, "description"),
    ]
    states = {"expanded": ("đang mở", "đang đóng"), "checked": ("đã chọn", "chưa chọn"), "pressed": ("bật", "tắt")}
    for state, (yes, no) in states.items():
        held = _property(node, state)
        if held is not None:
            said.append(yes if held in (True, "true") else no)
    return ", ".join(part for part in said if part)


def _value(node: dict, name: str) -> str:
    return str(node.get(name, {}).get("value", "") or "")


def _property(node: dict, name: str) -> object:
    return next((one["value"].get("value") for one in node.get("properties", []) if one["name"] == name), None)


def _is(node: dict, role: str) -> bool:
    said = _value(node, "role")
    return role in (said, _SAME.get(said))


def _matches(words: Name, text: str) -> bool:
    return bool(words.search(text)) if isinstance(words, re.Pattern) else words.lower() in text.lower()
