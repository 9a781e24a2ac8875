// A part of the page that comes with the first wish for it: most visits never open most of them.

import { fill } from "./dom.js";
import { errorBox } from "./errorbox.js";

export class Later {
  /** `load()` promises the module, `make(module)` gives the part; `element` says so where it cannot be had. */
  constructor({ element, load, make }) {
    Object.assign(this, { element, load, make, made: null });
  }

  /** Has the module fetched, so that the part opens at once when it is wanted. */
  fetch() {
    this.load().catch(() => {}); // Asked for again, and said, when it is wanted.
  }

  /** Promises the part, made at the first time; null where it cannot be had. */
  async open() {
    this.coming ??= this.load().then((module) => (this.made = this.make(module)));
    try {
      return await this.coming;
    } catch {
      this.coming = null;
      this.element.hidden = false;
      fill(
        this.element,
        errorBox({ offline: true }, () => location.reload()),
      );
      return null;
    }
  }
}
