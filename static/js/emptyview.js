// What stands on the map when nothing does: why, and the ways out.

import { isPoint } from "./catalogue.js";
import { el, fill } from "./dom.js";
import { isInside } from "./geometry.js";
import { t } from "./i18n.js";
import { filtersOf, withoutFilters } from "./state.js";

/** Why nothing is there, and which ways lead out of it. */
const KINDS = {
  country: { words: "empty.country", ways: ["clear"] },
  nothing: { words: "empty.nothing", ways: [] },
  filtered: { words: "empty.filtered", ways: ["country", "clear"] },
  view: { words: "empty.view", ways: ["country"] },
};

export class EmptyView {
  /**
   * `bounds()` is the bbox in view, `isEmpty(bbox)` whether no mark of the layers shown lies in it (null: not known yet);
   * `isTold()` whether the list beside it says it; `showCountry()` goes to the whole country, `leave()` puts the focus
   * back on the map.
   */
  constructor({ element, catalogue, store, announce, bounds, isEmpty, isTold, showCountry, leave }) {
    Object.assign(this, { element, catalogue, store, announce, bounds, isEmpty, isTold, showCountry, leave });
    Object.assign(this, { shown: null, moved: true });
    store.watch((state, before, cause) => (this.moved = cause === "move"));
  }

  /** Shows or takes away the message; as long as the view is not complete it stays as it is. */
  update() {
    const bbox = this.bounds();
    const empty = this.#isOfMarks() && this.isEmpty(bbox);
    if (empty === null) return;
    const kind = empty ? this.#kind(bbox) : null;
    if (kind === this.shown) return;
    this.shown = kind;
    this.#render();
  }

  /** An area that is shown covers the view: it is not empty, whatever lies in it. */
  #isOfMarks() {
    const layers = this.catalogue.known(this.store.state.layers);
    return layers.length > 0 && layers.every(isPoint);
  }

  #kind(bbox) {
    const filtered = this.#layers().some((id) => filtersOf(this.store.state, id).length);
    if (isInside(this.catalogue.country, bbox)) return filtered ? "country" : "nothing";
    return filtered ? "filtered" : "view";
  }

  #layers() {
    return this.store.state.layers;
  }

  #render() {
    this.element.hidden = !this.shown;
    if (!this.shown) return fill(this.element);
    const { words, ways } = KINDS[this.shown];
    const buttons = ways.map((name) => this.#way(name));
    fill(this.element, el("p", {}, t(words)), buttons.length ? el("div", { class: "empty-ways" }, buttons) : null);
    // What a filter or another layer gives is told by its number: an action is told once.
    if (this.moved && !this.isTold()) this.announce(t(words));
  }

  #way(name) {
    const words = { country: t("empty.showCountry"), clear: t("filters.clear") };
    const go = { country: () => this.showCountry(), clear: () => this.#clear() };
    // The button that was pressed goes with its message.
    const click = () => {
      this.leave();
      go[name]();
    };
    return el("button", { type: "button", class: "button small", on: { click } }, words[name]);
  }

  #clear() {
    const { state } = this.store;
    this.store.set(this.#layers().reduce(withoutFilters, { ...state, on: null }), "filters");
  }
}
