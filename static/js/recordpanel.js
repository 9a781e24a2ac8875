// The selected record: it slides over the panel, never over the map.

import { directions, positionOf } from "./directions.js";
import { el, fill, icon } from "./dom.js";
import { errorBox } from "./errorbox.js";
import { inItsLanguage, inLanguage, langOf, language, t } from "./i18n.js";
import { date } from "./numbers.js";
import { getJson, isAbort, latest } from "./request.js";
import { token } from "./tokens.js";

export class RecordPanel {
  /** `shown(record)` hears of each record that is open, `closed()` of its end. */
  constructor({ element, store, shown, closed, share }) {
    Object.assign(this, { element, store, shown, closed, share, record: null });
    this.signal = latest();
    store.watch((state, before) => {
      if (state.select !== before.select) this.#follow(state.select);
    });
    element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    if (store.state.select) this.#follow(store.state.select);
  }

  /** Closes the record; the focus goes back to where it was opened. */
  close() {
    this.store.update({ select: null }, "select");
  }

  #follow(select) {
    if (!select) return this.#hide();
    if (this.element.hidden) this.opener = document.activeElement;
    this.#load(select);
  }

  #hide() {
    const inside = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.record = null;
    this.closed();
    if (inside) this.#opener()?.focus();
  }

  // The list may have been drawn anew since: then its new card of the same record, or else the tab in use.
  #opener() {
    if (this.opener?.isConnected && this.opener !== document.body) return this.opener;
    const card = this.opener?.dataset.record && document.querySelector(`[data-record="${this.opener.dataset.record}"]`);
    return card || document.querySelector("[role=tab][aria-selected=true]");
  }

  async #load({ layer, id }) {
    this.element.hidden = false;
    fill(this.element, this.#bar(), skeleton());
    try {
      const on = this.store.state.on;
      const day = on ? `&on=${on}` : "";
      const record = await getJson(`/${layer}/${id}.json?lang=${language()}${day}`, { signal: this.signal() });
      this.record = record;
      this.#show(record);
    } catch (error) {
      if (!isAbort(error))
        fill(
          this.element,
          this.#bar(),
          errorBox(error, () => this.#load({ layer, id })),
        );
    }
  }

  #bar() {
    return el(
      "div",
      { class: "record-bar" },
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("record.close"), on: { click: () => this.close() } },
        icon("back"),
      ),
      el("span", {}, t("record.back")),
    );
  }

  #show(record) {
    const title = el("h2", { class: "record-title", tabindex: "-1", lang: langOf(record.title) }, record.title);
    fill(
      this.element,
      this.#bar(),
      el(
        "div",
        { class: "record-body" },
        title,
        record.subtitle ? el("p", { class: "record-subtitle" }, record.subtitle) : null,
        record.withheld ? el("p", { class: "hint" }, record.withheld) : null,
        this.#actions(record),
        (record.sections ?? []).map((one) => section(one, this.store.state.on, record.links?.report ?? "/report")),
        el(
          "p",
          { class: "hint" },
          `${t("record.day", { day: date(record.day) })} · `,
          el("a", { href: inLanguage(record.links?.report ?? "/report") }, t("record.wrong")),
        ),
      ),
    );
    title.focus({ preventScroll: true });
    this.shown(record);
  }

  #actions(record) {
    const go = record.links?.geo;
    return el(
      "div",
      { class: "actions" },
      go ? directions(positionOf(go), { primary: true, name: record.title }) : null,
      record.links?.page
        ? el(
            "a",
            { class: go ? "button" : "button primary", href: inLanguage(record.links.page) },
            icon("page"),
            t("record.page"),
          )
        : null,
      el(
        "button",
        {
          type: "button",
          class: "button icon-only",
          "aria-label": t("record.share"),
          title: t("record.share"),
          on: { click: this.share },
        },
        icon("share"),
      ),
    );
  }
}

function section({ title, rows = [], table = null }, day, report) {
  return el(
    "section",
    { class: "record-section" },
    title ? el("h3", {}, title) : null,
    rows.length ? el("dl", {}, rows.map(row)) : null,
    table?.rows?.length ? tableOf(table, day) : null,
    table?.numbered ? numbered(report) : null,
  );
}

/** Which of several alike is the one before the reader only its number tells, and that is not public. */
function numbered(report) {
  return el(
    "p",
    { class: "hint" },
    `${t("record.numbered")} `,
    el("a", { href: inLanguage("/verify") }, t("record.checkNumber")),
    ` · ${t("record.doubtful")} `,
    el("a", { href: inLanguage(report) }, t("record.tell")),
  );
}

function row({ label, text, tone, note }) {
  const more = note ? el("p", { class: "hint" }, note) : null;
  const value = el("dd", {}, tone ? toned(text, tone) : inItsLanguage(text ?? "–"), more);
  return el("div", {}, el("dt", {}, label), value);
}

function toned(text, tone) {
  const element = el("span", { class: "badge" }, text);
  element.style.setProperty("--tone", `var(${token(tone)})`);
  return element;
}

function tableOf({ head, rows }, day) {
  return el(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": t("record.table") },
    el(
      "table",
      {},
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          head.map((text) => el("th", { scope: "col" }, text)),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map((cells) =>
          el(
            "tr",
            {},
            cells.map((cell) => el("td", {}, cellContent(cell, day))),
          ),
        ),
      ),
    ),
  );
}

/** A record that a cell names is shown of the day that the panel is of. */
function cellContent({ text, tone, href }, day) {
  if (href) return el("a", { href: inLanguage(day ? `${href}?on=${day}` : href) }, inItsLanguage(text || "…"));
  return tone ? toned(text, tone) : inItsLanguage(text);
}

function skeleton() {
  return el(
    "div",
    { class: "record-body skeleton", "aria-label": t("loading") },
    [1, 2, 3, 4, 5].map(() => el("span", {})),
  );
}
