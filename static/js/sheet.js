// The bottom sheet of narrow screens, with three stops: the handle with the count, half, full.
// The handle is a button: each press goes to the next stop, so that dragging is never needed.

const STOPS = ["handle", "half", "full"];
const HALF = 0.4;
const DRAG_PX = 6;

export class Sheet {
  /** `moved(covered)` hears how many pixels of the map the sheet covers. */
  constructor({ panel, handle, moved }) {
    Object.assign(this, { panel, handle, moved, stop: "half" });
    this.narrow = matchMedia("(max-width: 1023px)");
    this.narrow.addEventListener("change", () => this.go(this.stop));
    addEventListener("resize", () => this.go(this.stop));
    handle.addEventListener("pointerdown", (event) => this.#drag(event));
    handle.addEventListener("click", () => this.#next());
    this.go("half");
  }

  /** How many pixels of the map are covered now. */
  get covered() {
    return this.narrow.matches ? Math.min(this.#height(this.stop), this.#height("half")) : 0;
  }

  go(stop) {
    this.stop = stop;
    this.panel.dataset.stop = stop;
    this.panel.style.height = this.narrow.matches ? `${this.#height(stop)}px` : "";
    this.handle.setAttribute("aria-expanded", String(stop !== "handle"));
    this.moved(this.covered);
  }

  /** Opens at least half, so that what was asked for can be seen. */
  open() {
    if (this.stop === "handle") this.go("half");
  }

  #height(stop) {
    const room = this.panel.parentElement.clientHeight;
    if (stop === "handle") return this.handle.offsetHeight + 56;
    return stop === "half" ? Math.round(room * HALF) : room;
  }

  #next() {
    if (this.dragged) return;
    this.go(STOPS[(STOPS.indexOf(this.stop) + 1) % STOPS.length]);
  }

  #drag(start) {
    const from = this.panel.offsetHeight;
    this.dragged = false;
    const follow = (event) => {
      const by = start.clientY - event.clientY;
      if (Math.abs(by) > DRAG_PX) this.dragged = true;
      if (this.dragged) this.panel.style.height = `${Math.max(48, from + by)}px`;
    };
    const end = () => {
      this.handle.removeEventListener("pointermove", follow);
      if (this.dragged) this.go(this.#nearest(this.panel.offsetHeight));
    };
    this.handle.setPointerCapture(start.pointerId);
    this.handle.addEventListener("pointermove", follow);
    this.handle.addEventListener("pointerup", end, { once: true });
    this.handle.addEventListener("pointercancel", end, { once: true });
  }

  #nearest(height) {
    const away = (stop) => Math.abs(this.#height(stop) - height);
    return STOPS.reduce((best, stop) => (away(stop) < away(best) ? stop : best));
  }
}
