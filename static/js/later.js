// A part of the page that comes with the first wish for it: most visits never open most of them.

import { el, fill } from "./dom.js";
import { errorBox } from "./errorbox.js";
import { t } from "./i18n.js";

const NEARING = ["pointerenter", "pointerdown", "focusin"];

export class Later {
  /** `load()` promises the module, `make(module)` gives the part; `element` says so where it cannot be had. */
  constructor({ element, load, make }) {
    Object.assign(this, { element, load, make, made: null });
  }

  /** Has the module fetched when somebody comes near what opens the part, so that it is there when it is wanted. */
  fetchBefore(element) {
    const fetch = () => this.load().catch(() => {}); // Asked for again, and said, when it is wanted.
    for (const event of NEARING) element.addEventListener(event, fetch, { once: true, passive: true });
  }

  /** Promises the part, made at the first time; null where it cannot be had. */
  async open() {
    if (!this.coming) fill(this.element, el("p", { class: "hint" }, t("loading")));
    this.coming ??= this.#fetched();
    const module = await this.coming;
    if (module) this.made ??= this.make(module);
    else this.coming = null;
    return this.made;
  }

  async #fetched() {
    try {
      return await this.load();
    } catch {
      this.element.hidden = false;
      fill(
        this.element,
        errorBox({ offline: true }, () => location.reload()),
      );
      return null;
    }
  }
}
